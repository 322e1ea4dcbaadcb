//! A span of the API, which is one of Telensic's.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, Span as ApiSpan, SpanContext, Status as ApiStatus};

use super::{attributes, ids};
use crate::context::Context;
use crate::message::Fields;
use crate::span::SpanData;
use crate::{Span, Status};

/// A span that was started by a [`TelensicTracer`](super::TelensicTracer). It ends when it is told to or dropped; if a
/// panic drops it, it says so.
///
/// A time that was taken within the last two microseconds is replaced by that of the recorder's own clock. The API asks the
/// wall clock where a program means "now", and that may be set while a trace runs.
#[derive(Debug)]
pub struct TelensicSpan {
    span: Span,
    /// Kept for its whole life and after.
    ids: SpanContext,
}

impl TelensicSpan {
    pub(super) fn new(span: Span) -> Self {
        let ids = ids::of_context(&span.context()).unwrap_or(SpanContext::NONE);
        Self { span, ids }
    }

    /// One that is not recorded and hands these ids on.
    pub(super) fn unrecorded(ids: SpanContext) -> Self {
        Self {
            span: Span::none(),
            ids,
        }
    }

    pub(super) fn edit(&mut self, change: impl FnOnce(&mut SpanData)) {
        self.span.edit(change);
    }
}

impl ApiSpan for TelensicSpan {
    fn add_event<T: Into<Cow<'static, str>>>(&mut self, name: T, attributes: Vec<KeyValue>) {
        self.edit(|span| span.event(&name.into(), None, |fields| put_all(fields, &attributes)));
    }

    fn add_event_with_timestamp<T: Into<Cow<'static, str>>>(
        &mut self,
        name: T,
        timestamp: SystemTime,
        attributes: Vec<KeyValue>,
    ) {
        self.edit(|span| {
            span.event(&name.into(), past(timestamp), |fields| {
                put_all(fields, &attributes);
            });
        });
    }

    fn span_context(&self) -> &SpanContext {
        &self.ids
    }

    fn is_recording(&self) -> bool {
        self.span.is_recording()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        self.edit(|span| put(span, &attribute));
    }

    fn set_status(&mut self, status: ApiStatus) {
        self.edit(|span| put_status(span, status));
    }

    fn update_name<T: Into<Cow<'static, str>>>(&mut self, new_name: T) {
        self.edit(|span| span.set_name(&new_name.into()));
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        self.edit(|span| put_link(span, &Link::new(span_context, attributes, 0)));
    }

    fn end(&mut self) {
        drop(std::mem::take(&mut self.span));
    }

    fn end_with_timestamp(&mut self, timestamp: SystemTime) {
        let span = std::mem::take(&mut self.span);
        match past(timestamp) {
            Some(time) => span.end_at(time),
            None => drop(span),
        }
    }
}

/// How long ago a time may be that stands for "now".
const NOW: u128 = 2_000;

/// The time, unless it stands for "now".
fn past(time: SystemTime) -> Option<SystemTime> {
    let is_now = SystemTime::now()
        .duration_since(time)
        .is_ok_and(|since| since.as_nanos() <= NOW);
    (!is_now).then_some(time)
}

pub(super) fn put(span: &mut SpanData, attribute: &KeyValue) {
    attributes::put(attribute, |key, value| span.set(key, value));
}

pub(super) fn put_event(span: &mut SpanData, event: &Event) {
    span.event(&event.name, Some(event.timestamp), |fields| {
        put_all(fields, &event.attributes);
        fields.0.dropped += event.dropped_attributes_count;
    });
}

/// Links the span; a link to no span, which OTLP cannot hold, counts as dropped.
pub(super) fn put_link(span: &mut SpanData, link: &Link) {
    let to = ids::within(Context::new(), &link.span_context);
    if to.is_empty() {
        span.count_dropped(0, 0, 1);
        return;
    }
    span.link(&to, |fields| {
        put_all(fields, &link.attributes);
        fields.0.dropped += link.dropped_attributes_count;
    });
}

pub(super) fn put_status(span: &mut SpanData, status: ApiStatus) {
    span.set_status(match status {
        ApiStatus::Unset => Status::Unset,
        ApiStatus::Ok => Status::Ok,
        ApiStatus::Error { description } => Status::error(description),
    });
}

fn put_all(fields: &mut Fields, attributes: &[KeyValue]) {
    for attribute in attributes {
        attributes::put(attribute, |key, value| {
            fields.set(key, value);
        });
    }
}
