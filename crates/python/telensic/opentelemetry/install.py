"""Makes Telensic what the API records to."""

from __future__ import annotations

from opentelemetry import metrics, trace
from opentelemetry._logs import set_logger_provider

from telensic.opentelemetry.contexts import connect
from telensic.opentelemetry.logging import LoggerProvider
from telensic.opentelemetry.metrics import MeterProvider
from telensic.opentelemetry.tracing import TracerProvider

__all__ = ["install"]

_is_installed = False


def install() -> None:
    """Sets the global providers of spans, log records and metrics, once; the API keeps those that were set before."""
    global _is_installed
    if _is_installed:
        return
    _is_installed = True
    connect()
    trace.set_tracer_provider(TracerProvider())
    set_logger_provider(LoggerProvider())
    metrics.set_meter_provider(MeterProvider())
