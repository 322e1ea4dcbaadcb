//! What the record says happened: epochs, decisions, tests and results, each with its place.

use serde::Serialize;
use telensic_run::RunId;
use telensic_run::event::{AlgorithmResult, AuditOutcome, DecisionSnapshot, EpochDetected, HypothesisResult};

use super::check::{Check, CheckStatus};
use super::series::Epochs;
use crate::Timeline;
use crate::place::Places;
use crate::timeline::SpanIndex;

/// A run rebuilt from its record.
#[derive(Debug, Serialize)]
pub struct Replay {
    /// The run.
    pub run: RunId,
    /// Every epoch, in the order in which they were found.
    pub epochs: Vec<ReplayedEpoch>,
    /// Every decision.
    pub decisions: Vec<ReplayedDecision>,
    /// Every test.
    pub hypotheses: Vec<ReplayedHypothesis>,
    /// What algorithms came to.
    pub results: Vec<ReplayedResult>,
    /// What was checked.
    pub checks: Vec<Check>,
}

macro_rules! replayed {
    ($($(#[$doc:meta])* $name:ident of $event:ty;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Serialize)]
        pub struct $name {
            /// Where it was recorded.
            pub place: String,
            /// When, Unix nanoseconds.
            pub time_unix_nano: u64,
            /// The event.
            pub event: $event,
            #[serde(skip)]
            pub(super) unit: Option<SpanIndex>,
        }
    )+};
}

replayed! {
    /// A decision.
    ReplayedDecision of DecisionSnapshot;
    /// A test.
    ReplayedHypothesis of HypothesisResult;
    /// What an algorithm came to.
    ReplayedResult of AlgorithmResult;
}

/// An epoch.
#[derive(Clone, Debug, Serialize)]
pub struct ReplayedEpoch {
    /// Where it was found.
    pub place: String,
    /// When it was recorded, Unix nanoseconds.
    pub time_unix_nano: u64,
    /// The event.
    pub event: EpochDetected,
}

/// What was read of a run, and the checks that go along with the reading.
pub(super) struct Reading<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) places: Places,
    pub(super) epochs: Epochs,
    pub(super) outcomes: Vec<(Option<SpanIndex>, AuditOutcome)>,
}

impl Replay {
    /// Whether no check failed.
    pub fn is_consistent(&self) -> bool {
        self.checks
            .iter()
            .all(|check| check.status != CheckStatus::Failed)
    }
}
