"""A span is recorded with all that is said of it."""

from __future__ import annotations

import array
import datetime
import enum
import gc
import pickle
import time
import traceback
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import Recorder

import telensic


def test_a_span_in_a_span_is_its_child(recorder: Recorder) -> None:
    with telensic.span("outer") as outer:
        with telensic.span("inner") as inner:
            assert telensic.get_current_span() is inner
        assert telensic.get_current_span() is outer
    first, last = recorder.span("inner"), recorder.span("outer")
    assert first["parentSpanId"] == last["spanId"] == outer.span_id
    assert first["traceId"] == last["traceId"] == outer.trace_id
    assert "parentSpanId" not in last
    assert last["startTimeUnixNano"] <= first["startTimeUnixNano"] <= first["endTimeUnixNano"]


def test_values_arrive_in_their_types(recorder: Recorder) -> None:
    class Side(enum.Enum):
        BUY = "buy"

    moment = datetime.datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=datetime.timezone.utc)
    given = {
        "text": "BTCUSDT",
        "umlaut": "gr\u00fcn",
        "int": -5,
        "largest": 2**63 - 1,
        "beyond": 2**64,
        "float": 0.5,
        "truth": True,
        "texts": ["a", "b"],
        "ints": (1, 2),
        "mixed": [1, "a", None],
        "floats": [1, 2.5],
        "map": {"a": 1, "b": {"c": [True]}},
        "enumerated": Side.BUY,
        "moment": moment,
        "path": Path("nav.csv"),
        "decimal": Decimal("1.10"),
        "nothing": None,
        "surrogate": "\ud800",
    }
    with telensic.span("values", **given):
        pass
    attributes = recorder.span("values")["attributes"]
    assert attributes == {
        **{key: given[key] for key in ("text", "umlaut", "int", "largest", "float", "truth", "texts", "map")},
        "beyond": str(2**64),
        "ints": [1, 2],
        "mixed": [1, "a", "null"],
        "floats": [1.0, 2.5],
        "enumerated": "buy",
        "moment": moment.isoformat(),
        "path": "nav.csv",
        "decimal": "1.10",
        "surrogate": "\\ud800",
    }


def test_an_object_that_does_not_let_itself_be_read_harms_nobody(recorder: Recorder) -> None:
    class Hostile:
        def __str__(self) -> str:
            raise RuntimeError("no")

        __repr__ = __str__

        def __getattr__(self, name: str) -> object:
            raise RuntimeError(name)

    itself: list[object] = []
    itself.append(itself)
    with telensic.span("hostile", value=Hostile(), deep=itself) as span:
        span.set("again", Hostile())
        span.add_event("event", {"value": Hostile()})
        telensic.log(20, "line", value=Hostile())
    attributes = recorder.span("hostile")["attributes"]
    assert "Hostile" in attributes["value"]
    assert attributes["again"] == attributes["value"]
    assert "TOO DEEP" in str(attributes["deep"])


def test_an_object_that_records_while_it_is_recorded_is_no_trouble(recorder: Recorder) -> None:
    class Talkative:
        def __str__(self) -> str:
            telensic.get_current_span().set("told", True)
            with telensic.span("told"):
                return "talk"

    with telensic.span("listening") as span:
        span.set("value", Talkative())
    assert recorder.span("listening")["attributes"] == {"told": True, "value": "talk"}
    assert recorder.span("told")["parentSpanId"] == span.span_id


def test_events_links_status_and_name(recorder: Recorder) -> None:
    with telensic.span("other") as other:
        pass
    at = time.time_ns()
    with telensic.span("before") as span:
        span.add_event("cache_hit", {"cache_key": "AAPL", "rows": 5})
        span.add_event("earlier", timestamp=at)
        span.add_link(other, {"why": "retry"})
        span.update_name("after")
        span.set_attributes({"a": 1, "b": 2})
        span.set_attribute("a", 3)
        span.set_status("ok")
    recorded = recorder.span("after")
    assert recorded["attributes"] == {"a": 3, "b": 2}
    hit, earlier = recorded["events"]
    assert (hit["name"], hit["attributes"]) == ("cache_hit", {"cache_key": "AAPL", "rows": 5})
    assert earlier["timeUnixNano"] == at
    assert recorded["links"][0]["spanId"] == other.span_id
    assert recorded["links"][0]["attributes"] == {"why": "retry"}
    assert recorded["status"] == {"code": 1}


def test_an_exception_is_told_with_its_stack_and_goes_on(recorder: Recorder) -> None:
    def fails() -> None:
        raise ValueError("no price in row 7")

    with pytest.raises(ValueError), telensic.span("failing"):
        try:
            fails()
        except ValueError:
            expected = traceback.format_exc().splitlines()[-3:]
            raise
    recorded = recorder.span("failing")
    assert recorded["status"] == {"code": 2, "message": "no price in row 7"}
    (event,) = recorded["events"]
    assert event["name"] == "exception"
    assert event["attributes"]["exception.type"] == "ValueError"
    assert event["attributes"]["exception.message"] == "no price in row 7"
    assert event["attributes"]["exception.stacktrace"].splitlines()[-3:] == expected


def test_of_a_long_stack_the_innermost_frames_are_kept(recorder: Recorder) -> None:
    scope: dict[str, Any] = {}
    for level in range(40):
        exec(compile(f"def level_{level}(): level_{level + 1}()", f"file_{level}", "exec"), scope)
    exec(compile("def level_40(): raise KeyError('innermost')", "file_40", "exec"), scope)
    with pytest.raises(KeyError), telensic.span("deep"):
        scope["level_0"]()
    stack = recorder.span("deep")["events"][0]["attributes"]["exception.stacktrace"]
    assert len(stack) <= 1024
    assert stack.startswith("[...]")
    assert 'File "file_40", line 1, in level_40' in stack
    assert stack.rstrip().endswith("KeyError: 'innermost'")


def test_a_qualified_exception_has_its_module(recorder: Recorder) -> None:
    with telensic.span("qualified") as span:
        span.record_exception(pickle.PicklingError("gone"))
    event = recorder.span("qualified")["events"][0]
    assert event["attributes"]["exception.type"] == "_pickle.PicklingError"


def test_a_span_that_ends_out_of_order_does_not_come_back(recorder: Recorder) -> None:
    first, second = telensic.span("first"), telensic.span("second")
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert telensic.get_current_span() is second
    second.__exit__(None, None, None)
    assert telensic.get_current_span().span_id == ""
    with telensic.span("third"):
        pass
    assert "parentSpanId" not in recorder.span("third")


def test_what_is_said_after_the_end_is_not_recorded_and_no_error(recorder: Recorder) -> None:
    span = telensic.span("ended")
    span.end()
    span.set("late", 1)
    span.add_event("late")
    span.end()
    assert not span.is_recording()
    assert recorder.span("ended")["attributes"] == {}


def test_a_span_that_is_dropped_has_ended(recorder: Recorder) -> None:
    telensic.span("dropped", rows=1)
    gc.collect()
    assert recorder.span("dropped")["attributes"] == {"rows": 1}
    assert recorder.tape().open_spans == []


def test_spans_are_of_a_kind_a_scope_and_a_time(recorder: Recorder) -> None:
    tracer = telensic.get_tracer("client-library", "1.2")
    begun = time.time_ns() - 5_000_000
    with telensic.span("current"):
        span = tracer.start_span(
            "call", kind="client", attributes={"http.request.method": "GET"}, start_time=begun
        )
        assert telensic.get_current_span() is not span
        span.end(begun + 1_000_000)
    recorded = recorder.span("call")
    assert recorded["kind"] == 3
    assert (recorded["startTimeUnixNano"], recorded["endTimeUnixNano"]) == (begun, begun + 1_000_000)
    assert recorded["parentSpanId"] == recorder.span("current")["spanId"]
    with pytest.raises(ValueError, match="no kind of span"):
        tracer.start_span("call", kind="customer")


def test_no_secret_is_recorded(recorder: Recorder) -> None:
    secret = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"
    with telensic.span("secret", api_key=secret, url=f"https://u:{secret}@host/") as span:
        span.set("password", "hunter2hunter2")
        span.set(f"token={secret}", 1)
        span.add_event("login", {"authorization": f"Bearer {secret}"})
        telensic.log(20, f"api_key={secret}", api_key=secret)
        telensic.event("custom", token=secret)
        try:
            raise RuntimeError(f"api_key={secret}")
        except RuntimeError as error:
            span.record_exception(error)
    path = telensic.tape_path()
    assert path is not None
    recorded = Path(path).read_bytes()
    assert secret.encode() not in recorded
    assert b"hunter2" not in recorded
    assert "[REDACTED" in str(recorder.span("secret")["attributes"]["api_key"])


def test_raw_data_is_replaced_by_its_fingerprint(recorder: Recorder) -> None:
    prices = [100.25 + step for step in range(1000)]
    with telensic.span("data", prices=prices, nested={"prices": prices}):
        pass
    attributes = recorder.span("data")["attributes"]
    assert attributes["prices"].startswith("[ARRAY f64 n=1000 blake3:")
    assert attributes["nested"]["prices"] == attributes["prices"]


def test_arrays_and_tables_of_others_are_never_recorded_as_text(recorder: Recorder) -> None:
    secret = [123456.25 + step for step in range(30)]
    given = {
        "numpy": np.array(secret),
        "objects": np.array(secret, dtype=object),
        "frame": pd.DataFrame({"price": secret}),
        "series": pd.Series(secret),
        "polars": pl.DataFrame({"price": secret}),
        "arrow": pa.table({"price": secret}),
        "column": pa.array(secret),
        "buffer": array.array("d", secret),
    }
    with telensic.span("data", **given, small=np.arange(3), scalar=np.float32(0.5), number=np.int16(7)):
        pass
    attributes = recorder.span("data")["attributes"]
    assert "123456" not in str(attributes)
    assert attributes["numpy"].startswith("[ARRAY float64 n=30 blake3:")
    assert attributes["frame"].startswith("[TABLE 1 columns n=30 blake3:")
    assert (attributes["small"], attributes["scalar"], attributes["number"]) == ([0, 1, 2], 0.5, 7)


def test_without_a_recorder_everything_does_nothing() -> None:
    assert not telensic.is_recording()
    with telensic.span("nothing", rows=1) as span:
        span.set("a", 1)
        span.add_event("b")
        assert not span.is_recording()
        assert span.span_id == ""
    telensic.log(20, "nothing")
    telensic.event("data.load", source_path="nav.csv")


def test_an_unsampled_trace_is_recorded_by_nobody_and_handed_on(tmp_path: Path) -> None:
    with telensic.init("tests", directory=tmp_path, log_files=False, sample_rate=0.0):
        with telensic.span("outer") as outer, telensic.span("inner") as inner:
            assert not inner.is_recording()
            assert inner.trace_id == outer.trace_id != ""
            assert telensic.inject()["traceparent"].endswith("-02")
        path = telensic.tape_path()
        assert path is not None
        assert telensic.read_tape(path).spans == []


def test_a_standard_name_makes_a_standard_span(recorder: Recorder) -> None:
    with telensic.span("run_stage:load"):
        pass
    assert recorder.span("run_stage:load")["attributes"] == {"stage_id": "load"}


def test_the_resource_says_who_recorded(recorder: Recorder) -> None:
    resource = recorder.tape().resource
    assert resource["service.name"] == "tests"
    assert resource["telemetry.sdk.language"] == "python"
    assert resource["process.runtime.name"] == "cpython"
