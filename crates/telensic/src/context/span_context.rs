//! The part of a span that other spans and processes need to know: which trace, which span, sampled or not.
//!
//! Invariant: ids are never zero (their types forbid it), and a [`TraceFlags`] never puts a bit on the wire
//! that W3C Trace Context level 2 has not defined.

use std::ops::BitOr;

use telensic_tape::{SpanId, TraceId};

/// The flags of a trace, as in the last field of `traceparent`.
///
/// ```text
/// bit  0  sampled    W3C level 1: the caller may have recorded this trace
///      1  random     W3C level 2: the last 7 bytes of the trace id are random
///      6  debug      B3 only: record whatever the sampler says, and tell the next service so
///      7  deferred   B3 only: the caller left the sampling decision to us
/// ```
///
/// The two B3 bits live in this process alone; [`to_w3c`](Self::to_w3c) leaves them out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TraceFlags(u8);

impl TraceFlags {
    /// No flag set.
    pub const NONE: Self = Self(0);
    /// The trace is recorded and exported.
    pub const SAMPLED: Self = Self(1);
    /// At least the last 7 bytes of the trace id are random; set by whoever generates such an id.
    pub const RANDOM: Self = Self(1 << 1);

    pub(super) const DEBUG: Self = Self(1 << 6);
    pub(super) const DEFERRED: Self = Self(1 << 7);

    /// The flags of a `traceparent` byte; bits that level 2 does not define are dropped, as it demands.
    #[inline]
    pub const fn from_w3c(byte: u8) -> Self {
        Self(byte & (Self::SAMPLED.0 | Self::RANDOM.0))
    }

    /// The byte for `traceparent` and for the lowest eight bits of OTLP's `flags`.
    #[inline]
    pub const fn to_w3c(self) -> u8 {
        self.0 & (Self::SAMPLED.0 | Self::RANDOM.0)
    }

    /// Whether the trace is sampled.
    #[inline]
    pub const fn is_sampled(self) -> bool {
        self.contains(Self::SAMPLED)
    }

    /// Whether the trace id is declared random.
    #[inline]
    pub const fn is_random(self) -> bool {
        self.contains(Self::RANDOM)
    }

    /// Whether a B3 caller asked for this trace to be recorded without fail.
    #[inline]
    pub const fn is_debug(self) -> bool {
        self.contains(Self::DEBUG)
    }

    /// Whether a B3 caller named the trace but left the sampling decision to us.
    #[inline]
    pub const fn is_deferred(self) -> bool {
        self.contains(Self::DEFERRED)
    }

    /// These flags with the sampling decision made; a deferred decision is deferred no longer.
    #[inline]
    #[must_use]
    pub const fn with_sampled(self, sampled: bool) -> Self {
        let kept = self.0 & !Self::DEFERRED.0;
        if sampled {
            Self(kept | Self::SAMPLED.0)
        } else {
            Self(kept & !(Self::SAMPLED.0 | Self::DEBUG.0))
        }
    }

    /// These flags, and what another format said of the same trace that this one may not be able to say.
    pub(super) fn or_kept_from(self, earlier: Self) -> Self {
        let kept = Self(self.0 | (earlier.0 & (Self::RANDOM.0 | Self::DEBUG.0)));
        if kept.is_debug() {
            kept.with_sampled(true)
        } else {
            kept
        }
    }

    const fn contains(self, flag: Self) -> bool {
        self.0 & flag.0 != 0
    }
}

impl BitOr for TraceFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The identity of a span: enough to be its child in any process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SpanContext {
    trace_id: TraceId,
    span_id: SpanId,
    flags: TraceFlags,
    is_remote: bool,
}

impl SpanContext {
    /// The context of a span of this process.
    #[inline]
    pub const fn new(trace_id: TraceId, span_id: SpanId, flags: TraceFlags) -> Self {
        Self {
            trace_id,
            span_id,
            flags,
            is_remote: false,
        }
    }

    /// The context of a span that another process sent.
    #[inline]
    pub const fn remote(trace_id: TraceId, span_id: SpanId, flags: TraceFlags) -> Self {
        Self {
            trace_id,
            span_id,
            flags,
            is_remote: true,
        }
    }

    /// The context of a child of this span, in this process: same trace and flags, its own span id.
    #[inline]
    #[must_use]
    pub const fn child(self, span_id: SpanId) -> Self {
        Self {
            span_id,
            is_remote: false,
            ..self
        }
    }

    /// This context with the sampling decision made.
    #[inline]
    #[must_use]
    pub const fn with_sampled(self, sampled: bool) -> Self {
        Self {
            flags: self.flags.with_sampled(sampled),
            ..self
        }
    }

    pub(super) const fn with_flags(self, flags: TraceFlags) -> Self {
        Self { flags, ..self }
    }

    /// The trace this span belongs to.
    #[inline]
    pub const fn trace_id(&self) -> TraceId {
        self.trace_id
    }

    /// The span.
    #[inline]
    pub const fn span_id(&self) -> SpanId {
        self.span_id
    }

    /// The flags of the trace.
    #[inline]
    pub const fn flags(&self) -> TraceFlags {
        self.flags
    }

    /// Whether the trace is sampled.
    #[inline]
    pub const fn is_sampled(&self) -> bool {
        self.flags.is_sampled()
    }

    /// Whether the span came from another process.
    #[inline]
    pub const fn is_remote(&self) -> bool {
        self.is_remote
    }
}
