"""Every snippet of Python that the users wrote down runs, with only its import line changed (``seeds/``).

A snippet is the body of a coroutine here, for most of them await something. What it leaves undefined is given below.
"""

from __future__ import annotations

import asyncio
import dataclasses
import enum
import hashlib
import logging
import os
import random
import re
import textwrap
import time
import traceback
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import Recorder

import telensic

fastapi = pytest.importorskip("fastapi")
httpx = pytest.importorskip("httpx")
np = pytest.importorskip("numpy")

SEEDS = sorted((Path(__file__).parent / "seeds").glob("*.py"))

#: No Python, but a drawing of one.
CANNOT_RUN = {"003_24_1_otel_sdk_python": "a drawing of classes, with lines between them"}

#: Members of a mapping that is not shown.
OF_A_MAPPING = {"004_54_1_2_extend_ndjson_logger_py"}

IMPORTS = {
    r"^from telemetry import": "from telensic import",
    r"^from ktrdr\.monitoring\.\w+ import": "from telensic import",
    r"^from opentelemetry\.(sdk|exporter)\.[\w.]+ import": "from telensic.opentelemetry.sdk import",
}


def seed(name: str) -> Path:
    return next(path for path in SEEDS if path.stem == name)


def run(path: Path, given: dict[str, Any]) -> dict[str, Any]:
    """Runs a snippet; what it has defined."""
    code = path.read_text(encoding="utf-8")
    for before, after in IMPORTS.items():
        code = re.sub(before, after, code, flags=re.MULTILINE)
    if path.stem in OF_A_MAPPING:
        code = "mapping = {\n" + code + "}\n"
    defined: dict[str, Any] = {}
    program = [
        # Their annotations name what is not shown, too.
        "from __future__ import annotations",
        "async def snippet():",
        # `return` and `await` in a snippet are those of a function that is not shown.
        "    try:",
        textwrap.indent(code, " " * 8),
        "        pass",
        "    finally:",
        "        __defined__.update(locals())",
    ]
    names = {**given, "__defined__": defined, "__name__": __name__}
    exec(compile("\n".join(program), str(path), "exec"), names)
    asyncio.run(names["snippet"]())
    return defined


class OperationType(enum.Enum):
    BACKTEST = "backtest"


class Result(list):
    duration_ms = 12.5


def surroundings(tmp_path: Path) -> dict[str, Any]:
    """What snippets leave undefined."""

    async def answer(*args: Any, **kwargs: Any) -> Result:
        return Result([1, 2, 3])

    class MyAdapter:
        async def fetch_data(self, symbol: str) -> str:
            return symbol

    app = fastapi.FastAPI()
    app.telemetry_middleware = telensic.telemetry_decorator("web")
    asked = [{"provider": "finnhub", "operation": "batch", "duration": 0.1}] * 3
    tracer = telensic.get_tracer("seeds")
    logger = logging.getLogger("seeds")
    return {
        **{
            name: answer
            for name in (
                "some_operation",
                "process_data",
                "fetch_from_provider",
                "call_external_service",
                "risky_operation",
                "process_background_job",
                "call_service_b",
                "fetch_data",
                "train_model",
                "_do_download",
            )
        },
        "api_call": lambda symbol: symbol,
        "app": app,
        "FastAPI": lambda *_: fastapi.FastAPI(),
        "Request": fastapi.Request,
        "httpx": SimpleNamespace(
            AsyncClient=lambda: httpx.AsyncClient(transport=httpx.MockTransport(received))
        ),
        "received": received,
        "tracer": tracer,
        "span": telensic.span("surroundings"),
        "metrics": telensic.get_metrics(),
        "collector": telensic.get_collector(),
        "exception": ConnectionError("down"),
        "duration": 0.25,
        "requests": asked,
        "provider": "finnhub",
        "MyAdapter": MyAdapter,
        "TelemetryMiddleware": telensic.TelemetryMiddleware,
        "data_manager": SimpleNamespace(load_data=answer),
        "OperationType": OperationType,
        "logger": logger,
        "logging": logging,
        "symbol": "AAPL",
        "epochs": 100,
        "strategy": "momentum",
        "strategy_name": "momentum",
        "operation_id": "op-xyz-789",
        "create_operation": lambda: "op-1",
        "api_key": "not-a-real-one",
        "exporter": object(),
        "ChannelCredentials": lambda certificates: certificates,
        "root_certificates": b"",
        "TracerProvider": TracerProvider,
        "get_version": lambda: "1.0",
        "get_environment": lambda: "test",
        "Status": Status,
        "StatusCode": StatusCode,
        "dataclass": dataclasses.dataclass,
        "np": np,
        "hashlib": hashlib,
        # Of a checkout that is not here.
        "subprocess": SimpleNamespace(check_output=lambda command: b"0dc100cafe\n"),
        "os": os,
        "time": time,
        "traceback": traceback,
    }


def received(request: Any) -> Any:
    """The other side of a call."""
    return httpx.Response(200, headers={"seen": request.headers.get("traceparent", "")})


try:
    from opentelemetry import metrics as otel_metrics
    from opentelemetry.trace import Status, StatusCode

    import telensic.opentelemetry
    from telensic.opentelemetry.sdk import TracerProvider
except ImportError:
    pytest.skip("opentelemetry-api is not installed", allow_module_level=True)


@pytest.fixture
def given(recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What snippets leave undefined, in a process that is afterwards as it was."""
    monkeypatch.chdir(tmp_path)
    telensic.opentelemetry.install()
    root = logging.getLogger()
    before = (list(root.handlers), root.level, logging.getLogRecordFactory(), telensic.logs._handler)
    monkeypatch.setattr(telensic.exporters, "_exporter", None)
    yield surroundings(tmp_path)
    for module, name in (
        ("httpx", "HTTPXClientInstrumentor"),
        ("requests", "RequestsInstrumentor"),
        ("logging", "LoggingInstrumentor"),
    ):
        instrumentation = pytest.importorskip(f"opentelemetry.instrumentation.{module}")
        if getattr(instrumentation, name)().is_instrumented_by_opentelemetry:
            getattr(instrumentation, name)().uninstrument()
    root.handlers[:], telensic.logs._handler = before[0], before[3]
    root.setLevel(before[1])
    logging.setLogRecordFactory(before[2])
    if telensic.exporters._exporter is not None:
        telensic.exporters._exporter.stop()
    telensic._telensic.set_metrics_prefix("", "")


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_snippet_runs(path: Path, given: dict[str, Any]) -> None:
    if path.stem in CANNOT_RUN:
        pytest.skip(CANNOT_RUN[path.stem])
    if path.stem == "003_43_prometheus_metrics":
        given["metrics"] = otel_metrics
    defined = run(path, given)
    config = defined.get("metrics")
    if isinstance(config, telensic.PrometheusMetrics) and config._pusher is not None:
        config._pusher.stop()


def test_all_snippets_are_here() -> None:
    assert len(SEEDS) == 56
    assert len(CANNOT_RUN) == 1


def test_tracing_snippets_record_what_they_say(recorder: Recorder, given: dict[str, Any]) -> None:
    run(seed("002_01_basic_tracing"), given)
    run(seed("002_05_tracing_architecture"), given)
    run(seed("002_23_multi_service_tracing"), given)
    assert recorder.span("operation_name")["attributes"] == {"user_id": "user123", "result_count": 3}
    assert recorder.span("adapter.fetch")["events"][0]["attributes"] == {"cache_key": "AAPL"}
    assert recorder.span("service_a_operation")["attributes"] == {"service": "service_a"}


def test_an_instrumented_adapter_of_a_snippet_is_traced_and_counted(
    recorder: Recorder, given: dict[str, Any]
) -> None:
    defined = run(seed("002_02_automatic_adapter_instrumentation"), given)
    assert defined["MyAdapter"]().fetch_data("AAPL") == "AAPL"
    attributes = recorder.span("adapter.fetch_data")["attributes"]
    assert attributes == {"provider": "my_provider", "operation": "fetch_data", "outcome": "success"}
    decorated = run(seed("002_04_telemetry_decorator"), given)["expensive_operation"]
    assert asyncio.run(decorated([1])) == [1, 2, 3]
    assert recorder.span("adapter.expensive_operation")["attributes"]["outcome"] == "success"


def samples(text: str) -> dict[str, float]:
    """Series of Prometheus' text and their values."""
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_metrics_of_snippets_are_shown_to_a_scraper(recorder: Recorder, given: dict[str, Any]) -> None:
    before = samples(telensic.render_metrics())
    for name in ("002_03_prometheus_metrics", "002_06_metrics_architecture", "002_20_optimization_tips"):
        run(seed(name), given)
    given["metrics"].record_request_batch(given["requests"])
    custom = run(seed("002_08_custom_metrics_creation"), given)
    custom["custom_histogram"].labels(operation_type="fit").observe(0.7)
    custom["custom_counter"].labels("fit", "ok").inc(2)
    custom["custom_gauge"].labels(resource_type="cpu").set(0.5)
    job = run(seed("002_22_background_job_monitoring"), given)["background_job"]
    asyncio.run(job())

    exporter = run(seed("002_11_prometheus_exporter"), given)["exporter"]
    with urllib.request.urlopen(exporter.url) as answer:
        shown = answer.read().decode()
    assert exporter.address == "127.0.0.1:8000"
    after = samples(shown)
    grown = {name: after[name] - before.get(name, 0.0) for name in after}
    for name, growth in {
        'adapter_requests_total{provider="my_provider",operation="fetch_data",status="error"}': 1,
        'adapter_timeouts_total{provider="my_provider",operation="fetch_data"}': 1,
        'adapter_requests_total{provider="finnhub",operation="batch",status="success"}': 6,
        'adapter_active_requests{provider="background"}': 0,
        'custom_operation_duration_seconds_bucket{operation_type="fit",le="0.5"}': 0,
        'custom_operation_duration_seconds_bucket{operation_type="fit",le="1"}': 1,
        'custom_operations_total{operation_type="fit",status="ok"}': 2,
    }.items():
        assert grown[name] == growth, name
    assert after['adapter_success_rate{provider="background"}'] == 1
    assert after['custom_resource_usage{resource_type="cpu"}'] == 0.5


def test_a_snippet_of_the_otel_api_records_here(recorder: Recorder, given: dict[str, Any]) -> None:
    defined = run(seed("003_35_pattern_2_custom_spans_high_value_paths"), given)
    orchestrator = defined["ServiceOrchestrator"]()
    orchestrator._execute_operation = given["fetch_data"]
    asyncio.run(
        orchestrator.start_operation(OperationType.BACKTEST, {"operation_id": "op-1", "symbol": "AAPL"})
    )
    attributes = recorder.span("operation.start")["attributes"]
    assert attributes["operation.type"] == "backtest"
    assert attributes["operation.duration_ms"] == 12.5


def test_an_error_of_a_snippet_has_its_context(recorder: Recorder, given: dict[str, Any]) -> None:
    async def fails(*_: Any) -> None:
        raise ValueError("Invalid symbol")

    given["train_model"] = given["risky_operation"] = fails
    with telensic.span("training"), pytest.raises(ValueError):
        run(seed("003_39_pattern_4_exception_tracking"), given)
    span = recorder.span("training")
    assert span["attributes"]["error.symbol"] == "AAPL"
    # The snippet tells of it, and so does the block that it leaves.
    assert {event["name"] for event in span["events"]} == {"exception"}
    with pytest.raises(ValueError):
        run(seed("002_19_4_error_handling"), given)


def test_headers_of_a_snippet_carry_the_context(recorder: Recorder, given: dict[str, Any]) -> None:
    seen: list[str] = []

    def taken(request: Any) -> Any:
        seen.append(request.headers["traceparent"])
        return httpx.Response(200)

    run(seed("003_27_httpx_instrumentation"), given)
    client = httpx.AsyncClient(transport=httpx.MockTransport(taken))
    given["httpx"] = SimpleNamespace(AsyncClient=lambda: client)
    instrumentor = pytest.importorskip("opentelemetry.instrumentation.httpx").HTTPXClientInstrumentor
    instrumentor.instrument_client(client)
    with telensic.span("caller") as caller:
        run(seed("003_44_auto_propagation"), given)
    assert seen[0].split("-")[1] == caller.trace_id
    call = next(span for span in recorder.tape().spans if span["name"] == "POST")
    assert seen[0].split("-")[2] == call["spanId"]
    assert call["parentSpanId"] == caller.span_id


def test_a_random_seed_is_found_out(given: dict[str, Any]) -> None:
    random.seed(1)
    defined = run(seed("004_53_1_1_provenance_context_module"), given)
    assert (
        defined["fingerprint_array"](np.arange(20.0), "nav")["sha256"]
        == (telensic.fingerprint_array(np.arange(20.0), "nav")["sha256"])
    )
