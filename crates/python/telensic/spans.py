"""Spans, and tracers for those who are used to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from telensic import _telensic
from telensic._telensic import Context, Span, get_current_span, span
from telensic.recording import init, is_recording

__all__ = ["OpenTelemetryTracer", "Tracer", "get_current_span", "get_tracer", "span"]


class Tracer:
    """Starts spans in the name of one library or module."""

    def __init__(self, name: str | None = None, version: str = "") -> None:
        self._scope = None if name is None else _telensic.Scope(name, version)

    def trace_async(self, name: str, /, **attributes: Any) -> Span:
        """A span for ``with`` and ``async with``."""
        return _telensic.start_span(name, attributes=attributes, scope=self._scope)

    def start_span(
        self,
        name: str,
        *,
        parent: Context | Span | None = None,
        kind: str = "internal",
        attributes: Mapping[str, Any] | None = None,
        links: Sequence[Context | Span] | None = None,
        start_time: int | None = None,
    ) -> Span:
        """A span that is not current unless it is entered (``with``), and ends by ``end()`` or with its block."""
        return _telensic.start_span(
            name,
            attributes=None if attributes is None else dict(attributes),
            parent=parent,
            kind=span_kind(kind),
            scope=self._scope,
            links=None if links is None else list(links),
            start_time=start_time,
        )

    def start_as_current_span(self, name: str, **settings: Any) -> Span:
        """The same as :meth:`start_span`, by the name that OpenTelemetry has for it."""
        return self.start_span(name, **settings)

    def add_span_event(self, span: Span, name: str, attributes: Mapping[str, Any] | None = None) -> None:
        """Adds an event that happens now to a span."""
        span.add_event(name, None if attributes is None else dict(attributes))

    def inject_context(self) -> dict[str, str]:
        """The headers with which the current context travels."""
        return _telensic.inject()

    def extract_context(self, carrier: Mapping[str, str]) -> Context:
        """The context that headers bring."""
        return _telensic.extract(carrier)


class OpenTelemetryTracer(Tracer):
    """A tracer that brings the settings of its service along, and starts recording with them."""

    def __init__(
        self,
        service_name: str,
        *,
        jaeger_endpoint: str | None = None,
        otlp_endpoint: str | None = None,
        sample_rate: float | None = None,
        enable_tracing: bool = True,
    ) -> None:
        if not enable_tracing:
            # Nothing new is exported; what comes sampled from elsewhere goes on.
            sample_rate = 0.0
        if not is_recording():
            init(
                service_name,
                jaeger_endpoint=jaeger_endpoint,
                otlp_endpoint=otlp_endpoint,
                sample_rate=sample_rate,
            )
        super().__init__(service_name)


def get_tracer(name: str | None = None, version: str = "", *, service_name: str | None = None) -> Tracer:
    """A tracer of this name; recording is started if nothing has started it, for a service of ``service_name``."""
    if not is_recording():
        init(service_name or name)
    return Tracer(name, version)


def span_kind(kind: str) -> int:
    """The number of a span's kind."""
    number = _telensic.span_kind(kind)
    if number is None:
        raise ValueError(
            f"{kind!r} is no kind of span: known are internal, server, client, producer, consumer"
        )
    return number
