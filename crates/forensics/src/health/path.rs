//! The critical path by stage and by span name, and what the run would gain without each stage.

use serde::Serialize;

use super::Listed;
use super::stage_table::{StageRow, share};
use super::stages::Stages;
use crate::critical_path::{Change, CriticalPath, PathOptions, WhatIf};
use crate::timeline::{SpanIndex, Timeline};

/// The critical path of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PathReport {
    /// How long it is: as long as the root.
    pub duration_ns: u64,
    /// Of how many segments it consists.
    pub segments: u64,
    /// Its way from stage to stage, by time; `None` is outside of all stages.
    pub legs: Listed<PathShare>,
    /// Its time by span name, the most first.
    pub names: Listed<PathShare>,
}

/// A part of the path.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PathShare {
    /// The stage or span name.
    pub name: Option<String>,
    /// How long, in nanoseconds.
    pub time_ns: u64,
    /// That over the path's duration.
    pub share: f64,
}

/// How many spans are played at most to know what stages would gain: a run of thousands of stages, each of which would
/// have to be played through, has the ones with most time on the path.
const MOST_PLAYED: usize = 2_000_000;

impl PathReport {
    /// The path of this root; what it says of stages goes into their rows.
    pub(super) fn of(
        timeline: &Timeline,
        root: SpanIndex,
        options: PathOptions,
        stages: &Stages,
        rows: &mut [StageRow],
    ) -> Self {
        let path = CriticalPath::of(timeline, root, options);
        let duration = path.duration();
        let part = |name: Option<&str>, time| PathShare {
            name: name.map(str::to_owned),
            time_ns: time,
            share: share(time, duration),
        };
        let mut legs: Vec<(Option<usize>, u64)> = Vec::new();
        for segment in path.segments() {
            let stage = stages.around(segment.span);
            match legs.last_mut() {
                Some((last, time)) if *last == stage => *time += segment.duration(),
                _ => legs.push((stage, segment.duration())),
            }
        }
        let by_stage = path.time_by(|span| stages.around(span));
        fill_in(timeline, &path, options, stages, &by_stage, rows);
        let names = path.time_by(|span| timeline.span(span).name);
        Self {
            duration_ns: duration,
            segments: path.segments().len() as u64,
            legs: Listed::of(
                legs.into_iter()
                    .map(|(stage, time)| part(stage.map(|stage| stages.ids[stage].as_str()), time)),
            ),
            names: Listed::of(
                names
                    .into_iter()
                    .map(|(name, time)| part(Some(timeline.text(name)), time)),
            ),
        }
    }
}

/// What the path says of each stage. One that is not on it gains nothing: the path is as long without it.
fn fill_in(
    timeline: &Timeline,
    path: &CriticalPath,
    options: PathOptions,
    stages: &Stages,
    by_stage: &[(Option<usize>, u64)],
    rows: &mut [StageRow],
) {
    let mut played = 0;
    let what_if = WhatIf::new(timeline, path.root(), options);
    let wall = what_if.wall(&Change::remove(Vec::new()));
    for row in rows.iter_mut() {
        row.removal_gain_ns = Some(0);
    }
    for (stage, time) in by_stage {
        let Some(stage) = *stage else { continue };
        let Some(row) = rows.iter_mut().find(|row| row.id == stages.ids[stage]) else {
            continue;
        };
        row.path_ns = *time;
        row.removal_gain_ns = None;
        if played < MOST_PLAYED {
            let (without, spans) = what_if.play(&Change::remove(stages.executions[stage].clone()));
            row.removal_gain_ns = Some(wall.saturating_sub(without));
            // Each play marks every span as well, which costs about as much as playing an eighth of them.
            played += spans + timeline.spans().len() / 8;
        }
    }
}
