"""Contexts travel in headers, variables and pickles; what is malformed begins a new trace."""

from __future__ import annotations

import pickle

import pytest
from conftest import Recorder

import telensic

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_context_is_injected_and_extracted(recorder: Recorder) -> None:
    with telensic.span("sender") as sender:
        headers = telensic.inject()
        assert headers == {"traceparent": f"00-{sender.trace_id}-{sender.span_id}-03"}
        own: dict[str, str] = {"accept": "*/*"}
        assert telensic.inject(own) is own
        assert own["traceparent"] == headers["traceparent"]
    with telensic.attach(telensic.extract(headers)):
        assert telensic.get_current_span().span_id == sender.span_id
        with telensic.span("receiver"):
            pass
    assert telensic.get_current_span().span_id == ""
    assert recorder.span("receiver")["parentSpanId"] == sender.span_id


@pytest.mark.parametrize(
    "carrier",
    [
        {"TraceParent": TRACEPARENT},
        [("traceparent", TRACEPARENT)],
        [(b"traceparent", TRACEPARENT.encode())],
        {"traceparent": TRACEPARENT, "tracestate": "a=1", "baggage": "k=v"},
    ],
)
def test_carriers_of_every_form_are_read(carrier: object) -> None:
    context = telensic.extract(carrier)  # type: ignore[arg-type]
    assert context.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert context.span_id == "00f067aa0ba902b7"
    assert context.is_remote
    assert context.is_sampled


@pytest.mark.parametrize(
    "carrier", [{}, {"traceparent": "00-xyz"}, {"traceparent": 5}, [], 5, "text", [1, 2]]
)
def test_what_is_malformed_is_an_empty_context(carrier: object) -> None:
    context = telensic.extract(carrier)  # type: ignore[arg-type]
    assert not context
    assert context.trace_id == ""


def test_a_context_survives_pickling_with_all_that_travels(recorder: Recorder) -> None:
    headers = {"traceparent": TRACEPARENT, "tracestate": "vendor=1", "baggage": "run=r-42"}
    context = telensic.extract(headers)
    copy = pickle.loads(pickle.dumps(context))
    assert copy == context
    assert hash(copy) == hash(context)
    assert telensic.inject(context=copy) == headers
    assert context.baggage == {"run": "r-42"}
    assert context.with_baggage({"a": "1"}).baggage == {"a": "1"}
    with telensic.span("pickled") as span:
        copy = pickle.loads(pickle.dumps(span))
    assert isinstance(copy, telensic.Context)
    assert (copy.trace_id, copy.span_id) == (span.trace_id, span.span_id)


def test_the_environment_carries_a_context(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    with telensic.span("sender") as sender:
        variables = telensic.environment()
    assert set(variables) == {"TRACEPARENT"}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert telensic.extract().span_id == sender.span_id


def test_what_is_no_context_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="a context or a span was expected"):
        with telensic.attach("00-ab"):  # type: ignore[arg-type]
            pass
    with pytest.raises(TypeError, match="a context or a span was expected"):
        telensic.inject({}, 5)  # type: ignore[arg-type]
