//! Everything that can be said of a span before it starts.

use std::time::SystemTime;

use super::Span;
use super::data::{SpanData, Start, unix_nanos};
use crate::SpanKind;
use crate::context::{Context, SpanContext, TraceFlags};
use crate::recorder::active;
use crate::scope::ScopeId;
use crate::thread::{self, ThreadState};

/// A span about to be started.
///
/// ```
/// use telensic::{SpanBuilder, SpanKind};
/// # let incoming = telensic::context::Context::new();
///
/// let span = SpanBuilder::new("GET /quotes/{symbol}").kind(SpanKind::Server).parent(&incoming).start();
/// # drop(span);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until it is started"]
pub struct SpanBuilder<'a> {
    name: &'a str,
    parent: Option<&'a Context>,
    kind: SpanKind,
    scope: ScopeId,
    time: Option<SystemTime>,
    kept: bool,
}

impl<'a> SpanBuilder<'a> {
    /// An internal span of this name, child of the current one.
    #[inline]
    pub fn new(name: &'a str) -> Self {
        Self {
            name,
            parent: None,
            kind: SpanKind::Internal,
            scope: ScopeId::default(),
            time: None,
            kept: false,
        }
    }

    /// Makes it a child of this context's span; of an empty context, the root of a new trace.
    #[inline]
    pub fn parent(mut self, context: &'a Context) -> Self {
        self.parent = Some(context);
        self
    }

    /// Says which part of a call it stands for.
    pub fn kind(mut self, kind: SpanKind) -> Self {
        self.kind = kind;
        self
    }

    /// Says which library or module records it.
    pub fn scope(mut self, scope: ScopeId) -> Self {
        self.scope = scope;
        self
    }

    /// Whether it is recorded, though not exported, if its trace is not sampled.
    #[inline]
    pub(crate) fn kept(mut self, kept: bool) -> Self {
        self.kept = kept;
        self
    }

    /// Starts it as of this time.
    pub fn start_at(mut self, time: SystemTime) -> Span {
        self.time = Some(time);
        self.start()
    }

    /// Starts it.
    #[inline]
    pub fn start(self) -> Span {
        if active() == 0 {
            return Span::none();
        }
        if self.parent.is_none()
            && !self.kept
            && let Some(frame) = thread::unsampled_frame()
        {
            return Span::within(frame);
        }
        ThreadState::with(|thread| self.start_on(thread)).unwrap_or_default()
    }

    #[inline]
    fn start_on(&self, thread: &mut ThreadState) -> Span {
        let Some(recorder) = thread.recorder() else {
            return Span::none();
        };
        let span_id = thread.random().span_id();
        // Drawn for a child too: cheaper than to look at the parent twice.
        let new_trace = thread.random().trace_id();
        let spare = thread.spare_span();
        let above = match self.parent {
            Some(given) => given,
            None => thread.context().unwrap_or_else(|| recorder.origin()),
        };
        let (trace_id, flags, parent) = match above.span() {
            Some(parent) => (
                parent.trace_id(),
                parent.flags(),
                Some((parent.span_id(), parent.is_remote())),
            ),
            None => (new_trace, TraceFlags::RANDOM, None),
        };
        let sampled = if above.is_empty() {
            recorder.share_of_new.contains(trace_id)
        } else {
            recorder.settings.sampler.sample_in(above, trace_id)
        };
        let span = SpanContext::new(trace_id, span_id, flags.with_sampled(sampled));
        let mut data = SpanData::unrecorded(recorder, spare, above, span);
        let recorded = sampled || recorder.keeps_all || self.kept;
        if recorded {
            let time = self.time.map_or_else(|| recorder.clock.now(), unix_nanos);
            let start = Start {
                name: self.name,
                parent,
                kind: self.kind,
                scope: self.scope,
                time,
            };
            data.record(thread, span, &start);
        }
        Span::started(data, recorded)
    }
}
