//! The decisions of a run, with what tells what they consumed.

use serde_json::Value;
use telensic_run::event::{DecisionSnapshot, Misfit, Moment};
use telensic_run::names::event as name;
use telensic_tape::{TraceId, UnixNanos};

use crate::place::Places;
use crate::timeline::SpanIndex;
use crate::{Timeline, typed_events};

/// Fields that name a decision's inputs.
const INPUT_FIELDS: &[&str] = &["inputs", "input_hashes", "data_refs"];

/// A `decision.snapshot`.
#[derive(Debug)]
pub(crate) struct Decision {
    /// The event, or why it does not fit its type.
    pub(crate) snapshot: Result<DecisionSnapshot, Misfit>,
    /// Its `decision_id`, as far as the event says.
    pub(crate) id: String,
    pub(crate) recorded: UnixNanos,
    /// Hashes and sources of the inputs that it names.
    pub(crate) inputs: Vec<String>,
    pub(crate) trace: Option<TraceId>,
    pub(crate) span: Option<SpanIndex>,
    pub(crate) sleeve: Option<SpanIndex>,
}

impl Decision {
    /// The time that it claims to be made at.
    pub(crate) fn own_time(&self) -> Option<Moment> {
        let snapshot = self.snapshot.as_ref().ok()?;
        Some(snapshot.as_of.unwrap_or(Moment(snapshot.timestamp_ns.0)))
    }
}

/// All decisions, in the order in which they were recorded.
pub(crate) fn decisions(timeline: &Timeline, places: &Places) -> Vec<Decision> {
    typed_events::named(timeline, &[name::DECISION_SNAPSHOT])
        .map(|recorded| {
            let event = recorded.event;
            let inputs = INPUT_FIELDS.iter().filter_map(|field| event.fields.get(field));
            let id = event.fields.get("decision_id").and_then(Value::as_str);
            Decision {
                id: id.unwrap_or_default().to_owned(),
                recorded: event.time,
                inputs: inputs.flat_map(texts).collect(),
                trace: event.trace_id,
                span: recorded.span,
                sleeve: places.sleeve(recorded.span),
                snapshot: event.parse(),
            }
        })
        .collect()
}

/// The texts of a list, or of a map's values.
fn texts(value: &Value) -> Vec<String> {
    let items: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(members) => members.values().collect(),
        other => vec![other],
    };
    items
        .into_iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
