//! What a span is started with, besides its name.

#![cfg_attr(
    not(feature = "macros"),
    expect(unreachable_pub, reason = "public for what `#[trace_span]` generates")
)]

use crate::context::Context;
use crate::{ScopeId, Span, SpanBuilder, SpanKind};

/// Of the user's choice, or as it is by default.
#[derive(Clone, Copy, Debug, Default)]
pub struct Start<'p> {
    kind: SpanKind,
    scope: ScopeId,
    parent: Option<&'p Context>,
    kept: bool,
}

impl<'p> Start<'p> {
    /// An internal child of the current span.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says which part of a call it stands for.
    #[cfg(feature = "macros")]
    #[inline]
    #[must_use]
    pub fn kind(self, kind: SpanKind) -> Self {
        Self { kind, ..self }
    }

    /// Says which library or module records it.
    #[cfg(feature = "macros")]
    #[inline]
    #[must_use]
    pub fn scope(self, scope: ScopeId) -> Self {
        Self { scope, ..self }
    }

    /// Makes it a child of this context's span.
    #[cfg(feature = "macros")]
    #[inline]
    #[must_use]
    pub fn parent(self, context: &'p Context) -> Self {
        Self {
            parent: Some(context),
            ..self
        }
    }

    /// Makes it the root of a new trace.
    #[cfg(feature = "macros")]
    #[inline]
    #[must_use]
    pub fn root(self) -> Self {
        const NOTHING: &Context = &Context::new();
        self.parent(NOTHING)
    }

    /// Whether the current span, if there is one, is its parent.
    #[inline]
    pub(crate) fn is_child_of_the_current_span(&self) -> bool {
        self.parent.is_none()
    }

    /// Whether it is recorded, though not exported, if its trace is not sampled.
    #[inline]
    pub(crate) fn kept(self, kept: bool) -> Self {
        Self { kept, ..self }
    }

    /// Starts it.
    #[inline]
    pub(crate) fn start(self, name: &str) -> Span {
        let builder = SpanBuilder::new(name)
            .kind(self.kind)
            .scope(self.scope)
            .kept(self.kept);
        match self.parent {
            None => builder.start(),
            Some(parent) => builder.parent(parent).start(),
        }
    }
}
