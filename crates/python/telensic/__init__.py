"""Telensic: the flight recorder for quantitative pipelines.

Spans, log records and typed events are written, encoded once as OTLP, straight to a crash-safe file: what was recorded
survives ``kill -9``. The recorder is native; what records never raises into the program.

    import telensic

    telensic.init("pricing")

    @telensic.trace_span("run_stage:{stage_id}")
    def run_stage(stage_id: str) -> int:
        with telensic.span("load", symbol="BTCUSDT") as span:
            span.set("rows", 5_000)
        return 5_000

A pipeline's execution is recorded into a directory of its own, merged and sealed at its end::

    with telensic.run("nightly") as run:
        run.seed("bootstrap", 42)
        run.input("nav.csv")
        run_stage("features")

``docs/python.md`` tells the rest.
"""

from telensic._telensic import Context, RunError, Span
from telensic.adapters import TelemetryMiddleware, adapter_method, instrument_adapter, telemetry_decorator
from telensic.collectors import Aggregate, CollectorConfig, TelemetryCollector, get_collector
from telensic.contexts import (
    attach,
    bind_context,
    current_context,
    environment,
    extract,
    inject,
)
from telensic.decorator import trace_span
from telensic.events import (
    acf_result,
    ad_test_result,
    adf_result,
    algorithm_init,
    algorithm_result,
    audit_intent,
    audit_outcome,
    beta_fit_result,
    cliffs_delta_result,
    cohens_d_result,
    data_load,
    decision_snapshot,
    epoch_detected,
    event,
    hypothesis_id,
    hypothesis_result,
    mann_whitney_result,
    participation_ratio,
    pca_result,
    pnl_figure,
    register_schema,
    shapiro_wilk_result,
    trade_fill,
    vif_result,
)
from telensic.exporters import PrometheusExporter, get_exporter, start_exporter
from telensic.logs import TelensicHandler, log, setup_logging
from telensic.metrics import (
    Counter,
    Gauge,
    Histogram,
    MetricConfig,
    MetricError,
    PrometheusMetrics,
    UpDownCounter,
    get_metrics,
    push_metrics,
    render_metrics,
)
from telensic.monitoring import instrument_app, setup_monitoring
from telensic.operations import Operation, operation
from telensic.provenance import (
    capture_random_state,
    config_hash,
    fingerprint_array,
    fingerprint_file,
    seed_everything,
)
from telensic.recorded import RecordedRun, read_run
from telensic.recording import (
    Recording,
    flush,
    init,
    is_recording,
    shutdown,
    tape_path,
)
from telensic.runs import Conclusion, Run, join, run
from telensic.sinks import loguru_sink, structlog_processor
from telensic.spans import OpenTelemetryTracer, Tracer, get_current_span, get_tracer, span
from telensic.tapes import Tape, read_tape
from telensic.typed_logs import (
    DataLogFields,
    OperationLogFields,
    TrainingLogFields,
    log_data,
    log_operation,
    log_operation_complete,
    log_operation_failed,
    log_operation_progress,
    log_operation_start,
    log_training,
)
from telensic.web import ASGIMiddleware, WSGIMiddleware

__version__ = "0.1.0"

__all__ = [
    "ASGIMiddleware",
    "Aggregate",
    "CollectorConfig",
    "Conclusion",
    "Context",
    "Counter",
    "DataLogFields",
    "Gauge",
    "Histogram",
    "MetricConfig",
    "MetricError",
    "OpenTelemetryTracer",
    "Operation",
    "OperationLogFields",
    "PrometheusExporter",
    "PrometheusMetrics",
    "RecordedRun",
    "Recording",
    "Run",
    "RunError",
    "Span",
    "Tape",
    "TelemetryCollector",
    "TelemetryMiddleware",
    "TelensicHandler",
    "Tracer",
    "TrainingLogFields",
    "UpDownCounter",
    "WSGIMiddleware",
    "acf_result",
    "ad_test_result",
    "adapter_method",
    "adf_result",
    "algorithm_init",
    "algorithm_result",
    "attach",
    "audit_intent",
    "audit_outcome",
    "beta_fit_result",
    "bind_context",
    "capture_random_state",
    "cliffs_delta_result",
    "cohens_d_result",
    "config_hash",
    "current_context",
    "data_load",
    "decision_snapshot",
    "environment",
    "epoch_detected",
    "event",
    "extract",
    "fingerprint_array",
    "fingerprint_file",
    "flush",
    "get_collector",
    "get_current_span",
    "get_exporter",
    "get_metrics",
    "get_tracer",
    "hypothesis_id",
    "hypothesis_result",
    "init",
    "inject",
    "instrument_adapter",
    "instrument_app",
    "is_recording",
    "join",
    "log",
    "log_data",
    "log_operation",
    "log_operation_complete",
    "log_operation_failed",
    "log_operation_progress",
    "log_operation_start",
    "log_training",
    "loguru_sink",
    "mann_whitney_result",
    "operation",
    "participation_ratio",
    "pca_result",
    "pnl_figure",
    "push_metrics",
    "read_run",
    "read_tape",
    "register_schema",
    "render_metrics",
    "run",
    "seed_everything",
    "setup_logging",
    "setup_monitoring",
    "shapiro_wilk_result",
    "shutdown",
    "span",
    "start_exporter",
    "structlog_processor",
    "tape_path",
    "telemetry_decorator",
    "trace_span",
    "trade_fill",
    "vif_result",
]
