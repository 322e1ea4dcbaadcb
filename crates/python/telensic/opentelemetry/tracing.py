"""The tracer provider of the API."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from opentelemetry import trace
from opentelemetry.context.context import Context
from opentelemetry.trace import Link, SpanContext, SpanKind
from opentelemetry.util._decorator import _agnosticcontextmanager

from telensic import _telensic
from telensic.opentelemetry.contexts import NOTHING, connect, from_context
from telensic.opentelemetry.provider import Provider
from telensic.opentelemetry.spans import Span

__all__ = ["Span", "Tracer", "TracerProvider"]


class Tracer(trace.Tracer):
    """Starts spans of one instrumentation scope."""

    def __init__(self, scope: _telensic.Scope) -> None:
        self._scope = scope

    def start_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Mapping[str, Any] | None = None,
        links: Sequence[Link] | None = None,
        start_time: int | None = None,
        record_exception: bool = True,
        set_status_on_exception: bool = True,
    ) -> Span:
        """A span that is not current: a child of what is, or of the span in ``context``; without one there, a root."""
        said = None if attributes is None else dict(attributes)
        native = _telensic.start_span(
            name,
            attributes=said,
            parent=None if context is None else from_context(context) or NOTHING,
            kind=kind.value,
            scope=self._scope,
            start_time=start_time,
        )
        above = trace.get_current_span(context).get_span_context()
        span = Span(
            native,
            name=name,
            kind=kind,
            parent=above if isinstance(above, SpanContext) and above.is_valid else None,
            attributes=said,
            record_exception=record_exception,
            set_status_on_exception=set_status_on_exception,
        )
        for link in links or ():
            span.add_link(link.context, link.attributes)
        return span

    @_agnosticcontextmanager
    def start_as_current_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Mapping[str, Any] | None = None,
        links: Sequence[Link] | None = None,
        start_time: int | None = None,
        record_exception: bool = True,
        set_status_on_exception: bool = True,
        end_on_exit: bool = True,
    ) -> Iterator[trace.Span]:
        """The same, current in its block or in the function that it decorates."""
        span = self.start_span(name, context, kind, attributes, links, start_time)
        with trace.use_span(
            span,
            end_on_exit=end_on_exit,
            record_exception=record_exception,
            set_status_on_exception=set_status_on_exception,
        ):
            yield span


class TracerProvider(Provider, trace.TracerProvider):
    """Its tracers' spans are recorded as Telensic's. Recording is started if nothing has started it."""

    def __init__(self) -> None:
        super().__init__()
        self._connect()

    def _connect(self) -> None:
        connect()

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> Tracer:
        """The tracer of a library."""
        return Tracer(_telensic.Scope(instrumenting_module_name or "", instrumenting_library_version or ""))
