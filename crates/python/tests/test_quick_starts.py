"""What the users wrote down runs here, with only its imports changed."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Callable
from typing import Any

from conftest import Recorder

import telensic
from telensic import OpenTelemetryTracer, get_tracer


async def some_operation() -> list[int]:
    return [1, 2, 3]


def run(work: Callable[[], Any]) -> Any:
    return asyncio.run(work())


def test_basic_tracing(recorder: Recorder) -> None:
    async def main() -> None:
        # Get global tracer
        tracer = get_tracer(service_name="my-app")

        # Create spans manually
        with tracer.trace_async("operation_name") as span:
            span.set_attribute("user_id", "user123")
            # Your code here
            result = await some_operation()
            span.set_attribute("result_count", len(result))

    run(main)
    assert recorder.span("operation_name")["attributes"] == {"user_id": "user123", "result_count": 3}


def test_span_creation_with_automatic_context(recorder: Recorder) -> None:
    async def fetch_from_provider(symbol: str) -> str:
        return symbol

    async def main() -> str:
        tracer = get_tracer()
        with tracer.trace_async("adapter.fetch") as span:
            span.set_attribute("provider", "finnhub")
            span.set_attribute("symbol", "AAPL")

            # Add events to span
            tracer.add_span_event(span, "cache_hit", {"cache_key": "AAPL"})

            # Your code here
            result = await fetch_from_provider("AAPL")
            return result

    assert run(main) == "AAPL"
    assert recorder.span("adapter.fetch")["events"][0]["attributes"] == {"cache_key": "AAPL"}


def test_error_handling(recorder: Recorder) -> None:
    tracer = get_tracer()
    with tracer.trace_async("risky") as span:
        try:
            raise RuntimeError("down")
        except Exception as e:
            tracer.add_span_event(span, "error", {"error": str(e), "stack": traceback.format_exc()})
    event = recorder.span("risky")["events"][0]
    assert event["attributes"]["error"] == "down"
    assert "RuntimeError: down" in event["attributes"]["stack"]


def test_multi_service_tracing(recorder: Recorder) -> None:
    async def call_service_b(headers: dict[str, str]) -> None:
        with telensic.attach(telensic.extract(headers)), tracer.trace_async("service_b_operation"):
            pass

    async def main() -> None:
        # Service A
        with tracer.trace_async("service_a_operation") as span:
            span.set_attribute("service", "service_a")

            # Call Service B with context propagation
            headers = tracer.inject_context()
            await call_service_b(headers)

    tracer = get_tracer()
    run(main)
    assert (
        recorder.span("service_b_operation")["parentSpanId"] == recorder.span("service_a_operation")["spanId"]
    )


def test_distributed_tracing_with_an_old_jaeger_endpoint(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("TELENSIC_DIR", str(tmp_path))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "100")

    async def call_external_service() -> str:
        return "called"

    async def main() -> str:
        tracer = OpenTelemetryTracer(
            service_name="market-intel-brain",
            jaeger_endpoint="localhost:6831",
            sample_rate=0.1,  # 10% sampling
        )

        # Spans automatically sent to Jaeger
        with tracer.trace_async("distributed_operation"):
            # Your distributed operation here
            result = await call_external_service()
            return result

    try:
        assert run(main) == "called"
        assert telensic.is_recording()
    finally:
        telensic.shutdown()


def test_custom_spans_of_a_service(recorder: Recorder) -> None:
    class ServiceOrchestrator:
        def __init__(self) -> None:
            self.tracer = get_tracer(__name__)

        async def start_operation(self, operation_type: str, context: dict[str, Any]) -> list[int]:
            """Start operation with tracing."""
            # Create custom span
            with self.tracer.start_as_current_span("operation.start") as span:
                # Add business attributes
                span.set_attribute("operation.type", operation_type)
                span.set_attribute("operation.id", context.get("operation_id"))
                span.set_attribute("symbol", context.get("symbol"))

                # Business logic (auto-traced HTTP calls nest within this span)
                result = await some_operation()

                # Add result attributes
                span.set_attribute("operation.status", "success")
                return result

    orchestrator = ServiceOrchestrator()
    run(lambda: orchestrator.start_operation("download", {"operation_id": "op-1", "symbol": "AAPL"}))
    attributes = recorder.span("operation.start")["attributes"]
    assert (attributes["operation.id"], attributes["operation.status"]) == ("op-1", "success")


def test_structured_logging_and_exceptions_with_business_context(recorder: Recorder) -> None:
    logger = logging.getLogger("ktrdr")
    logger.addHandler(telensic.TelensicHandler())
    logger.setLevel(logging.INFO)
    with telensic.span("training") as span:
        logger.info("Training started", extra={"symbol": "AAPL", "epochs": 100, "operation_id": "op-xyz-789"})
        try:
            raise ValueError("Invalid symbol")
        except Exception as e:
            span = telensic.get_current_span()
            span.set_attribute("error.symbol", "AAPL")
            span.record_exception(e)
            span.set_status("error", str(e))
    logger.handlers.clear()
    log = recorder.log("Training started")
    assert log["attributes"]["epochs"] == 100
    assert log["traceId"] == span.trace_id
    assert recorder.span("training")["status"]["message"] == "Invalid symbol"


def test_the_fingerprint_of_an_array_has_what_the_plan_asks_for() -> None:
    import numpy as np

    fingerprint = telensic.fingerprint_array(np.arange(20.0), "nav")
    assert {"name", "sha256", "shape", "dtype", "range", "checksum_first_10"} <= fingerprint.keys()
    state = telensic.capture_random_state()
    assert "numpy_state_hash" in state
