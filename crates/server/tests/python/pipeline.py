"""A program that knows nothing of Telensic: the official OpenTelemetry SDK, set up by its own variables."""

import logging
import os
import sys

from opentelemetry import metrics, propagate, trace
from opentelemetry._logs import LogRecord, SeverityNumber, get_logger, set_logger_provider
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

logging.basicConfig(level=logging.WARNING)
stage, count = sys.argv[1], int(sys.argv[2])

trace.set_tracer_provider(TracerProvider())
trace.get_tracer_provider().add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
set_logger_provider(loggers := LoggerProvider())
loggers.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
metrics.set_meter_provider(MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())]))

tracer = trace.get_tracer("pipeline", "1.0")
done = metrics.get_meter("pipeline").create_counter("steps_done")
duration = metrics.get_meter("pipeline").create_histogram("step_seconds")
parent = propagate.extract({"traceparent": os.environ["TRACEPARENT"]})

with tracer.start_as_current_span(f"run_stage:{stage}", context=parent) as span:
    span.set_attribute("db.password", "correct horse")
    span.set_attribute("prices", [number / 7 for number in range(1000)])
    for number in range(count):
        with tracer.start_as_current_span("run_step:load", attributes={"step": number, "symbol": "BTCUSDT"}):
            done.add(1, {"stage_id": stage})
            duration.record(number / 10, {"stage_id": stage})
    try:
        raise ValueError("no prices")
    except ValueError as error:
        span.record_exception(error)
    get_logger("pipeline").emit(
        LogRecord(severity_number=SeverityNumber.WARN, severity_text="WARN", body=f"{stage} was slow")
    )

trace.get_tracer_provider().shutdown()
loggers.shutdown()
metrics.get_meter_provider().shutdown()
