//! Two runs, compared in all that they recorded.

use serde::Serialize;
use telensic_run::RunId;

use super::cause::{self, Cause};
use super::divergence::EventDiff;
use super::events;
use super::noise::StageHistory;
use super::outputs::OutputDiff;
use super::provenance::ProvenanceDiff;
use super::stages::{self, StageChange, StageVerdict};
use super::tree::EventTree;
use crate::RunView;

/// How the second run differs from the first.
#[derive(Clone, Debug, Serialize)]
pub struct Diff {
    /// The first run.
    pub a: RunId,
    /// The second run.
    pub b: RunId,
    /// What went in.
    pub provenance: ProvenanceDiff,
    /// All stages of both, changed or not.
    pub stages: Vec<StageChange>,
    /// What happened.
    pub events: EventDiff,
    /// What came out.
    pub outputs: OutputDiff,
    /// Why events or outputs part; none if they do not.
    pub cause: Option<Cause>,
    /// Whether a stage that is slower or faster makes the runs differ.
    pub counts_timing: bool,
}

impl Diff {
    /// Compares two runs; what is noise in the durations of stages is taken from a rule.
    pub fn of(a: &RunView, b: &RunView) -> Self {
        Self::with_history(a, b, &StageHistory::default())
    }

    /// Compares two runs; what is noise is taken from earlier runs of the profile.
    pub fn with_history(a: &RunView, b: &RunView, history: &StageHistory) -> Self {
        let (tree_a, tree_b) = std::thread::scope(|scope| {
            let other = scope.spawn(|| EventTree::of(&b.timeline));
            let tree_a = EventTree::of(&a.timeline);
            match other.join() {
                Ok(tree_b) => (tree_a, tree_b),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        });
        let provenance = ProvenanceDiff::of(a.provenance.as_ref(), b.provenance.as_ref());
        let events = events::compare(&tree_a, &tree_b);
        let outputs = OutputDiff::of(a, b);
        Self {
            a: a.id(),
            b: b.id(),
            cause: cause::find(&events, &outputs, &provenance),
            stages: stages::compare(&a.timeline, &b.timeline, history),
            provenance,
            events,
            outputs,
            counts_timing: false,
        }
    }

    /// Lets stages that are slower or faster beyond noise make the runs differ.
    pub fn counting_timing(mut self, counts: bool) -> Self {
        self.counts_timing = counts;
        self
    }

    /// Whether both runs did the same: from the same inputs, seeds, code and configuration, by the same stages, with the
    /// same events, to the same outputs. How long it took counts only if it [is to](Self::counting_timing); where it ran
    /// never does by itself.
    pub fn is_same(&self) -> bool {
        self.has_same_results() && self.provenance.is_same() && self.stages_that_count().next().is_none()
    }

    /// Whether no stage is slower or faster beyond noise.
    pub fn has_same_timing(&self) -> bool {
        !self.stages.iter().any(|stage| stage.change.is_timing())
    }

    /// Whether the same happened and the same came out, however long it took and whatever went in.
    pub fn has_same_results(&self) -> bool {
        self.events.differing == 0 && self.outputs.is_same()
    }

    /// The stages that differ.
    pub fn changed_stages(&self) -> impl Iterator<Item = &StageChange> {
        self.stages
            .iter()
            .filter(|stage| stage.change != StageVerdict::Same)
    }

    /// The stages that make the runs differ.
    pub fn stages_that_count(&self) -> impl Iterator<Item = &StageChange> {
        self.changed_stages().filter(|stage| self.counts(stage))
    }

    pub(super) fn counts(&self, stage: &StageChange) -> bool {
        self.counts_timing || !stage.change.is_timing()
    }
}
