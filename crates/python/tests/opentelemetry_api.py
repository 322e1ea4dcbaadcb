"""A plugin of pytest with which the tests of opentelemetry-api run against our context, tracers, loggers and meters.

    PYTHONPATH=tests:<opentelemetry-python>/tests/opentelemetry-test-utils/src \\
        pytest -p opentelemetry_api <opentelemetry-python>/opentelemetry-api/tests

What a test makes by the names of the API's own stand-ins (``NoOpTracer``) is ours then; ``docs/python-opentelemetry.md`` lists
what came of it.
"""

from __future__ import annotations

import os
import tempfile

from opentelemetry import _logs, metrics, trace
from opentelemetry._logs import _internal as logs_internal
from opentelemetry.context import contextvars_context
from opentelemetry.metrics import _internal as metrics_internal

import telensic
import telensic.opentelemetry
from telensic.opentelemetry.contexts import connect

if os.environ.get("OTEL_API_TESTS_OFF") != "1":
    telensic.init("opentelemetry-api", directory=tempfile.mkdtemp(), log_files=False)
    connect()
    contextvars_context.ContextVarsRuntimeContext = telensic.opentelemetry.RuntimeContext

    class Tracer(telensic.opentelemetry.Tracer):
        def __init__(self) -> None:
            super().__init__(telensic._telensic.Scope("opentelemetry-api"))

    trace.NoOpTracerProvider = telensic.opentelemetry.TracerProvider
    trace.NoOpTracer = Tracer
    for module in (_logs, logs_internal):
        module.NoOpLoggerProvider = telensic.opentelemetry.LoggerProvider
    for module in (metrics, metrics_internal):
        module.NoOpMeterProvider = telensic.opentelemetry.MeterProvider
        module.NoOpMeter = telensic.opentelemetry.Meter
