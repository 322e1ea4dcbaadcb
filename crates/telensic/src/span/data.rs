//! A span that was started: its ids and, if it is recorded, its OTLP message, growing in a buffer.
//!
//! It lives in a box that its thread keeps for the next span, so a handle is that box and a mark. The buffer is a valid
//! `Span` message at any moment; only the end time, the status and the dropped counts are missing until the
//! end. Ending it is one copy to the tape.

use std::time::SystemTime;

use telensic_redact::KeyClass;
use telensic_tape::otlp::{self, SpanHead, field};
use telensic_tape::{OpenSlot, OpenSpan, SpanId, UnixNanos, Value};

use super::exception::Exception;
use crate::context::{Context, SpanContext};
use crate::message::{Fields, Message};
use crate::recorder::Recorder;
use crate::scope::ScopeId;
use crate::thread::ThreadState;
use crate::{Key, SpanKind, Status};

/// What is given when a span starts.
pub(crate) struct Start<'a> {
    pub(crate) name: &'a str,
    /// The span above, and whether it is in another process.
    pub(crate) parent: Option<(SpanId, bool)>,
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
    message: Message,
    events: u32,
    dropped_events: u32,
    links: u32,
    dropped_links: u32,
    slot: Option<OpenSlot>,
    scope: ScopeId,
    status: Status,
    /// Whether it was started by a destructor while a panic was unwinding: then that is not what ends it.
    unwinding: bool,
    /// What the metrics of a stage need to know when it ends.
    #[cfg(feature = "metrics")]
    stage: Option<Box<crate::metrics::Stage>>,
}

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
    pub(crate) fn record(&mut self, thread: &mut ThreadState, span: SpanContext, start: &Start<'_>) {
        let redactor = self.recorder.redactor;
        let redacted;
        let name = if redactor.passes(start.name) {
            start.name
        } else {
            redacted = redactor.text(KeyClass::Plain, start.name);
            &redacted
        };
        let parent_id = start.parent.map(|(id, _)| id);
        self.recorded = true;
        self.message.begin(&self.recorder.rules.span);
        self.sampled = span.is_sampled();
        self.unwinding = std::thread::panicking();
        self.scope = start.scope;
        self.slot = thread.open_slot(&mut OpenSpan {
            trace_id: span.trace_id(),
            span_id: span.span_id(),
            parent: parent_id,
            start: start.time,
            thread: 0,
            name,
        });
        let remote = if let Some((_, true)) = start.parent {
            IS_REMOTE
        } else {
            0
        };
        let flags = u32::from(span.flags().to_w3c()) | HAS_IS_REMOTE | remote;
        let head = SpanHead {
            trace_id: span.trace_id(),
            span_id: span.span_id(),
            parent: parent_id,
            flags,
            kind: start.kind as u8,
            start: start.time,
            name,
        };
        head.put(&mut self.message.bytes);
        if let Some(state) = self.context.trace_state() {
            let state = self.recorder.redactor.text(KeyClass::Plain, state.as_str());
            otlp::put_bytes(
                &mut self.message.bytes,
                field::span::TRACE_STATE,
                state.as_bytes(),
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
            message: Message::new(&recorder.rules.span),
            events: 0,
            dropped_events: 0,
            links: 0,
            dropped_links: 0,
            slot: None,
            scope: ScopeId::default(),
            status: Status::Unset,
            unwinding: false,
            #[cfg(feature = "metrics")]
            stage: None,
        }
    }

    /// Forgets what was recorded, so that another span can use the memory; false if it is too much to keep.
    #[inline]
    pub(crate) fn clear(&mut self) -> bool {
        if self.recorded {
            (self.events, self.dropped_events, self.links, self.dropped_links) = (0, 0, 0, 0);
            self.slot = None;
            if self.status != Status::Unset {
                self.status = Status::Unset;
            }
        }
        self.message.is_small()
    }

    #[inline]
    pub(crate) fn is_recorded(&self) -> bool {
        self.recorded
    }

    /// Whether it ends because a panic unwinds.
    #[inline]
    pub(crate) fn is_ended_by_panic(&self) -> bool {
        self.recorded && std::thread::panicking() && !self.unwinding
    }

    /// When it started.
    #[cold]
    pub(crate) fn start(&self) -> UnixNanos {
        otlp::SpanView::parse(&self.message.bytes).map_or(UnixNanos(0), |span| span.start)
    }

    /// What its children belong to.
    #[inline]
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    #[inline(always)]
    pub(crate) fn set(&mut self, key: Key<'_>, value: Value<'_>) {
        self.message.set_in(field::span::ATTRIBUTE, key, value);
    }

    pub(crate) fn event(&mut self, name: &str, time: Option<SystemTime>, fill: impl FnOnce(&mut Fields)) {
        let limits = &self.recorder.settings.limits;
        if self.events >= limits.span_events {
            self.dropped_events += 1;
            return;
        }
        self.events += 1;
        let time = time.map_or_else(|| self.recorder.clock.now(), unix_nanos);
        let name = self.recorder.redactor.text(KeyClass::Plain, name);
        let mut fields = Fields(Message::new(&self.recorder.rules.event));
        otlp::put_fixed64(&mut fields.0.bytes, field::event::TIME, time.0);
        otlp::put_bytes(&mut fields.0.bytes, field::event::NAME, name.as_bytes());
        fill(&mut fields);
        let Message { bytes, dropped, .. } = &mut fields.0;
        put_count(bytes, field::event::DROPPED_ATTRIBUTES, *dropped);
        otlp::put_bytes(&mut self.message.bytes, field::span::EVENT, bytes);
    }

    pub(crate) fn link(&mut self, to: &Context, fill: impl FnOnce(&mut Fields)) {
        let limits = &self.recorder.settings.limits;
        let Some(span) = to.span() else { return };
        if self.links >= limits.span_links {
            self.dropped_links += 1;
            return;
        }
        self.links += 1;
        let mut fields = Fields(Message::new(&self.recorder.rules.link));
        let bytes = &mut fields.0.bytes;
        otlp::put_bytes(bytes, field::link::TRACE_ID, &span.trace_id().to_bytes());
        otlp::put_bytes(bytes, field::link::SPAN_ID, &span.span_id().to_bytes());
        if let Some(state) = to.trace_state() {
            let state = self.recorder.redactor.text(KeyClass::Plain, state.as_str());
            otlp::put_bytes(bytes, field::link::TRACE_STATE, state.as_bytes());
        }
        let remote = if span.is_remote() { IS_REMOTE } else { 0 };
        let flags = u32::from(span.flags().to_w3c()) | HAS_IS_REMOTE | remote;
        otlp::put_fixed32(bytes, field::link::FLAGS, flags);
        fill(&mut fields);
        let Message { bytes, dropped, .. } = &mut fields.0;
        put_count(bytes, field::link::DROPPED_ATTRIBUTES, *dropped);
        otlp::put_bytes(&mut self.message.bytes, field::span::LINK, bytes);
    }

    /// Counts what was dropped elsewhere.
    #[cfg(feature = "opentelemetry")]
    pub(crate) fn count_dropped(&mut self, attributes: u32, events: u32, links: u32) {
        self.message.dropped = self.message.dropped.saturating_add(attributes);
        self.dropped_events = self.dropped_events.saturating_add(events);
        self.dropped_links = self.dropped_links.saturating_add(links);
    }

    /// Notes what went wrong, as OpenTelemetry's `exception` event and the span's status.
    pub(crate) fn exception(&mut self, exception: &Exception) {
        self.exception_with(exception, |_| {});
    }

    /// The same, with further attributes of the event.
    pub(crate) fn exception_with(&mut self, exception: &Exception, more: impl FnOnce(&mut Fields)) {
        self.event("exception", None, |event| {
            exception.put(|key, value| {
                event.set(key, value);
            });
            more(event);
        });
        self.set_status(Status::error(exception.message.clone()));
        #[cfg(feature = "metrics")]
        if let Some(stage) = &mut self.stage {
            stage.met(&exception.kind);
        }
    }

    /// Has the metrics of a stage of this id recorded when it ends.
    #[cfg(feature = "metrics")]
    pub(crate) fn become_stage(&mut self, id: &str) {
        self.stage = Some(Box::new(crate::metrics::Stage::new(id, self.start())));
    }

    /// Notes that the future of which it is the span was dropped before it was done.
    #[cfg(feature = "metrics")]
    pub(crate) fn note_cancelled(&mut self) {
        if let Some(stage) = &mut self.stage {
            stage.cancel();
        }
    }

    /// `Ok` is final; an error can still become another one.
    pub(crate) fn set_status(&mut self, status: Status) {
        if self.status != Status::Ok && status != Status::Unset {
            self.status = status;
        }
    }

    /// Whether somebody has said how it ends.
    #[cfg(feature = "tracing")]
    pub(crate) fn has_status(&self) -> bool {
        self.status != Status::Unset
    }

    /// Replaces the name; of a field that is there twice, protobuf has the last one count.
    pub(crate) fn set_name(&mut self, name: &str) {
        let name = self.recorder.redactor.text(KeyClass::Plain, name);
        otlp::put_bytes(&mut self.message.bytes, field::span::NAME, name.as_bytes());
    }

    /// Replaces the kind, as [`Self::set_name`] does the name.
    #[cfg(feature = "tracing")]
    pub(crate) fn set_kind(&mut self, kind: SpanKind) {
        otlp::put_varint_field(&mut self.message.bytes, field::span::KIND, kind as u64);
    }

    /// Writes the span to the tape. In the child of a fork the span is its parent's, and nothing is written.
    #[inline(always)]
    pub(crate) fn end(mut self: Box<Self>, thread: &mut ThreadState, at: Option<UnixNanos>) {
        if self.recorded {
            self.write(thread, at);
        }
        thread.keep_span(self);
    }

    #[inline(always)]
    fn write(&mut self, thread: &mut ThreadState, at: Option<UnixNanos>) {
        // Read first: what does not need the time runs meanwhile, for reading the counter takes 10 ns.
        let now = at.unwrap_or_else(|| self.recorder.clock.now());
        #[cfg(feature = "metrics")]
        if let Some(stage) = self.stage.take() {
            stage.end(&self.status, now, self.context.span());
        }
        let Some(recorder) = thread.recorder() else { return };
        let is_in_force = std::ptr::eq(self.recorder, recorder);
        if !is_in_force && self.recorder.forks != recorder.forks {
            return;
        }
        if self.needs_tail() {
            self.put_tail();
        }
        // A loss was counted where it happened; there is nobody to tell here.
        let _ = thread.append_span(self.scope, self.sampled, &mut self.message.bytes, now);
        if is_in_force && let Some(slot) = self.slot.take() {
            thread.close_slot(slot);
        }
    }

    #[inline]
    fn needs_tail(&self) -> bool {
        self.status != Status::Unset || self.message.dropped | self.dropped_events | self.dropped_links != 0
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
            otlp::put_bytes(&mut self.message.bytes, field::span::STATUS, &status);
        }
        put_count(
            &mut self.message.bytes,
            field::span::DROPPED_ATTRIBUTES,
            self.message.dropped,
        );
        put_count(
            &mut self.message.bytes,
            field::span::DROPPED_EVENTS,
            self.dropped_events,
        );
        put_count(
            &mut self.message.bytes,
            field::span::DROPPED_LINKS,
            self.dropped_links,
        );
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
