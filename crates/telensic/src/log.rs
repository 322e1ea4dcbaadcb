//! Log records and typed events.
//!
//! Both are OTLP log records, written to the tape where they are made, with the ids of the current span. The
//! clerk hands them on to the console and the NDJSON files.

use std::error::Error;
use std::time::SystemTime;

use telensic_tape::otlp::{self, field};
use telensic_tape::{Signal, UnixNanos, Value};

use crate::recorder::{Recorder, active};
use crate::scope::ScopeId;
use crate::span::{Attributes, Exception, Rules, put_count, unix_nanos, with_safe};
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
    LogRecord::begin(severity, ScopeId::default(), |record| {
        record.put_body(Value::Str(body))
    })
}

/// A typed event of this name.
///
/// ```
/// telensic::event("data.load").with("source_path", "nav.csv").with("row_count", 5_000).emit();
/// ```
#[inline]
pub fn event(name: &str) -> LogRecord {
    LogRecord::begin(Severity::Info, ScopeId::default(), |record| {
        otlp::put_bytes(&mut record.buffer, field::log::EVENT_NAME, name.as_bytes());
    })
}

/// A log record while it is made; without [`LogRecord::emit`] it is not written.
#[derive(Debug, Default)]
#[must_use = "a record is written only by `emit`"]
pub struct LogRecord {
    draft: Option<Draft>,
}

#[derive(Debug)]
struct Draft {
    recorder: &'static Recorder,
    buffer: Vec<u8>,
    attributes: Attributes,
    scope: ScopeId,
    export: bool,
    time: UnixNanos,
    os_thread: i64,
}

impl LogRecord {
    /// Begins a record in the current context, unless the level is below what is kept.
    #[inline]
    fn begin(severity: Severity, scope: ScopeId, fill: impl FnOnce(&mut Draft)) -> Self {
        if active() == 0 {
            return Self::default();
        }
        let draft = ThreadState::with(|thread| {
            let recorder = thread
                .recorder()
                .filter(|recorder| severity >= recorder.settings.log_level)?;
            let time = recorder.clock.now();
            let mut buffer = thread.buffer();
            otlp::put_fixed64(&mut buffer, field::log::TIME, time.0);
            otlp::put_fixed64(&mut buffer, field::log::OBSERVED_TIME, time.0);
            otlp::put_varint_field(&mut buffer, field::log::SEVERITY, severity as u64);
            otlp::put_bytes(&mut buffer, field::log::SEVERITY_TEXT, severity.name().as_bytes());
            let mut export = true;
            if let Some(span) = thread.context().and_then(|context| context.span()) {
                export = span.is_sampled();
                otlp::put_fixed32(&mut buffer, field::log::FLAGS, u32::from(span.flags().to_w3c()));
                otlp::put_bytes(&mut buffer, field::log::TRACE_ID, &span.trace_id().to_bytes());
                otlp::put_bytes(&mut buffer, field::log::SPAN_ID, &span.span_id().to_bytes());
            }
            let attributes = Attributes::default();
            Some(Draft {
                recorder,
                buffer,
                attributes,
                scope,
                export,
                time,
                os_thread: thread.os_thread,
            })
        });
        let mut draft = draft.flatten();
        if let Some(draft) = &mut draft {
            fill(draft);
        }
        Self { draft }
    }

    /// Whether it will be written.
    #[inline]
    pub fn is_recording(&self) -> bool {
        self.draft.is_some()
    }

    /// Adds an attribute, or replaces the one with this key.
    #[inline]
    pub fn set<'k, 'v>(&mut self, key: impl Into<Key<'k>>, value: impl Into<Value<'v>>) {
        if let Some(draft) = &mut self.draft {
            let rules = draft.rules();
            draft
                .attributes
                .set(&mut draft.buffer, rules, key.into(), value.into());
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
        if let Some(draft) = &mut self.draft {
            draft.put_body(body.into());
        }
        self
    }

    /// Says which library or module records it.
    pub fn scope(mut self, scope: ScopeId) -> Self {
        if let Some(draft) = &mut self.draft {
            draft.scope = scope;
        }
        self
    }

    /// Says when it happened, if that is not now. Of a field that is there twice, the last one counts.
    pub fn at(mut self, time: SystemTime) -> Self {
        if let Some(draft) = &mut self.draft {
            draft.time = unix_nanos(time);
            otlp::put_fixed64(&mut draft.buffer, field::log::TIME, draft.time.0);
        }
        self
    }

    /// Writes it to the tape.
    #[inline]
    pub fn emit(self) {
        let Some(mut draft) = self.draft else { return };
        let thread_id = Value::I64(draft.os_thread);
        otlp::put_attribute(&mut draft.buffer, field::log::ATTRIBUTE, "thread.id", thread_id);
        put_count(
            &mut draft.buffer,
            field::log::DROPPED_ATTRIBUTES,
            draft.attributes.dropped,
        );
        ThreadState::with(|thread| {
            if thread
                .recorder()
                .is_some_and(|recorder| recorder.forks == draft.recorder.forks)
            {
                // A loss was counted where it happened; there is nobody to tell here.
                let _ = thread.append(Signal::Logs, draft.scope, draft.export, &draft.buffer, draft.time);
                thread.put_buffer(std::mem::take(&mut draft.buffer));
            }
        });
    }
}

impl Draft {
    fn rules(&self) -> Rules<'static> {
        let limits = &self.recorder.settings.limits;
        Rules {
            redactor: &self.recorder.redactor,
            field: field::log::ATTRIBUTE,
            most: limits.log_attributes,
            value_length: limits.log_value_length,
        }
    }

    /// A body is redacted, but not cut.
    fn put_body(&mut self, body: Value<'_>) {
        let rules = Rules {
            value_length: u32::MAX,
            ..self.rules()
        };
        let buffer = &mut self.buffer;
        with_safe(rules, telensic_redact::KeyClass::Plain, body, &mut |safe| {
            safe.put(buffer, field::log::BODY)
        });
    }
}
