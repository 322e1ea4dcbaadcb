//! A span as a report names it.

use serde::Serialize;

use crate::timeline::{SpanIndex, Timeline};

/// Which span is meant, in a form that outlives the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SpanRef {
    /// What it is called.
    pub name: String,
    /// Its trace, hex.
    pub trace_id: String,
    /// Its id, hex.
    pub span_id: String,
    /// The host that it ran on.
    pub host: String,
}

impl SpanRef {
    /// This span.
    pub fn of(timeline: &Timeline, index: SpanIndex) -> Self {
        let span = timeline.span(index);
        Self {
            name: timeline.text(span.name).to_owned(),
            trace_id: span.trace_id.to_string(),
            span_id: span.span_id.to_string(),
            host: timeline.process(span.process).host.clone(),
        }
    }
}
