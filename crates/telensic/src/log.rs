//! Log records and typed events.
//!
//! Both are OTLP log records, written to the tape where they are made, with the ids of the current span. The
//! clerk hands them on to the console and the NDJSON files.

use std::error::Error;
use std::time::SystemTime;

use telensic_tape::otlp::{self, LogHead, LogView, field};
use telensic_tape::{Signal, UnixNanos, Value};

use crate::context::Context;
use crate::message::Message;
use crate::recorder::{Recorder, active};
use crate::scope::ScopeId;
use crate::span::{Exception, put_count, unix_nanos};
use crate::thread::ThreadState;
use crate::{Key, Severity};

/// A log record of this level and text; it is written by [`LogRecord::emit`].
///
/// ```
/// use telensic::Severity;
///
/// telensic::log(Severity::Warn, "quote is stale").with("symbol", "BTCUSDT").with("age_s", 42).emit();
/// ```
#[inline]
pub fn log(severity: Severity, body: &str) -> LogRecord {
    LogRecord::begin(severity, Kind::Line, |message| message.put_body(Value::Str(body)))
}

/// A log record while it is made; without [`LogRecord::emit`] it is not written.
#[derive(Debug, Default)]
#[must_use = "a record is written only by `emit`"]
pub struct LogRecord(Option<Box<LogData>>);

/// A record that is being made; its thread keeps the memory for the next one.
#[derive(Debug)]
pub(crate) struct LogData {
    recorder: &'static Recorder,
    message: Message,
    scope: ScopeId,
    export: bool,
    time: UnixNanos,
    kind: Kind,
}

/// What a log record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something said; of which there may be too much.
    Line,
    /// Something said that a filter has let through already.
    #[cfg(any(feature = "opentelemetry", feature = "tracing"))]
    Filtered,
    /// A typed event. Always kept.
    Event,
    /// An event of free form whose type has a schema that it is held against.
    Checked,
}

impl LogRecord {
    /// Begins a record in the current context; a line only if its level is not below what is kept.
    #[inline]
    pub(crate) fn begin(severity: Severity, kind: Kind, fill: impl FnOnce(&mut Message)) -> Self {
        Self::begin_in(None, severity, kind, fill)
    }

    /// Begins a record in this context, if one is given.
    #[inline]
    pub(crate) fn begin_in(
        context: Option<&Context>,
        severity: Severity,
        kind: Kind,
        fill: impl FnOnce(&mut Message),
    ) -> Self {
        if active() == 0 {
            return Self(None);
        }
        let mut data = ThreadState::with(|thread| LogData::begin(thread, context, severity, kind)).flatten();
        if let Some(data) = &mut data {
            fill(&mut data.message);
        }
        Self(data)
    }

    /// Whether it will be written.
    #[inline]
    pub fn is_recording(&self) -> bool {
        self.0.is_some()
    }

    /// Adds an attribute, or replaces the one with this key.
    #[inline]
    pub fn set<'k, 'v>(&mut self, key: impl Into<Key<'k>>, value: impl Into<Value<'v>>) {
        if let Some(data) = &mut self.0 {
            data.message
                .set_in(field::log::ATTRIBUTE, key.into(), value.into());
        }
    }

    /// Adds an attribute, or replaces the one with this key.
    #[inline]
    pub fn with<'k, 'v>(mut self, key: impl Into<Key<'k>>, value: impl Into<Value<'v>>) -> Self {
        self.set(key, value);
        self
    }

    /// Adds an error and its sources (`exception.type`, `.message`, `.stacktrace`).
    pub fn error<E: Error + ?Sized>(mut self, error: &E) -> Self {
        if self.is_recording() {
            Exception::of(error).put(|key, value| self.set(key, value));
        }
        self
    }

    /// Sets a body that is not plain text, or the body of a typed event.
    pub fn body<'v>(mut self, body: impl Into<Value<'v>>) -> Self {
        if let Some(data) = &mut self.0 {
            data.message.put_body(body.into());
        }
        self
    }

    /// Says which library or module records it.
    pub fn scope(mut self, scope: ScopeId) -> Self {
        if let Some(data) = &mut self.0 {
            data.scope = scope;
        }
        self
    }

    /// Says when it happened, if that is not now. Of a field that is there twice, the last one counts.
    pub fn at(self, time: SystemTime) -> Self {
        self.at_unix(unix_nanos(time))
    }

    pub(crate) fn at_unix(mut self, time: UnixNanos) -> Self {
        if let Some(data) = &mut self.0 {
            data.time = time;
            otlp::put_fixed64(&mut data.message.bytes, field::log::TIME, data.time.0);
        }
        self
    }

    /// Appends fields to the message. Of a field that is there twice, the last one counts.
    #[cfg(feature = "opentelemetry")]
    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut Vec<u8>)) {
        if let Some(data) = &mut self.0 {
            change(&mut data.message.bytes);
        }
    }

    /// Takes out the id of the thread, which is not the one that said it.
    #[cfg(feature = "opentelemetry-sdk")]
    pub(crate) fn of_another_thread(mut self) -> Self {
        if let Some(data) = &mut self.0 {
            data.message.take_out(&THREAD_ID);
        }
        self
    }

    /// Writes it to the tape.
    #[inline]
    pub fn emit(self) {
        if let Some(data) = self.0 {
            match crate::event::invalid(&data) {
                None => ThreadState::with(|thread| data.write(thread)),
                Some(invalid) => {
                    // In its place, and nothing of it is lost.
                    crate::event::record_at(&invalid, data.time);
                    ThreadState::with(|thread| thread.keep_log(data))
                }
            };
        }
    }
}

/// The attribute that every record has from its beginning.
const THREAD_ID: Key<'static> = Key::new("thread.id");

impl LogData {
    fn begin(
        thread: &mut ThreadState,
        context: Option<&Context>,
        severity: Severity,
        kind: Kind,
    ) -> Option<Box<Self>> {
        let recorder = thread
            .recorder()
            .filter(|recorder| kind != Kind::Line || severity >= recorder.settings.log_level)?;
        let time = recorder.clock.now();
        let mut data = thread
            .spare_log()
            .unwrap_or_else(|| Box::new(Self::unused(recorder)));
        data.recorder = recorder;
        data.time = time;
        data.kind = kind;
        data.scope = ScopeId::default();
        data.message.begin(&recorder.rules.log);
        let span = context.or(thread.context()).unwrap_or(recorder.origin()).span();
        data.export = span.is_none_or(|span| span.is_sampled());
        let head = LogHead {
            time,
            severity: severity as u8,
            severity_text: severity.name(),
            span: span.map(|span| (span.trace_id(), span.span_id(), u32::from(span.flags().to_w3c()))),
            thread: thread.os_thread,
        };
        head.put(&mut data.message.bytes);
        data.message.holds(&THREAD_ID);
        Some(data)
    }

    /// The record as it would be written, if it is to be held against a schema.
    pub(crate) fn to_be_checked(&self) -> Option<LogView<'_>> {
        if self.kind != Kind::Checked {
            return None;
        }
        // What was encoded here decodes.
        LogView::parse(&self.message.bytes).ok()
    }

    /// One that stands for no record yet.
    #[cold]
    fn unused(recorder: &'static Recorder) -> Self {
        Self {
            recorder,
            message: Message::new(&recorder.rules.log),
            scope: ScopeId::default(),
            export: true,
            time: UnixNanos(0),
            kind: Kind::Line,
        }
    }

    fn write(mut self: Box<Self>, thread: &mut ThreadState) {
        let dropped = self.message.dropped;
        put_count(&mut self.message.bytes, field::log::DROPPED_ATTRIBUTES, dropped);
        if thread
            .recorder()
            .is_some_and(|recorder| recorder.forks == self.recorder.forks)
        {
            // A loss was counted where it happened; there is nobody to tell here.
            let _ = thread.append(
                Signal::Logs,
                self.scope,
                self.export,
                &self.message.bytes,
                self.time,
            );
        }
        if self.message.is_small() {
            thread.keep_log(self);
        }
    }
}
