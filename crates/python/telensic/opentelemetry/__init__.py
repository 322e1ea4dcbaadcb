"""The OpenTelemetry API: what is written for it, and every library that is instrumented for it, records to the tape.

    OTEL_SERVICE_NAME=pricing opentelemetry-instrument python service.py     # with no other SDK installed

    telensic.opentelemetry.install()                                         # or in code

Needs ``opentelemetry-api``, which only this package imports. ``docs/python-opentelemetry.md`` tells the rest.
"""

from telensic.opentelemetry.contexts import RuntimeContext, from_context, to_context
from telensic.opentelemetry.install import install
from telensic.opentelemetry.logging import Logger, LoggerProvider
from telensic.opentelemetry.metrics import Meter, MeterProvider
from telensic.opentelemetry.tracing import Span, Tracer, TracerProvider

__all__ = [
    "Logger",
    "LoggerProvider",
    "Meter",
    "MeterProvider",
    "RuntimeContext",
    "Span",
    "Tracer",
    "TracerProvider",
    "from_context",
    "install",
    "to_context",
]
