//! `fastrace`: its collector thread, and a reporter that makes OTLP of what it gets.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use fastrace::Span;
use fastrace::collector::{Config, Reporter, SpanContext, SpanRecord};
use fastrace::local::LocalSpan;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{self as proto, ResourceSpans, ScopeSpans};

use super::{Backlog, Contender, Track};
use crate::delivery::Sink;
use crate::scenario::{CHILDREN, Scenario};
use crate::tally::Tally;
use crate::workload::{Attributes, CHILD, OPERATION, ROOT, Rows};
use crate::{Outcome, otlp};

pub(crate) const CONTENDER: Contender = Contender {
    name: "fastrace",
    note: "Collector thread reporting every millisecond or when a channel is half full; records become OTLP spans \
           directly (not by way of `fastrace-opentelemetry`, which makes `SpanData` in between), prost \
           into one buffer, one `write` a report. Its properties are text, so numbers are formatted. Inner spans are `LocalSpan`s. Disabled: a `LocalSpan` without a parent.",
    scenarios: &[
        Scenario::Span4Attrs,
        Scenario::Nested,
        Scenario::UnsampledChild,
        Scenario::Disabled,
        Scenario::TwoThreads,
    ],
    enter,
};

/// A thread's channel takes 10,240 commands; what does not fit waits, and is lost if the thread ends
/// first. A root is three commands, and a thread may add a chunk of 500 after it looked: 9,600 at most.
const BACKLOG_ROOTS: u64 = 2_700;
/// A trace of ten is four commands. More than this fits, but spoils the peer's caches: of 3,000 to
/// 18,000, the figures around 6,000 were its best.
const BACKLOG_NESTED: u64 = 6_000;

fn enter(scenario: Scenario, directory: &Path) -> Outcome<Box<dyn Track>> {
    let sink = Arc::new(Sink::create(directory)?);
    if scenario != Scenario::Disabled {
        let config = Config::default().report_interval(Duration::from_millis(1));
        fastrace::set_reporter(OtlpReporter(sink.clone()), config);
    }
    Ok(Box::new(Fastrace { scenario, sink }))
}

struct Fastrace {
    scenario: Scenario,
    sink: Arc<Sink>,
}

impl Track for Fastrace {
    fn record(&self, rows: Rows) {
        match self.scenario {
            Scenario::Nested => {
                let mut rows = rows;
                while let Some(root) = rows.next() {
                    record_trace(root, rows.by_ref().take(CHILDREN));
                }
            }
            Scenario::UnsampledChild => {
                let root = Span::root(ROOT, SpanContext::random().sampled(false));
                let _parent = root.set_local_parent();
                for row in rows {
                    drop(local(CHILD, row));
                }
            }
            Scenario::Disabled => {
                for row in rows {
                    drop(local(OPERATION, row));
                }
            }
            _ => {
                for row in rows {
                    drop(root(OPERATION, row));
                }
            }
        }
    }

    fn deliver(&self) -> Outcome<()> {
        fastrace::flush();
        Ok(())
    }

    fn backlog(&self) -> Option<Backlog<'_>> {
        let limit = if self.scenario == Scenario::Nested {
            BACKLOG_NESTED
        } else {
            BACKLOG_ROOTS
        };
        self.scenario.delivers().then_some(Backlog {
            limit,
            sink: &self.sink,
        })
    }

    fn read_back(&self, tally: &mut Tally) -> Outcome<()> {
        otlp::read_spans(&self.sink, tally)
    }
}

fn record_trace(root_row: Attributes, children: impl Iterator<Item = Attributes>) {
    let root = root(ROOT, root_row);
    let _parent = root.set_local_parent();
    for row in children {
        drop(local(CHILD, row));
    }
}

#[inline]
fn root(name: &'static str, row: Attributes) -> Span {
    Span::root(name, SpanContext::random()).with_properties(|| properties(row))
}

#[inline]
fn local(name: &'static str, row: Attributes) -> LocalSpan {
    LocalSpan::enter_with_local_parent(name).with_properties(|| properties(row))
}

#[inline]
fn properties(row: Attributes) -> [(&'static str, Cow<'static, str>); 4] {
    let Attributes {
        symbol,
        rows,
        ratio,
        ok,
    } = row;
    [
        ("symbol", symbol.into()),
        ("rows", rows.to_string().into()),
        ("ratio", ratio.to_string().into()),
        ("ok", if ok { "true" } else { "false" }.into()),
    ]
}

struct OtlpReporter(Arc<Sink>);

impl Reporter for OtlpReporter {
    fn report(&mut self, records: Vec<SpanRecord>) {
        if records.is_empty() {
            return;
        }
        let count = records.len();
        let scope = InstrumentationScope {
            name: "race".to_owned(),
            ..InstrumentationScope::default()
        };
        let spans = records.into_iter().map(otlp_span).collect();
        let scope_spans = vec![ScopeSpans {
            scope: Some(scope),
            spans,
            ..ScopeSpans::default()
        }];
        let resource = Resource {
            attributes: vec![text("service.name".into(), "race".into())],
            ..Resource::default()
        };
        let resource_spans = vec![ResourceSpans {
            resource: Some(resource),
            scope_spans,
            ..ResourceSpans::default()
        }];
        // What is not delivered is missing when the sink is read back.
        if let Err(error) = self
            .0
            .deliver(&ExportTraceServiceRequest { resource_spans }, count)
        {
            eprintln!("fastrace reporter: {error}");
        }
    }
}

fn otlp_span(record: SpanRecord) -> proto::Span {
    let parent = record.parent_id.0;
    proto::Span {
        trace_id: record.trace_id.0.to_be_bytes().to_vec(),
        span_id: record.span_id.0.to_be_bytes().to_vec(),
        parent_span_id: if parent == 0 {
            Vec::new()
        } else {
            parent.to_be_bytes().to_vec()
        },
        name: record.name.into_owned(),
        kind: proto::span::SpanKind::Internal.into(),
        start_time_unix_nano: record.begin_time_unix_ns,
        end_time_unix_nano: record.begin_time_unix_ns + record.duration_ns,
        attributes: record
            .properties
            .into_iter()
            .map(|(key, value)| text(key, value))
            .collect(),
        ..proto::Span::default()
    }
}

fn text(key: Cow<'static, str>, value: Cow<'static, str>) -> KeyValue {
    let value = AnyValue {
        value: Some(Value::StringValue(value.into_owned())),
    };
    KeyValue {
        key: key.into_owned(),
        value: Some(value),
        ..KeyValue::default()
    }
}
