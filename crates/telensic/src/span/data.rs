//! A span that was started: its ids and, if it is recorded, its OTLP message, growing in a buffer.
//!
//! It lives in a box that its thread keeps for the next span, so a handle is one word. The buffer is a valid `Span` message at any moment; only the end time, the status and the dropped counts
//! are missing until the end. Ending it is one copy to the tape.

use std::time::SystemTime;

use telensic_redact::KeyClass;
use telensic_tape::otlp::{self, field};
use telensic_tape::{OpenSlot, OpenSpan, Signal, UnixNanos, Value};

use super::attributes::{Attributes, Fields, Rules};
use super::exception::Exception;
use crate::context::{Context, SpanContext};
use crate::recorder::Recorder;
use crate::scope::ScopeId;
use crate::thread::ThreadState;
use crate::{Key, SpanKind, Status};

/// What is given when a span starts.
pub(crate) struct Start<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: SpanKind,
    pub(crate) scope: ScopeId,
    pub(crate) time: UnixNanos,
}

/// A span that has been started and not ended.
#[derive(Debug)]
pub(crate) struct SpanData {
    recorder: &'static Recorder,
    context: Context,
    /// Whether anything but its ids is kept.
    recorded: bool,
    sampled: bool,
    buffer: Vec<u8>,
    attributes: Attributes,
    events: u32,
    dropped_events: u32,
    links: u32,
    dropped_links: u32,
    slot: Option<OpenSlot>,
    scope: ScopeId,
    status: Status,
}

/// A buffer that grew beyond this is not kept for the next span.
const SPARE_CAPACITY: usize = 64 * 1024;

/// OTLP's flag for "it is known whether the parent is remote".
const HAS_IS_REMOTE: u32 = 0x100;
/// OTLP's flag for "the parent is in another process".
const IS_REMOTE: u32 = 0x200;

impl SpanData {
    /// A span of these ids, child of this context, that is not recorded yet.
    #[inline]
    pub(crate) fn unrecorded(
        recorder: &'static Recorder,
        spare: Option<Box<Self>>,
        above: &Context,
        span: SpanContext,
    ) -> Box<Self> {
        let mut data = spare.unwrap_or_else(|| Box::new(Self::unused(recorder)));
        data.recorder = recorder;
        data.context.become_child(above, span);
        data.recorded = false;
        data
    }

    /// Lists the span as open and begins its message.
    #[inline]
    pub(crate) fn record(
        &mut self,
        thread: &mut ThreadState,
        span: SpanContext,
        parent: Option<SpanContext>,
        start: &Start<'_>,
    ) {
        let name = self.recorder.redactor.text(KeyClass::Plain, start.name);
        let parent_id = parent.map(|parent| parent.span_id());
        self.recorded = true;
        self.sampled = span.is_sampled();
        self.scope = start.scope;
        self.slot = thread.open_slot(&mut OpenSpan {
            trace_id: span.trace_id(),
            span_id: span.span_id(),
            parent: parent_id,
            start: start.time,
            thread: 0,
            name: &name,
        });
        let remote = if parent.is_some_and(|parent| parent.is_remote()) {
            IS_REMOTE
        } else {
            0
        };
        let flags = u32::from(span.flags().to_w3c()) | HAS_IS_REMOTE | remote;
        put_head(&mut self.buffer, span, flags, start.kind, start.time);
        if let Some(parent) = parent_id {
            const TAG: u8 = (field::span::PARENT_SPAN_ID as u8) << 3 | LEN;
            self.buffer.extend_from_slice(&[TAG, 8]);
            self.buffer.extend_from_slice(&parent.to_bytes());
        }
        otlp::put_bytes(&mut self.buffer, field::span::NAME, name.as_bytes());
        if let Some(state) = self.context.trace_state() {
            otlp::put_bytes(
                &mut self.buffer,
                field::span::TRACE_STATE,
                state.as_str().as_bytes(),
            );
        }
    }

    /// One that stands for no span yet.
    #[cold]
    fn unused(recorder: &'static Recorder) -> Self {
        Self {
            recorder,
            context: Context::new(),
            recorded: false,
            sampled: false,
            buffer: Vec::with_capacity(512),
            attributes: Attributes::default(),
            events: 0,
            dropped_events: 0,
            links: 0,
            dropped_links: 0,
            slot: None,
            scope: ScopeId::default(),
            status: Status::Unset,
        }
    }

    /// Forgets what was recorded, so that another span can use the memory; false if it is too much to keep.
    #[inline]
    pub(crate) fn clear(&mut self) -> bool {
        if self.recorded {
            self.buffer.clear();
            self.attributes = Attributes::default();
            (self.events, self.dropped_events, self.links, self.dropped_links) = (0, 0, 0, 0);
            self.slot = None;
            if self.status != Status::Unset {
                self.status = Status::Unset;
            }
        }
        self.buffer.capacity() <= SPARE_CAPACITY
    }

    #[inline]
    pub(crate) fn is_recorded(&self) -> bool {
        self.recorded
    }

    /// What its children belong to.
    #[inline]
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    #[inline]
    fn rules(&self) -> Rules<'static> {
        let limits = &self.recorder.settings.limits;
        Rules {
            redactor: &self.recorder.redactor,
            field: field::span::ATTRIBUTE,
            most: limits.span_attributes,
            value_length: limits.span_value_length,
        }
    }

    #[inline]
    pub(crate) fn set(&mut self, key: Key<'_>, value: Value<'_>) {
        let rules = self.rules();
        self.attributes.set(&mut self.buffer, rules, key, value);
    }

    pub(crate) fn event(&mut self, name: &str, time: Option<SystemTime>, fill: impl FnOnce(&mut Fields<'_>)) {
        let limits = &self.recorder.settings.limits;
        if self.events >= limits.span_events {
            self.dropped_events += 1;
            return;
        }
        self.events += 1;
        let time = time.map_or_else(|| self.recorder.clock.now(), unix_nanos);
        let name = self.recorder.redactor.text(KeyClass::Plain, name);
        let mut message = Vec::with_capacity(128);
        otlp::put_fixed64(&mut message, field::event::TIME, time.0);
        otlp::put_bytes(&mut message, field::event::NAME, name.as_bytes());
        let rules = Rules {
            field: field::event::ATTRIBUTE,
            most: limits.event_attributes,
            ..self.rules()
        };
        let mut fields = Fields {
            buffer: &mut message,
            attributes: Attributes::default(),
            rules,
        };
        fill(&mut fields);
        let dropped = fields.attributes.dropped;
        put_count(&mut message, field::event::DROPPED_ATTRIBUTES, dropped);
        otlp::put_bytes(&mut self.buffer, field::span::EVENT, &message);
    }

    pub(crate) fn link(&mut self, to: &Context, fill: impl FnOnce(&mut Fields<'_>)) {
        let limits = &self.recorder.settings.limits;
        let Some(span) = to.span() else { return };
        if self.links >= limits.span_links {
            self.dropped_links += 1;
            return;
        }
        self.links += 1;
        let mut message = Vec::with_capacity(64);
        otlp::put_bytes(&mut message, field::link::TRACE_ID, &span.trace_id().to_bytes());
        otlp::put_bytes(&mut message, field::link::SPAN_ID, &span.span_id().to_bytes());
        if let Some(state) = to.trace_state() {
            otlp::put_bytes(&mut message, field::link::TRACE_STATE, state.as_str().as_bytes());
        }
        let rules = Rules {
            field: field::link::ATTRIBUTE,
            most: limits.link_attributes,
            ..self.rules()
        };
        let mut fields = Fields {
            buffer: &mut message,
            attributes: Attributes::default(),
            rules,
        };
        fill(&mut fields);
        let dropped = fields.attributes.dropped;
        put_count(&mut message, field::link::DROPPED_ATTRIBUTES, dropped);
        let remote = if span.is_remote() { IS_REMOTE } else { 0 };
        otlp::put_fixed32(
            &mut message,
            field::link::FLAGS,
            u32::from(span.flags().to_w3c()) | HAS_IS_REMOTE | remote,
        );
        otlp::put_bytes(&mut self.buffer, field::span::LINK, &message);
    }

    /// Notes what went wrong, as OpenTelemetry's `exception` event and the span's status.
    pub(crate) fn exception(&mut self, exception: &Exception) {
        self.event("exception", None, |event| {
            exception.put(|key, value| {
                event.set(key, value);
            })
        });
        self.set_status(Status::error(exception.message.clone()));
    }

    /// `Ok` is final; an error can still become another one.
    pub(crate) fn set_status(&mut self, status: Status) {
        if self.status != Status::Ok && status != Status::Unset {
            self.status = status;
        }
    }

    /// Replaces the name; of a field that is there twice, protobuf has the last one count.
    pub(crate) fn set_name(&mut self, name: &str) {
        let name = self.recorder.redactor.text(KeyClass::Plain, name);
        otlp::put_bytes(&mut self.buffer, field::span::NAME, name.as_bytes());
    }

    /// Writes the span to the tape. In the child of a fork the span is its parent's, and nothing is written.
    #[inline]
    pub(crate) fn end(mut self: Box<Self>, thread: &mut ThreadState, at: Option<UnixNanos>) {
        if self.recorded {
            self.write(thread, at);
        }
        thread.keep_span(self);
    }

    #[inline]
    fn write(&mut self, thread: &mut ThreadState, at: Option<UnixNanos>) {
        let Some(recorder) = thread.recorder() else { return };
        if self.recorder.forks != recorder.forks {
            return;
        }
        let now = at.unwrap_or_else(|| self.recorder.clock.now());
        otlp::put_fixed64(&mut self.buffer, field::span::END, now.0);
        if self.needs_tail() {
            self.put_tail();
        }
        // A loss was counted where it happened; there is nobody to tell here.
        let _ = thread.append(Signal::Spans, self.scope, self.sampled, &self.buffer, now);
        if self.recorder.generation == recorder.generation
            && let Some(slot) = self.slot.take()
        {
            thread.close_slot(slot);
        }
    }

    #[inline]
    fn needs_tail(&self) -> bool {
        self.status != Status::Unset
            || self.attributes.dropped | self.dropped_events | self.dropped_links != 0
    }

    #[cold]
    fn put_tail(&mut self) {
        let code = match &self.status {
            Status::Unset => 0,
            Status::Ok => 1,
            Status::Error { .. } => 2,
        };
        if code != 0 {
            let mut status = Vec::new();
            if let Status::Error { message } = &self.status {
                let message = self.recorder.redactor.text(KeyClass::Plain, message);
                otlp::put_bytes(&mut status, field::status::MESSAGE, message.as_bytes());
            }
            otlp::put_varint_field(&mut status, field::status::CODE, code);
            otlp::put_bytes(&mut self.buffer, field::span::STATUS, &status);
        }
        put_count(
            &mut self.buffer,
            field::span::DROPPED_ATTRIBUTES,
            self.attributes.dropped,
        );
        put_count(&mut self.buffer, field::span::DROPPED_EVENTS, self.dropped_events);
        put_count(&mut self.buffer, field::span::DROPPED_LINKS, self.dropped_links);
    }
}

/// A count, if it is not zero.
pub(crate) fn put_count(buffer: &mut Vec<u8>, number: u32, count: u32) {
    if count > 0 {
        otlp::put_varint_field(buffer, number, u64::from(count));
    }
}

/// The time of a system clock's reading.
pub(crate) fn unix_nanos(time: SystemTime) -> UnixNanos {
    UnixNanos(
        time.duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |since| since.as_nanos() as u64),
    )
}

/// Wire types of protobuf.
const FIXED64: u8 = 1;
const LEN: u8 = 2;
const FIXED32: u8 = 5;

/// Appends the fields of fixed size that every span has, in stores as wide as they can be: what is put
/// together on the stack first and then copied would stall the CPU.
#[inline]
fn put_head(buffer: &mut Vec<u8>, span: SpanContext, flags: u32, kind: SpanKind, time: UnixNanos) {
    const TRACE_ID: u8 = (field::span::TRACE_ID as u8) << 3 | LEN;
    const SPAN_ID: u8 = (field::span::SPAN_ID as u8) << 3 | LEN;
    // Field 16 is the one whose tag takes two bytes.
    const FLAGS: [u8; 2] = [
        (field::span::FLAGS as u8) << 3 | FIXED32 | 0x80,
        (field::span::FLAGS >> 4) as u8,
    ];
    const KIND: u8 = (field::span::KIND as u8) << 3;
    const START: u8 = (field::span::START as u8) << 3 | FIXED64;
    buffer.extend_from_slice(&[TRACE_ID, 16]);
    buffer.extend_from_slice(&span.trace_id().to_bytes());
    buffer.extend_from_slice(&[SPAN_ID, 8]);
    buffer.extend_from_slice(&span.span_id().to_bytes());
    let flags_and_kind = u64::from(u16::from_le_bytes(FLAGS))
        | u64::from(flags) << 16
        | u64::from(KIND) << 48
        | (kind as u64) << 56;
    buffer.extend_from_slice(&flags_and_kind.to_le_bytes());
    buffer.push(START);
    buffer.extend_from_slice(&time.0.to_le_bytes());
}
