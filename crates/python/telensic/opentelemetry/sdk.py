"""The official SDK's setup, by its names: a program that sets a pipeline up keeps that code and changes its imports.

There is no pipeline here, so what is said of it becomes settings of the recorder: the resource, the share of traces, the
limits, where spans are sent. Batching is the recorder's own affair. Settings count if nothing records yet.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from telensic import recording
from telensic.opentelemetry import metrics, tracing
from telensic.opentelemetry.provider import Resource as _Resource

__all__ = [
    "BatchSpanProcessor",
    "ConsoleSpanExporter",
    "MeterProvider",
    "OTLPSpanExporter",
    "PrometheusMetricReader",
    "Resource",
    "SimpleSpanProcessor",
    "SpanLimits",
    "TraceIdRatioBased",
    "TracerProvider",
]


class Resource(_Resource):
    """What the service is."""

    @classmethod
    def create(cls, attributes: Mapping[str, Any] | None = None) -> Resource:
        """A resource of these attributes."""
        return cls(dict(attributes or {}))


class OTLPSpanExporter:
    """Where everything is sent to: of ``/v1/traces`` at the end only what is before it counts."""

    def __init__(self, endpoint: str | None = None, **settings: Any) -> None:
        self.endpoint = None if endpoint is None else endpoint.removesuffix("/v1/traces")


class ConsoleSpanExporter:
    """Has log records shown on stderr; spans are on the tape (``telensic watch``)."""


class BatchSpanProcessor:
    """Takes an exporter to its provider."""

    def __init__(self, span_exporter: Any, **settings: Any) -> None:
        self.span_exporter = span_exporter


SimpleSpanProcessor = BatchSpanProcessor


class TraceIdRatioBased:
    """The share of new traces that is exported."""

    def __init__(self, rate: float) -> None:
        self.rate = rate


class SpanLimits:
    """How much a span may hold."""

    def __init__(
        self,
        max_attributes: int | None = None,
        max_events: int | None = None,
        max_links: int | None = None,
        max_attribute_length: int | None = None,
    ) -> None:
        self.variables = {
            "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT": max_attributes,
            "OTEL_SPAN_EVENT_COUNT_LIMIT": max_events,
            "OTEL_SPAN_LINK_COUNT_LIMIT": max_links,
            "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT": max_attribute_length,
        }


class PrometheusMetricReader:
    """Is there for those who are used to it: metrics are served by ``telensic.start_exporter()``."""


class TracerProvider(tracing.TracerProvider):
    """A tracer provider that starts recording with the settings that it was given."""

    def __init__(
        self,
        sampler: TraceIdRatioBased | None = None,
        resource: Resource | None = None,
        span_limits: SpanLimits | None = None,
        **settings: Any,
    ) -> None:
        attributes = {} if resource is None else dict(resource.attributes)
        self._settings: dict[str, Any] = {
            "service_name": attributes.pop("service.name", None),
            "version": attributes.pop("service.version", None),
            "environment": attributes.pop("deployment.environment", None),
            "resource": attributes,
            "sample_rate": None if sampler is None else sampler.rate,
        }
        for name, limit in ({} if span_limits is None else span_limits.variables).items():
            if limit is not None:
                os.environ.setdefault(name, str(limit))
        self._connect()

    def add_span_processor(self, span_processor: Any) -> None:
        """Says where spans are sent to, before the first tracer is asked for."""
        exporter = getattr(span_processor, "span_exporter", None)
        if isinstance(exporter, OTLPSpanExporter):
            self._settings["otlp_endpoint"] = exporter.endpoint
        elif isinstance(exporter, ConsoleSpanExporter):
            self._settings["console"] = True

    def get_tracer(self, *args: Any, **kwargs: Any) -> tracing.Tracer:
        """The tracer of a library; the first one starts recording."""
        if not recording.is_recording():
            recording.init(**self._settings)
        return super().get_tracer(*args, **kwargs)


class MeterProvider(metrics.MeterProvider):
    """A meter provider; its readers are the recorder's own."""

    def __init__(self, metric_readers: Sequence[Any] = (), **settings: Any) -> None:
        super().__init__()
