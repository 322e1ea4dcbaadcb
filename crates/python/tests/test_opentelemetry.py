"""The OpenTelemetry API over the recorder: one context, whichever of the two is entered."""

from __future__ import annotations

import asyncio
import logging
import os
from pathlib import Path
from typing import Any

import pytest
from conftest import Recorder, program, tapes
from test_adapters import sample

import telensic

pytest.importorskip("opentelemetry.trace")

from opentelemetry import baggage, context, metrics, propagate, trace  # noqa: E402
from opentelemetry._logs import SeverityNumber, get_logger  # noqa: E402
from opentelemetry.metrics import Observation  # noqa: E402

import telensic.opentelemetry  # noqa: E402


@pytest.fixture
def tracer(recorder: Recorder) -> trace.Tracer:
    telensic.opentelemetry.install()
    return trace.get_tracer("tests", "1.0")


def parent(recorder: Recorder, name: str) -> Any:
    return recorder.span(name).get("parentSpanId")


def test_spans_of_both_are_each_others_parents(recorder: Recorder, tracer: trace.Tracer) -> None:
    with tracer.start_as_current_span("a"):
        with telensic.span("b") as ours:
            assert trace.get_current_span().get_span_context().span_id == int(ours.span_id, 16)
            with tracer.start_as_current_span("c") as theirs:
                assert telensic.get_current_span().span_id == f"{theirs.get_span_context().span_id:016x}"
                with telensic.span("d"):
                    pass
            assert telensic.get_current_span() is ours
    assert not trace.get_current_span().get_span_context().is_valid
    assert not telensic.current_context()
    ids = {name: recorder.span(name)["spanId"] for name in "abcd"}
    assert [parent(recorder, name) for name in "abcd"] == [None, ids["a"], ids["b"], ids["c"]]


def test_what_the_api_says_of_the_current_span_is_recorded(recorder: Recorder, tracer: trace.Tracer) -> None:
    with telensic.span("ours"):
        trace.get_current_span().set_attribute("by", "the api")
    assert recorder.span("ours")["attributes"] == {"by": "the api"}


def test_a_span_of_the_api_is_the_same_object_after_one_of_ours(tracer: trace.Tracer) -> None:
    with tracer.start_as_current_span("server", kind=trace.SpanKind.SERVER) as server:
        with telensic.span("inside"):
            assert trace.get_current_span() is trace.get_current_span()
            assert trace.get_current_span() is not server
        assert trace.get_current_span() is server


def test_tasks_keep_their_own_current_span(recorder: Recorder, tracer: trace.Tracer) -> None:
    async def one(name: str) -> None:
        with tracer.start_as_current_span(name):
            await asyncio.sleep(0)
            with telensic.span(f"in {name}"):
                await asyncio.sleep(0)

    async def main() -> None:
        with telensic.span("root"):
            await asyncio.gather(*(one(str(number)) for number in range(5)))

    asyncio.run(main())
    for number in range(5):
        assert parent(recorder, f"in {number}") == recorder.span(str(number))["spanId"]
        assert parent(recorder, str(number)) == recorder.span("root")["spanId"]


def test_headers_and_baggage_go_both_ways(recorder: Recorder, tracer: trace.Tracer) -> None:
    token = context.attach(baggage.set_baggage("desk", "rates"))
    with tracer.start_as_current_span("sender"):
        ours, theirs = telensic.inject(), {}
        propagate.inject(theirs)
    context.detach(token)
    assert ours["traceparent"] == theirs["traceparent"]
    assert ours["baggage"] == theirs["baggage"] == "desk=rates"
    with telensic.attach(telensic.extract(theirs)):
        assert baggage.get_baggage("desk") == "rates"
        with tracer.start_as_current_span("by ours"):
            pass
    with tracer.start_as_current_span("by theirs", context=propagate.extract(ours)):
        pass
    sender = recorder.span("sender")["spanId"]
    assert parent(recorder, "by ours") == parent(recorder, "by theirs") == sender


def test_an_empty_context_begins_a_new_trace(recorder: Recorder, tracer: trace.Tracer) -> None:
    with telensic.span("around"):
        tracer.start_span("apart", context=context.Context()).end()
    assert parent(recorder, "apart") is None


def test_links_events_status_and_times_are_kept(recorder: Recorder, tracer: trace.Tracer) -> None:
    first = tracer.start_span("first", kind=trace.SpanKind.PRODUCER, start_time=1_000)
    first.end(2_000)
    link = trace.Link(first.get_span_context(), {"why": "retry"})
    with pytest.raises(ValueError), tracer.start_as_current_span("second", links=[link]) as second:
        second.add_event("tick", {"n": 1}, timestamp=5_000)
        raise ValueError("no")
    span = recorder.span("first")
    assert (span["kind"], span["startTimeUnixNano"], span["endTimeUnixNano"]) == (4, 1_000, 2_000)
    span = recorder.span("second")
    assert span["links"][0]["spanId"] == recorder.span("first")["spanId"]
    assert span["status"] == {"code": 2, "message": "ValueError: no"}
    assert [event["name"] for event in span["events"]] == ["tick", "exception"]
    assert span["events"][1]["attributes"]["exception.type"] == "ValueError"


def test_ok_is_the_last_word(recorder: Recorder, tracer: trace.Tracer) -> None:
    with tracer.start_as_current_span("ok") as span:
        span.set_status(trace.StatusCode.OK)
        span.set_status(trace.StatusCode.ERROR, "no")
        span.set_status(trace.StatusCode.UNSET)
    assert recorder.span("ok")["status"]["code"] == 1


def test_log_records_and_events_of_the_api(recorder: Recorder, tracer: trace.Tracer) -> None:
    logger = get_logger("tests")
    with tracer.start_as_current_span("around") as span:
        logger.emit(severity_number=SeverityNumber.ERROR2, body="broken", attributes={"n": 1})
        here = context.get_current()
    logger.emit(body="later", context=here)
    logger.emit(event_name="cache.rebuilt", attributes={"rows": 5})
    log = recorder.log("broken")
    assert (log["severityNumber"], log["attributes"]["n"]) == (17, 1)
    for body in ("broken", "later"):
        assert recorder.log(body)["spanId"] == f"{span.get_span_context().span_id:016x}"
    assert recorder.event("cache.rebuilt")["rows"] == 5


def test_the_instrumentation_of_logging_records_each_line_once(
    recorder: Recorder, tracer: trace.Tracer
) -> None:
    module = pytest.importorskip("opentelemetry.instrumentation.logging")
    instrumentor = module.LoggingInstrumentor()
    instrumentor.instrument()
    try:
        with tracer.start_as_current_span("around"):
            logging.getLogger("each").warning("once", extra={"rows": 5})
        log = recorder.log("once")
        assert log["attributes"]["rows"] == 5
        assert log["spanId"] == recorder.span("around")["spanId"]
    finally:
        instrumentor.uninstrument()


def test_instruments_of_the_api_count_here(recorder: Recorder) -> None:
    telensic.opentelemetry.install()
    meter = metrics.get_meter("tests")
    counter = meter.create_counter("otel.requests", unit="1", description="asked")
    counter.add(2, {"http.route": "/quotes"})
    counter.add(1, {"http.route": "/quotes", "late": True})
    histogram = meter.create_histogram("otel.duration", unit="s", explicit_bucket_boundaries_advisory=[1.0])
    histogram.record(0.5)
    meter.create_up_down_counter("otel.open").add(-2)
    meter.create_observable_gauge("otel.seen", [lambda _: [Observation(7, {"a": "b"})]])
    assert sample('otel_requests_total{http_route="/quotes",more=""}') == 2
    assert sample('otel_requests_total{http_route="/quotes",more="{\\"late\\": \\"true\\"}"}') == 1
    assert sample('otel_duration_seconds_bucket{more="",le="1"}') == 1
    assert sample('otel_open{more=""}') == -2
    assert sample('otel_seen{a="b",more=""}') == 7


def test_variables_of_the_api_choose_our_providers(tmp_path: Path) -> None:
    text = """
    from opentelemetry import context, metrics, trace
    with trace.get_tracer("library").start_as_current_span("chosen"):
        pass
    metrics.get_meter("library").create_counter("chosen").add(1)
    """
    chosen = {f"OTEL_PYTHON_{name}": "telensic" for name in ("TRACER_PROVIDER", "METER_PROVIDER", "CONTEXT")}
    settings = {"OTEL_SERVICE_NAME": "pricing", "TELENSIC_DIR": str(tmp_path)}
    done = program(text, env={**os.environ, **chosen, **settings})
    assert done.returncode == 0, done.stderr
    [tape] = tapes(tmp_path)
    assert tape.resource["service.name"] == "pricing"
    assert [span["name"] for span in tape.spans] == ["chosen"]


def test_a_pipeline_of_the_sdk_becomes_settings_of_the_recorder(tmp_path: Path) -> None:
    text = """
    from opentelemetry import trace
    from telensic.opentelemetry.sdk import Resource, SpanLimits, TraceIdRatioBased, TracerProvider
    resource = Resource.create({"service.name": "pricing", "service.version": "2", "desk": "rates"})
    provider = TracerProvider(resource=resource, sampler=TraceIdRatioBased(1.0), span_limits=SpanLimits(max_attributes=2))
    trace.set_tracer_provider(provider)
    with trace.get_tracer("library").start_as_current_span("limited") as span:
        span.set_attributes({"a": 1, "b": 2, "c": 3})
    """
    done = program(text, env={**os.environ, "TELENSIC_DIR": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    [tape] = tapes(tmp_path)
    assert {
        "service.name": "pricing",
        "service.version": "2",
        "desk": "rates",
    }.items() <= tape.resource.items()
    assert tape.spans[0]["attributes"] == {"a": 1, "b": 2}
