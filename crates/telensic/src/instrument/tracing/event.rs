//! Events as log records: the message as the body, the other fields as attributes.

use std::cell::Cell;

use telensic_tape::Value;
use tracing_core::Event;

use super::callsite::{Callsite, LogFact, Meaning};
use super::fields::{Fields, Target};
use super::location;
use super::scopes::scope_named;
use crate::context::Context;
use crate::log::{Kind, LogRecord};
use crate::span::Exception;
use crate::{Key, Severity};

/// Records an event in this context, if one is given; hands out its text if it tells of a failure.
pub(super) fn record(
    event: &Event<'_>,
    callsite: &'static Callsite,
    context: Option<&Context>,
    kind: Kind,
    with_location: bool,
) -> Option<String> {
    let record = match callsite.event_name {
        None => LogRecord::begin_in(context, callsite.severity, kind, |_| {}),
        Some(name) => crate::event::event_in(context, callsite.severity, name),
    };
    if !record.is_recording() {
        return None;
    }
    let mut line = Line {
        record: record.scope(callsite.scope),
        text: Echo::spare(),
        with_location,
    };
    event.record(&mut Fields {
        callsite,
        target: &mut line,
    });
    if with_location {
        location::put(callsite.metadata, |key, value| line.record.set(key, value));
    }
    line.record.emit();
    let failure = (callsite.severity >= Severity::Error).then(|| line.text.clone());
    Echo::expect(callsite, line.text);
    failure
}

/// A log record that is being made of an event.
struct Line {
    record: LogRecord,
    text: String,
    with_location: bool,
}

impl Line {
    #[inline]
    fn put_text(&mut self, text: &str) {
        self.text.clear();
        self.text.push_str(text);
        self.put_body(Value::Str(text));
    }

    #[inline]
    fn put_body(&mut self, body: Value<'_>) {
        self.record = std::mem::take(&mut self.record).body(body);
    }

    fn put_origin(&mut self, fact: LogFact, value: Value<'_>) {
        match (fact, value) {
            (LogFact::Target, Value::Str(target)) => {
                self.record = std::mem::take(&mut self.record).scope(scope_named(target));
            }
            (LogFact::File, _) if self.with_location => self.record.set(location::FILE, value),
            (LogFact::Line, _) if self.with_location => self.record.set(location::LINE, value),
            _ => {}
        }
    }
}

impl Target for Line {
    #[inline]
    fn attribute(&mut self, key: &'static Key<'static>, value: Value<'_>) {
        self.record.set(*key, value);
    }

    fn special(&mut self, meaning: &'static Meaning, value: Value<'_>) {
        match (meaning, value) {
            (Meaning::Message(_), Value::Str(text)) => self.put_text(text),
            (Meaning::Message(_), _) => self.put_body(value),
            (Meaning::Error(key), Value::Str(text)) => {
                self.record.set(*key, value);
                if self.text.is_empty() {
                    // `#[instrument(err)]` says no more than this. A message comes first, if there is one.
                    self.put_text(text);
                }
            }
            (Meaning::Log(fact), _) => self.put_origin(*fact, value),
            (
                Meaning::Attribute(key)
                | Meaning::Error(key)
                | Meaning::SpanName(key)
                | Meaning::SpanKind(key)
                | Meaning::StatusCode(key)
                | Meaning::StatusMessage(key),
                _,
            ) => self.record.set(*key, value),
        }
    }

    fn exception(&mut self, exception: &Exception) {
        exception.put(|key, value| self.record.set(key, value));
    }
}

/// The repetition of what was recorded by the `log` crate: with its feature `log-always`, `tracing` says everything
/// twice, the second time right after the first and on the same thread.
pub(super) struct Echo;

thread_local! {
    /// The callsite of the event that this thread recorded last, or of the span that it last said something of.
    static LAST: Cell<Option<&'static Callsite>> = const { Cell::new(None) };
    /// The event's text; the memory serves for the next one's.
    static LAST_TEXT: Cell<String> = const { Cell::new(String::new()) };
}

/// A text that grew beyond this is not kept for another event.
const SPARE_CAPACITY: usize = 64 * 1024;

impl Echo {
    #[inline]
    fn spare() -> String {
        let mut text = LAST_TEXT.try_with(Cell::take).unwrap_or_default();
        if text.capacity() > SPARE_CAPACITY {
            return String::new();
        }
        text.clear();
        text
    }

    #[inline]
    fn expect(callsite: &'static Callsite, text: String) {
        LAST.set(Some(callsite));
        let _ = LAST_TEXT.try_with(|last| last.set(text));
    }

    /// Expects that `log` is told of a span, too.
    #[inline]
    pub(super) fn expect_span(callsite: &'static Callsite) {
        LAST.set(Some(callsite));
    }

    /// Whether this repeats what this thread recorded last.
    pub(super) fn is(record: &log::Record<'_>) -> bool {
        let Some(Callsite { metadata, .. }) = LAST.take() else {
            return false;
        };
        let same_place = record.line() == metadata.line()
            && record.file() == metadata.file()
            && record.target() == metadata.target();
        if !same_place {
            return false;
        }
        // Two macros may stand on one line: the text tells.
        let said = record.args().to_string();
        if metadata.is_span() {
            return said
                .strip_prefix("++ ")
                .unwrap_or(&said)
                .starts_with(metadata.name());
        }
        let text = LAST_TEXT.try_with(Cell::take).unwrap_or_default();
        let is_echo = said.starts_with(&text);
        let _ = LAST_TEXT.try_with(|last| last.set(text));
        is_echo
    }
}
