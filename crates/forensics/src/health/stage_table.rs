//! The stage table: how each stage ended, how long it took, where it ran, how often it was tried.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::attributes;
use super::stages::Stages;
use crate::timeline::{SpanIndex, SpanState, SpanStatus, Timeline};

/// How a stage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StageStatus {
    /// Well, or nobody said otherwise.
    Ok,
    /// With an error that no later try mended.
    Error,
    /// It did not end: its process died in it, or runs still.
    Open,
}

impl StageStatus {
    /// As a table has it.
    pub fn text(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "ERROR",
            Self::Open => "OPEN",
        }
    }
}

/// A stage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageRow {
    /// What it is called.
    pub id: String,
    /// How it ended.
    pub status: StageStatus,
    /// When it first began, Unix nanoseconds.
    pub started_unix_nano: u64,
    /// The time that its executions cover, those at once counted once.
    pub duration_ns: u64,
    /// The time in which nothing that was started in it ran.
    pub self_ns: u64,
    /// `duration_ns` over the run's wall-clock time; those of stages at once add up to more than 1.
    pub share: f64,
    /// The time of it that is on the critical path.
    pub path_ns: u64,
    /// How much shorter the run would have been without it; none if that was too much to compute.
    pub removal_gain_ns: Option<u64>,
    /// How often it was executed.
    pub executions: u64,
    /// How many of these were further tries.
    pub retries: u64,
    /// Spans in it.
    pub spans: u64,
    /// The hosts it ran on, those of what was started in it included.
    pub hosts: Vec<String>,
}

/// The table but for what the critical path adds.
pub(super) fn rows(timeline: &Timeline, stages: &Stages, own: &[u64], wall: u64) -> Vec<StageRow> {
    let mut spans = vec![0u64; stages.ids.len()];
    let mut hosts = vec![BTreeSet::new(); stages.ids.len()];
    for index in timeline.indices() {
        if let Some(stage) = stages.around(index) {
            spans[stage] += 1;
            hosts[stage].insert(timeline.span(index).process);
        }
    }
    let row = |stage: usize, id: &String| {
        let executions = &stages.executions[stage];
        let tries = Tries::of(timeline, executions);
        let duration = covered(timeline, executions);
        let hosts: BTreeSet<&str> = hosts[stage]
            .iter()
            .map(|process| timeline.process(*process).host.as_str())
            .collect();
        StageRow {
            id: id.clone(),
            status: tries.status,
            started_unix_nano: executions
                .first()
                .map_or(0, |first| timeline.span(*first).start.0),
            duration_ns: duration,
            self_ns: executions.iter().map(|span| own[span.index()]).sum(),
            share: share(duration, wall),
            path_ns: 0,
            removal_gain_ns: None,
            executions: executions.len() as u64,
            retries: tries.retries,
            spans: spans[stage],
            hosts: hosts.into_iter().map(str::to_owned).collect(),
        }
    };
    let mut rows: Vec<StageRow> = stages
        .ids
        .iter()
        .enumerate()
        .map(|(at, id)| row(at, id))
        .collect();
    rows.sort_by_key(|row| row.started_unix_nano);
    rows
}

/// A part of a whole; of nothing it is 0.
pub(super) fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 / whole as f64
}

/// The time that these spans, sorted by start, cover together.
fn covered(timeline: &Timeline, spans: &[SpanIndex]) -> u64 {
    let (mut sum, mut until) = (0, 0);
    for span in spans.iter().map(|index| timeline.span(*index)) {
        let from = span.start.0.max(until);
        if span.end.0 > from {
            sum += span.end.0 - from;
            until = span.end.0;
        }
    }
    sum
}

struct Tries {
    status: StageStatus,
    retries: u64,
}

impl Tries {
    fn of(timeline: &Timeline, executions: &[SpanIndex]) -> Self {
        let span = |index: &SpanIndex| timeline.span(*index);
        let (mut seen, mut said) = (0, 0);
        let mut status = StageStatus::Ok;
        for (at, index) in executions.iter().enumerate() {
            let this = span(index);
            let follows = |earlier: &&SpanIndex| {
                let earlier = span(earlier);
                earlier.parent == this.parent
                    && earlier.status == SpanStatus::Error
                    && earlier.end <= this.start
            };
            // The one just before it tells; a stage of many executions is not searched through for each.
            let is_retry = executions[..at].iter().rev().take(NEAREST).any(|at| follows(&at));
            seen += u64::from(is_retry);
            said = said.max(said_by(timeline, *index));
            let is_mended = || {
                let later = executions[at + 1..].iter().take(NEAREST);
                later
                    .map(span)
                    .any(|later| later.parent == this.parent && later.start >= this.end)
            };
            if this.state == SpanState::Open {
                status = StageStatus::Open;
            } else if this.status == SpanStatus::Error && status == StageStatus::Ok && !is_mended() {
                status = StageStatus::Error;
            }
        }
        Self {
            status,
            retries: seen.max(said),
        }
    }
}

/// How many neighbours among the executions are looked at for the try before or after.
const NEAREST: usize = 64;

/// What the span's own attributes say of earlier tries.
fn said_by(timeline: &Timeline, index: SpanIndex) -> u64 {
    let Some(view) = timeline.span_view(index) else {
        return 0;
    };
    let retries = attributes::count(&view, &["retry", "retry_count", "retries"]);
    let attempt = attributes::count(&view, &["attempt", "attempt_number"]);
    retries
        .or_else(|| attempt.map(|attempt| attempt.saturating_sub(1)))
        .unwrap_or(0)
}
