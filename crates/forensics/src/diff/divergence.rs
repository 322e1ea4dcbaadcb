//! Where two runs' events part, as it is told.

use serde::Serialize;
use serde_json::Value;

/// A difference between the events of two runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Divergence {
    /// The path from the root: stage, sleeve.
    pub place: String,
    /// Which event of its place it is, from 1; 0 for a whole branch.
    pub sequence: usize,
    /// The event's type; of a branch, that of its first event.
    pub event: String,
    /// What it is about: the data's source, the algorithm's name, the variable, the step.
    pub source: Option<String>,
    /// What differs.
    pub kind: DivergenceKind,
    /// The last event before it in its place that both runs have.
    pub after: Option<CommonEvent>,
    /// When, in the first run, Unix nanoseconds.
    pub a_time_unix_nano: Option<u64>,
    /// When, in the second run, Unix nanoseconds.
    pub b_time_unix_nano: Option<u64>,
}

/// What differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum DivergenceKind {
    /// Both have the event, with other fields.
    Changed {
        /// The fields.
        fields: Vec<FieldChange>,
    },
    /// Only the first run has the event.
    OnlyInA {
        /// What it says.
        fields: Value,
    },
    /// Only the second run has the event.
    OnlyInB {
        /// What it says.
        fields: Value,
    },
    /// Only the first run has the branch.
    BranchOnlyInA {
        /// How many events are in and below it.
        events: usize,
    },
    /// Only the second run has the branch.
    BranchOnlyInB {
        /// How many events are in and below it.
        events: usize,
    },
}

/// A field with another value.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldChange {
    /// The field: `features_at_decision.bull_cv`.
    pub path: String,
    /// Its value in the first run; none if it has none.
    pub a: Option<Value>,
    /// Its value in the second run; none if it has none.
    pub b: Option<Value>,
}

/// An event that both runs have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CommonEvent {
    /// Its type.
    pub event: String,
    /// Which event of its place it is, from 1.
    pub sequence: usize,
}

/// The events of two runs, compared.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EventDiff {
    /// How many events the first run has.
    pub a_events: usize,
    /// How many events the second run has.
    pub b_events: usize,
    /// How many differences there are.
    pub differing: usize,
    /// The first one, in the order of the pipeline.
    pub first: Option<Divergence>,
    /// The first one that is no input: what the change did to the calculation.
    pub first_consequence: Option<Divergence>,
    /// The first ones, in order.
    pub listed: Vec<Divergence>,
}
