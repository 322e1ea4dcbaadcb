//! What a run has read: `data.load` events, and spans that carry the same times.

use serde::Serialize;
use telensic_run::event::{DataLoad, Moment};
use telensic_run::names::event as name;
use telensic_tape::otlp::{AnyView, SpanView};
use telensic_tape::{TraceId, UnixNanos};

use crate::place::Places;
use crate::timeline::SpanIndex;
use crate::{Timeline, typed_events};

/// Data that was read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DataRead {
    /// Where it came from.
    pub source: String,
    /// The hash of its bytes.
    pub hash: Option<String>,
    /// The latest time that it speaks of.
    pub event_time: Option<Moment>,
    /// When the latest part of it became known.
    pub knowledge_time: Option<Moment>,
    /// The time as of which it was asked for.
    pub as_of: Option<Moment>,
    /// When the read was recorded, Unix nanoseconds.
    pub recorded_unix_nano: u64,
    #[serde(skip)]
    pub(crate) trace: Option<TraceId>,
    #[serde(skip)]
    pub(crate) span: Option<SpanIndex>,
    #[serde(skip)]
    pub(crate) sleeve: Option<SpanIndex>,
}

/// Which of a read's times tells when it was known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// Its `knowledge_time`.
    KnowledgeTime,
    /// Its `event_time`: nothing is known before it happens.
    EventTime,
    /// Its `as_of`: it was asked for as of then.
    AsOf,
}

impl Evidence {
    /// The field's name.
    pub fn field(self) -> &'static str {
        match self {
            Self::KnowledgeTime => "knowledge_time",
            Self::EventTime => "event_time",
            Self::AsOf => "as_of",
        }
    }
}

impl DataRead {
    /// When it was known, and which of its times says so.
    pub fn known(&self) -> Option<(Moment, Evidence)> {
        [
            (self.knowledge_time, Evidence::KnowledgeTime),
            (self.event_time, Evidence::EventTime),
            (self.as_of, Evidence::AsOf),
        ]
        .into_iter()
        .find_map(|(time, evidence)| Some((time?, evidence)))
    }

    pub(crate) fn recorded(&self) -> UnixNanos {
        UnixNanos(self.recorded_unix_nano)
    }
}

/// All reads, in the order in which they were recorded.
pub(crate) fn reads(timeline: &Timeline, places: &Places) -> Vec<DataRead> {
    let loads = typed_events::named(timeline, &[name::DATA_LOAD]).filter_map(|recorded| {
        let load: DataLoad = recorded.event.parse().ok()?;
        Some(DataRead {
            source: load.source_path,
            hash: load.sha256_hash,
            event_time: load.event_time,
            knowledge_time: load.knowledge_time,
            as_of: load.as_of,
            recorded_unix_nano: recorded.event.time.0,
            trace: recorded.event.trace_id,
            span: recorded.span,
            sleeve: places.sleeve(recorded.span),
        })
    });
    let mut found: Vec<DataRead> = loads.collect();
    found.extend(timeline.indices().filter_map(|index| {
        let mut read = of_span(&timeline.span_view(index)?)?;
        read.span = Some(index);
        read.sleeve = places.sleeve(Some(index));
        Some(read)
    }));
    found.sort_by_key(DataRead::recorded);
    found
}

/// The read that a span is, if it has one of the times; it was there when the span ended.
fn of_span(view: &SpanView<'_>) -> Option<DataRead> {
    let mut read = DataRead {
        source: view.name.to_owned(),
        hash: None,
        event_time: None,
        knowledge_time: None,
        as_of: None,
        recorded_unix_nano: view.end.0,
        trace: Some(view.trace_id),
        span: None,
        sleeve: None,
    };
    for pair in view.attributes().flatten() {
        match pair.key {
            "event_time" => read.event_time = moment(&pair.value),
            "knowledge_time" => read.knowledge_time = moment(&pair.value),
            "as_of" => read.as_of = moment(&pair.value),
            "sha256_hash" => read.hash = pair.value.as_str().map(str::to_owned),
            "source_path" => {
                if let Some(source) = pair.value.as_str() {
                    source.clone_into(&mut read.source);
                }
            }
            _ => {}
        }
    }
    read.known().is_some().then_some(read)
}

fn moment(value: &AnyView<'_>) -> Option<Moment> {
    match value {
        AnyView::I64(nanos) => Some(Moment(*nanos)),
        AnyView::Str(text) => text.parse().ok(),
        _ => None,
    }
}
