"""Spans of the API, which are Telensic's."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags, TraceState

from telensic import _telensic

__all__ = ["Span", "span_context_of"]


def span_context_of(context: _telensic.Context) -> SpanContext:
    """The ids of a context, as the API has them."""
    headers = context.headers()
    parent = headers.get("traceparent", "")
    if not parent:
        return trace.INVALID_SPAN_CONTEXT
    _, trace_id, span_id, flags = parent.split("-")[:4]
    state = headers.get("tracestate")
    return SpanContext(
        int(trace_id, 16),
        int(span_id, 16),
        context.is_remote,
        TraceFlags(int(flags, 16)),
        TraceState.from_header([state]) if state else TraceState(),
    )


class Span(trace.Span):
    """A span of Telensic with the methods of the API. Two of the same span are equal.

    ``name``, ``kind``, ``parent``, ``attributes`` and ``status`` are not of the API, but of the official SDK, and
    instrumentation of others reads them: here they hold what was said through this object.
    """

    def __init__(
        self,
        native: _telensic.Span,
        *,
        name: str = "",
        kind: SpanKind = SpanKind.INTERNAL,
        parent: SpanContext | None = None,
        attributes: Mapping[str, Any] | None = None,
        record_exception: bool = True,
        set_status_on_exception: bool = True,
    ) -> None:
        self.native = native
        self._record_exception = record_exception
        self._set_status_on_exception = set_status_on_exception
        self.name = name
        self.kind = kind
        self.parent = parent
        self.attributes: dict[str, Any] = dict(attributes or {})
        self.status = Status()
        self._ids: SpanContext | None = None

    def get_span_context(self) -> SpanContext:
        """Its ids."""
        if self._ids is None:
            self._ids = span_context_of(self.native.context)
        return self._ids

    def is_recording(self) -> bool:
        """Whether what is said of it is kept."""
        return self.native.is_recording()

    def set_attribute(self, key: str, value: Any) -> None:
        """Adds an attribute, or replaces the one with this key."""
        if self.native.is_recording():
            self.attributes[key] = value
            self.native.set(key, value)

    def set_attributes(self, attributes: Mapping[str, Any]) -> None:
        """Adds several attributes."""
        for key, value in attributes.items():
            self.set_attribute(key, value)

    def add_event(
        self, name: str, attributes: Mapping[str, Any] | None = None, timestamp: int | None = None
    ) -> None:
        """Adds an event that happens now, or at ``timestamp``."""
        self.native.add_event(name, None if attributes is None else dict(attributes), timestamp)

    def add_link(self, context: SpanContext, attributes: Mapping[str, Any] | None = None) -> None:
        """Links it to another span; a link to no span is none."""
        if not context.is_valid:
            return
        to = _telensic.restore_context(
            {
                "traceparent": f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags & 0xFF:02x}",
                "tracestate": context.trace_state.to_header(),
            }
        )
        self.native.add_link(to, None if attributes is None else dict(attributes))

    def update_name(self, name: str) -> None:
        """Gives it another name."""
        self.name = name
        self.native.update_name(name)

    def set_status(self, status: Status | StatusCode, description: str | None = None) -> None:
        """Says how it ends. ``OK`` is the last word; ``UNSET`` says nothing."""
        if isinstance(status, StatusCode):
            status = Status(status, description)
        if self.status.status_code is StatusCode.OK or status.status_code is StatusCode.UNSET:
            return
        self.status = status
        self.native.set_status(status)

    def record_exception(
        self,
        exception: BaseException,
        attributes: Mapping[str, Any] | None = None,
        timestamp: int | None = None,
        escaped: bool = False,
    ) -> None:
        """Records an exception as an event; what it means for the span is for the caller to say."""
        if not self.is_recording():
            return
        kind, message, stacktrace = _telensic.described_exception(exception)
        described: dict[str, Any] = {
            "exception.type": kind,
            "exception.message": message,
            "exception.stacktrace": stacktrace,
            "exception.escaped": str(escaped),
        }
        self.add_event("exception", {**described, **(attributes or {})}, timestamp)

    def end(self, end_time: int | None = None) -> None:
        """Ends it, once."""
        self.native.end(end_time)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        if exc_val is not None and self.is_recording():
            if self._record_exception:
                self.record_exception(exc_val, escaped=True)
            if self._set_status_on_exception:
                self.set_status(Status(StatusCode.ERROR, f"{type(exc_val).__name__}: {exc_val}"))
        super().__exit__(exc_type, exc_val, exc_tb)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Span) and self.native is other.native

    def __hash__(self) -> int:
        return hash(self.native)

    def __repr__(self) -> str:
        return f"Span({self.get_span_context()!r})"
