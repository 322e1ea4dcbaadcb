//! Events: what happened, to whom, and in which trace.

use std::error::Error;
use std::time::Duration;

use telensic_redact::KeyClass;
use telensic_tape::{Clock, UnixNanos};

use super::EventValue;
use super::value::put_safe;
use crate::Value;
use crate::context::SpanContext;
use crate::metrics::redactor;

/// What kind of event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventType {
    /// A call that took some time, and went well.
    Performance,
    /// A call that failed.
    Error,
    /// Something was measured.
    Metric,
    /// Anything else.
    Custom,
}

impl EventType {
    /// How it is written in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Performance => "performance",
            Self::Error => "error",
            Self::Metric => "metric",
            Self::Custom => "custom",
        }
    }
}

/// An event. It belongs to the span in which it is made, and holds no secret: what it is given is redacted before it is
/// kept.
#[derive(Clone, Debug, PartialEq)]
pub struct TelemetryEvent {
    event_type: EventType,
    at: UnixNanos,
    source: Box<str>,
    provider: Option<Box<str>>,
    operation: Box<str>,
    measure: Option<f64>,
    error: Option<EventError>,
    span: Option<SpanContext>,
    data: Vec<(Box<str>, EventValue)>,
}

/// The error of a call that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventError {
    /// Its type.
    pub kind: Box<str>,
    /// What it says, and its sources after it.
    pub message: Box<str>,
}

/// How many sources of an error are told.
const DEEPEST: usize = 32;

impl TelemetryEvent {
    /// A call of this operation took this long.
    pub fn performance(operation: &str, duration: Duration) -> Self {
        Self::new(EventType::Performance, operation).duration(duration)
    }

    /// A call of this operation failed. It is counted as a call of its own: there need not be a performance event.
    pub fn error<E: Error + ?Sized>(operation: &str, error: &E) -> Self {
        let mut message = error.to_string();
        let sources = std::iter::successors(error.source(), |error| (*error).source());
        for source in sources.take(DEEPEST) {
            message.push_str(": ");
            message.push_str(&source.to_string());
        }
        Self {
            error: Some(EventError {
                kind: std::any::type_name::<E>().into(),
                message: plain(&message),
            }),
            ..Self::new(EventType::Error, operation)
        }
    }

    /// A call of this operation failed with an error of another language, of this type.
    pub fn failed(operation: &str, kind: &str, message: &str) -> Self {
        Self {
            error: Some(EventError {
                kind: plain(kind),
                message: plain(message),
            }),
            ..Self::new(EventType::Error, operation)
        }
    }

    /// Something of this name was measured.
    pub fn metric(name: &str, value: f64) -> Self {
        Self {
            measure: Some(value),
            ..Self::new(EventType::Metric, name)
        }
    }

    /// Something of this name happened.
    pub fn custom(name: &str) -> Self {
        Self::new(EventType::Custom, name)
    }

    fn new(event_type: EventType, operation: &str) -> Self {
        Self {
            event_type,
            at: Clock::get().now(),
            source: crate::instrument::door::service().unwrap_or_default().into(),
            provider: None,
            operation: plain(operation),
            measure: None,
            error: None,
            span: crate::current().span_context(),
            data: Vec::new(),
        }
    }

    /// The part of the program it comes from; the service, if nothing is said.
    #[must_use]
    pub fn source(self, source: &str) -> Self {
        Self {
            source: plain(source),
            ..self
        }
    }

    /// The data provider that was called.
    #[must_use]
    pub fn provider(self, provider: &str) -> Self {
        Self {
            provider: Some(plain(provider)).filter(|provider| !provider.is_empty()),
            ..self
        }
    }

    /// How long the call took; also of one that failed.
    #[must_use]
    pub fn duration(self, duration: Duration) -> Self {
        Self {
            measure: Some(duration.as_secs_f64()),
            ..self
        }
    }

    /// Something more about it, or another value of this key.
    #[must_use]
    pub fn with<'v>(mut self, key: &str, value: impl Into<Value<'v>>) -> Self {
        put_safe(redactor(), key, value.into(), &mut |key, value| {
            self.data.retain(|(there, _)| *there != key);
            self.data.push((key, value));
        });
        self
    }

    /// What kind of event it is.
    pub fn event_type(&self) -> EventType {
        self.event_type
    }

    /// When it was made.
    pub fn at(&self) -> UnixNanos {
        self.at
    }

    /// The part of the program it comes from.
    pub fn source_name(&self) -> &str {
        &self.source
    }

    /// The data provider that was called.
    pub fn provider_name(&self) -> Option<&str> {
        self.provider.as_deref()
    }

    /// What was called, measured, or happened.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// The duration in seconds, or what was measured.
    pub fn measure(&self) -> Option<f64> {
        self.measure
    }

    /// The error of a call that failed.
    pub fn failure(&self) -> Option<&EventError> {
        self.error.as_ref()
    }

    /// The span in which it was made.
    pub fn span_context(&self) -> Option<&SpanContext> {
        self.span.as_ref()
    }

    /// What else is said of it, in order.
    pub fn data(&self) -> impl Iterator<Item = (&str, &EventValue)> {
        self.data.iter().map(|(key, value)| (&**key, value))
    }
}

/// Text as it may be kept.
fn plain(text: &str) -> Box<str> {
    redactor().text(KeyClass::Plain, text).into()
}
