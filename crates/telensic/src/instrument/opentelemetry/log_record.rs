//! A log record of the API, collected and then written in one go.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::logs::{AnyValue, LogRecord as ApiRecord, Severity as ApiSeverity};
use opentelemetry::trace::{SpanContext, TraceState};
use opentelemetry::{Key as ApiKey, SpanId, TraceFlags, TraceId};
use telensic_tape::otlp::{self, field};

use super::{any_value, ids};
use crate::context::Context;
use crate::event;
use crate::instrument::scopes::scope_named;
use crate::log::{Kind, LogRecord};
use crate::span::unix_nanos;
use crate::{Key, ScopeId, Severity};

/// A log record while it is made; without `Logger::emit` it is not written.
#[derive(Clone, Debug, Default)]
pub struct TelensicLogRecord {
    pub(super) event_name: Option<&'static str>,
    pub(super) target: Option<Cow<'static, str>>,
    pub(super) time: Option<SystemTime>,
    pub(super) observed: Option<SystemTime>,
    pub(super) ids: Option<Ids>,
    pub(super) severity_text: Option<&'static str>,
    pub(super) severity: Option<ApiSeverity>,
    pub(super) body: Option<AnyValue>,
    pub(super) attributes: Vec<(ApiKey, AnyValue)>,
}

impl ApiRecord for TelensicLogRecord {
    fn set_event_name(&mut self, name: &'static str) {
        self.event_name = Some(name);
    }

    fn set_target<T: Into<Cow<'static, str>>>(&mut self, target: T) {
        self.target = Some(target.into());
    }

    fn set_timestamp(&mut self, timestamp: SystemTime) {
        self.time = Some(timestamp);
    }

    fn set_observed_timestamp(&mut self, timestamp: SystemTime) {
        self.observed = Some(timestamp);
    }

    fn set_severity_text(&mut self, text: &'static str) {
        self.severity_text = Some(text);
    }

    fn set_severity_number(&mut self, number: ApiSeverity) {
        self.severity = Some(number);
    }

    fn set_body(&mut self, body: AnyValue) {
        self.body = Some(body);
    }

    fn add_attributes<I, K, V>(&mut self, attributes: I)
    where
        I: IntoIterator<Item = (K, V)>,
        K: Into<ApiKey>,
        V: Into<AnyValue>,
    {
        let attributes = attributes.into_iter();
        self.attributes
            .extend(attributes.map(|(key, value)| (key.into(), value.into())));
    }

    fn add_attribute<K: Into<ApiKey>, V: Into<AnyValue>>(&mut self, key: K, value: V) {
        self.attributes.push((key.into(), value.into()));
    }

    fn set_trace_context(&mut self, trace_id: TraceId, span_id: SpanId, trace_flags: Option<TraceFlags>) {
        self.ids = Some(Ids {
            trace_id,
            span_id,
            flags: trace_flags,
        });
    }
}

impl TelensicLogRecord {
    pub(super) fn severity(&self) -> Option<ApiSeverity> {
        self.severity
    }

    /// The record of the tape, to be emitted. Without ids of its own it belongs to this context, or to the current one if
    /// none is given.
    pub(super) fn begin(&self, context: Option<&Context>, scope: ScopeId, kind: Kind) -> LogRecord {
        let own = self.ids.as_ref().map(|ids| ids.context().unwrap_or_default());
        let context = own.as_ref().or(context);
        let level = self.severity.map_or(Severity::Info, level);
        let record = match self.own_name() {
            Some(name) => event::named(context, level, name, kind),
            None => LogRecord::begin_in(context, level, kind, |_| {}),
        };
        if !record.is_recording() {
            return record;
        }
        let mut record = record.scope(self.target.as_deref().map_or(scope, scope_named));
        record.edit(|bytes| self.put_head(bytes, level));
        if let Some(time) = self.time.or(self.observed) {
            record = record.at(time);
        }
        if let Some(observed) = self.observed {
            record.edit(|bytes| otlp::put_fixed64(bytes, field::log::OBSERVED_TIME, unix_nanos(observed).0));
        }
        if let Some(body) = &self.body {
            record = any_value::with(body, |body| record.body(body));
        }
        for (key, value) in &self.attributes {
            any_value::with(value, |value| record.set(Key::dynamic(key.as_str()), value));
        }
        record
    }

    /// The event's name, unless `tracing` made it up of a place in the source.
    fn own_name(&self) -> Option<&'static str> {
        self.event_name
            .filter(|name| !name.starts_with("event ") && *name != "log event")
    }

    /// What differs from the head that every record has; of a field that is there twice, the last one counts.
    fn put_head(&self, bytes: &mut Vec<u8>, level: Severity) {
        let number = self.severity.map_or(0, |severity| severity as u64);
        if number != level as u64 {
            otlp::put_varint_field(bytes, field::log::SEVERITY, number);
        }
        let text = self
            .severity_text
            .or(self.severity.map(|severity| severity.name()));
        let text = text.unwrap_or("");
        if text != level.name() {
            otlp::put_bytes(bytes, field::log::SEVERITY_TEXT, text.as_bytes());
        }
        if let Some(ids) = self.ids.as_ref().filter(|ids| ids.context().is_none()) {
            ids.put(bytes);
        }
    }
}

/// The span that a record says it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ids {
    pub(super) trace_id: TraceId,
    pub(super) span_id: SpanId,
    pub(super) flags: Option<TraceFlags>,
}

impl Ids {
    /// `None` if an id is missing, or if it is not said whether the trace is sampled: then the record is exported.
    fn context(self) -> Option<Context> {
        let span = SpanContext::new(self.trace_id, self.span_id, self.flags?, false, TraceState::NONE);
        Some(ids::within(Context::new(), &span)).filter(|context| !context.is_empty())
    }

    fn put(self, bytes: &mut Vec<u8>) {
        if self.trace_id != TraceId::INVALID {
            otlp::put_bytes(bytes, field::log::TRACE_ID, &self.trace_id.to_bytes());
        }
        if self.span_id != SpanId::INVALID {
            otlp::put_bytes(bytes, field::log::SPAN_ID, &self.span_id.to_bytes());
        }
    }
}

/// The level of ours that is not above it.
pub(super) fn level(severity: ApiSeverity) -> Severity {
    match severity as u8 {
        0..5 => Severity::Trace,
        5..9 => Severity::Debug,
        9..13 => Severity::Info,
        13..17 => Severity::Warn,
        17..21 => Severity::Error,
        _ => Severity::Fatal,
    }
}
