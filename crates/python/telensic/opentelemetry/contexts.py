"""One context: what was entered last is current, by whichever of the two it was entered.

OpenTelemetry keeps its context in a context variable, and Telensic what is current in another. :class:`RuntimeContext` writes
both, and notes which belong together; what it finds in Telensic's alone was entered there since, and is put on top.
"""

from __future__ import annotations

from contextvars import ContextVar, Token
from typing import Any

import opentelemetry.context
from opentelemetry import baggage, trace
from opentelemetry.context.context import Context, _RuntimeContext
from opentelemetry.trace import SpanContext

from telensic import _telensic
from telensic.opentelemetry.spans import Span, span_context_of

__all__ = ["NOTHING", "RuntimeContext", "connect", "from_context", "to_context"]

Native = _telensic.Span | _telensic.Context

#: A context without a span: what starts in it is the root of a new trace.
NOTHING = _telensic.restore_context({})


def from_context(context: Context) -> Native | None:
    """What a context of OpenTelemetry stands for: the span in it, with its baggage."""
    span = trace.get_current_span(context)
    pairs = {name: str(value) for name, value in baggage.get_all(context).items()}
    if isinstance(span, Span):
        native = span.native
        own = native.context
        return native if own.baggage == pairs else own.with_baggage(pairs)
    ids = span.get_span_context()
    if isinstance(ids, SpanContext) and ids.is_valid:
        remote = _telensic.restore_context(
            {
                "traceparent": f"00-{ids.trace_id:032x}-{ids.span_id:016x}-{ids.trace_flags & 0xFF:02x}",
                "tracestate": ids.trace_state.to_header(),
            }
        )
        return remote.with_baggage(pairs) if pairs else remote
    return NOTHING.with_baggage(pairs) if pairs else None


def to_context(native: Native, below: Context | None = None) -> Context:
    """A context of OpenTelemetry with this span, and its baggage."""
    context = Context() if below is None else below
    own = native.context if isinstance(native, _telensic.Span) else native
    for name, value in own.baggage.items():
        if baggage.get_baggage(name, context) != value:
            context = baggage.set_baggage(name, value, context)
    if isinstance(native, _telensic.Span) and native.trace_id:
        return trace.set_span_in_context(Span(native), context)
    return trace.set_span_in_context(trace.NonRecordingSpan(span_context_of(own)), context)


class _Token:
    """What brings back what was attached before."""

    def __init__(self, token: Token[Any], before: Native | None) -> None:
        self.token = token
        self.before = before


class RuntimeContext(_RuntimeContext):
    """OpenTelemetry's own current context, and Telensic's with it."""

    def __init__(self, former: _RuntimeContext | None = None) -> None:
        self._former = former
        self._attached: ContextVar[tuple[Context, Native | None] | None] = ContextVar(
            "telensic.opentelemetry", default=None
        )
        #: What was made last of something that Telensic has entered, and over what.
        self._seen: ContextVar[tuple[Any, Native, Context] | None] = ContextVar(
            "telensic.opentelemetry.seen", default=None
        )

    def attach(self, context: Context) -> Any:
        """Makes a context current, and its span Telensic's."""
        token = self._attached.set((context, native := from_context(context)))
        return _Token(token, _telensic.enter_context(native))

    def get_current(self) -> Context:
        """What was attached last, with the span that Telensic has entered since."""
        native = _telensic.current_object()
        attached = self._attached.get()
        if attached is None:
            below = Context() if self._former is None else self._former.get_current()
            return below if native is None else to_context(native, below)
        if native is attached[1]:
            return attached[0]
        if native is None:
            return trace.set_span_in_context(trace.INVALID_SPAN, attached[0])
        seen = self._seen.get()
        if seen is None or seen[0] is not attached or seen[1] is not native:
            # Who asks again is to get the same.
            seen = (attached, native, to_context(native, attached[0]))
            self._seen.set(seen)
        return seen[2]

    def detach(self, token: Any) -> None:
        """Makes current what was so before."""
        if isinstance(token, _Token):
            self._attached.reset(token.token)
            _telensic.restore(token.before)
        elif self._former is not None:
            # Attached before this was here.
            self._former.detach(token)


def connect() -> None:
    """Has the API keep its context so. The API has no other way to set it than a variable before its import."""
    api: Any = opentelemetry.context
    if not isinstance(api._RUNTIME_CONTEXT, RuntimeContext):
        api._RUNTIME_CONTEXT = RuntimeContext(api._RUNTIME_CONTEXT)
