//! The stages of two runs: added, removed, ended otherwise; slower or faster, if that is beyond [noise](super::noise).
//!
//! A stage is every `run_stage:<id>` and `run_step:<step>` span; in a run without any, the spans directly below the root
//! span stand for them. Several spans of one name count together: their durations are added up, so a retry makes a stage slower.

use std::fmt;

use hashbrown::HashMap;
use serde::Serialize;
use telensic_run::Visible;
use telensic_run::names::span::{STAGE_PREFIX, STEP_PREFIX};

use super::noise::{NoiseBasis, StageHistory};
use crate::Timeline;
use crate::timeline::{SpanState, SpanStatus};

/// A stage of one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StageTiming {
    /// How many spans it had; more than one is a retry, or a stage that runs in several places.
    pub spans: usize,
    /// How long they took together, in nanoseconds.
    pub duration_ns: u64,
    /// How many of them ended with an error.
    pub errors: usize,
    /// How many of them never ended.
    pub open: usize,
}

/// A stage in both runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageChange {
    /// The span's name.
    pub stage: String,
    /// In the first run; none if it has no such stage.
    pub a: Option<StageTiming>,
    /// In the second run.
    pub b: Option<StageTiming>,
    /// What became of it.
    pub change: StageVerdict,
    /// Beyond how many nanoseconds a difference counts.
    pub noise_ns: u64,
    /// What the noise was taken from.
    pub noise_basis: NoiseBasis,
}

/// What became of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StageVerdict {
    /// Only the second run has it.
    Added,
    /// Only the first run has it.
    Removed,
    /// It ended otherwise: with other errors, more or fewer attempts, or not at all.
    EndedOtherwise,
    /// It took longer, beyond noise.
    Slower,
    /// It took less long, beyond noise.
    Faster,
    /// It took as long, but for noise.
    Same,
}

impl StageVerdict {
    /// Whether it is a matter of how long the stage took, not of what it did.
    pub fn is_timing(self) -> bool {
        matches!(self, Self::Slower | Self::Faster)
    }
}

impl StageChange {
    /// By how much the second run took longer, in nanoseconds; negative if it was faster.
    pub fn difference_ns(&self) -> Option<i64> {
        let (a, b) = (self.a?.duration_ns, self.b?.duration_ns);
        Some(i64::try_from(b).unwrap_or(i64::MAX) - i64::try_from(a).unwrap_or(i64::MAX))
    }

    /// How many times as long the second run took.
    pub fn ratio(&self) -> Option<f64> {
        let (a, b) = (self.a?.duration_ns, self.b?.duration_ns);
        (a > 0).then(|| b as f64 / a as f64)
    }
}

/// All stages of both runs, in the order in which the first began them.
pub(super) fn compare(a: &Timeline, b: &Timeline, history: &StageHistory) -> Vec<StageChange> {
    let (in_a, in_b) = (of(a), of(b));
    let by_name = |stages: &[(String, StageTiming)]| -> HashMap<String, StageTiming> {
        stages.iter().cloned().collect()
    };
    let (known_a, known_b) = (by_name(&in_a), by_name(&in_b));
    let of_a = in_a
        .iter()
        .map(|(stage, timing)| change(stage, Some(*timing), known_b.get(stage).copied(), history));
    let added = in_b
        .iter()
        .filter(|(stage, _)| !known_a.contains_key(stage))
        .map(|(stage, timing)| change(stage, None, Some(*timing), history));
    of_a.chain(added).collect()
}

pub(super) fn change(
    stage: &str,
    a: Option<StageTiming>,
    b: Option<StageTiming>,
    history: &StageHistory,
) -> StageChange {
    let (noise_ns, noise_basis) = history.noise(stage, a.or(b).unwrap_or_default().duration_ns);
    let verdict = match (a, b) {
        (Some(a), Some(b)) if (a.errors, a.open, a.spans) != (b.errors, b.open, b.spans) => {
            StageVerdict::EndedOtherwise
        }
        (Some(a), Some(b)) if b.duration_ns > a.duration_ns.saturating_add(noise_ns) => StageVerdict::Slower,
        (Some(a), Some(b)) if a.duration_ns > b.duration_ns.saturating_add(noise_ns) => StageVerdict::Faster,
        (Some(_), Some(_)) => StageVerdict::Same,
        (Some(_), None) => StageVerdict::Removed,
        (None, _) => StageVerdict::Added,
    };
    StageChange {
        stage: stage.to_owned(),
        a,
        b,
        change: verdict,
        noise_ns,
        noise_basis,
    }
}

/// The stages of a run, in the order in which they began.
pub(super) fn of(timeline: &Timeline) -> Vec<(String, StageTiming)> {
    let is_stage = |name: &str| name.starts_with(STAGE_PREFIX) || name.starts_with(STEP_PREFIX);
    let has_stages = timeline
        .spans()
        .iter()
        .any(|span| is_stage(timeline.text(span.name)));
    let mut found: Vec<(String, StageTiming)> = Vec::new();
    let mut place = HashMap::new();
    for span in timeline.spans() {
        let name = timeline.text(span.name);
        let is_below_root = || {
            let parent = span.parent.map(|parent| timeline.span(parent));
            parent.is_some_and(|parent| parent.parent.is_none())
        };
        if !(has_stages && is_stage(name) || !has_stages && is_below_root()) {
            continue;
        }
        let index = *place.entry(span.name).or_insert_with(|| {
            found.push((name.to_owned(), StageTiming::default()));
            found.len() - 1
        });
        let timing = &mut found[index].1;
        timing.spans += 1;
        timing.duration_ns = timing.duration_ns.saturating_add(span.duration());
        timing.errors += usize::from(span.status == SpanStatus::Error);
        timing.open += usize::from(span.state == SpanState::Open);
    }
    found
}

impl fmt::Display for StageChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let took = |timing: Option<StageTiming>| Duration(timing.unwrap_or_default().duration_ns);
        write!(f, "{}: ", Visible(&self.stage))?;
        match self.change {
            StageVerdict::Added => return write!(f, "only in the second run ({})", took(self.b)),
            StageVerdict::Removed => return write!(f, "only in the first run ({})", took(self.a)),
            StageVerdict::EndedOtherwise => {
                let (a, b) = (self.a.unwrap_or_default(), self.b.unwrap_or_default());
                let counts = [
                    ("executed", a.spans, b.spans),
                    ("failed", a.errors, b.errors),
                    ("open", a.open, b.open),
                ];
                let changed = counts.iter().filter(|(_, before, after)| before != after);
                let told = changed.map(|(what, before, after)| format!("{what} {before} -> {after}"));
                return f.write_str(&told.collect::<Vec<_>>().join(", "));
            }
            StageVerdict::Slower => f.write_str("slower")?,
            StageVerdict::Faster => f.write_str("faster")?,
            StageVerdict::Same => f.write_str("as long, but for noise")?,
        }
        write!(f, ", {} -> {}", took(self.a), took(self.b))?;
        if let Some(ratio) = self.ratio() {
            write!(f, " ({:+.0} %)", (ratio - 1.0) * 100.0)?;
        }
        write!(f, "; noise by {}: {}", self.noise_basis, Duration(self.noise_ns))
    }
}

struct Duration(u64);

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3?}", std::time::Duration::from_nanos(self.0))
    }
}
