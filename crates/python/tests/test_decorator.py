"""``@trace_span``: arguments fill names and attributes, and every kind of function is a span."""

from __future__ import annotations

import asyncio
import inspect
import pickle
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass

import pytest
from conftest import Recorder

import telensic
from telensic import trace_span


@dataclass
class Config:
    profile: str
    api_key: str = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"


@trace_span("run_stage:{stage_id}")
def stage(stage_id: str, rows: int = 5, *, strict: bool = True) -> str:
    """Runs a stage."""
    return stage_id


@pytest.mark.parametrize(
    "call", [lambda: stage("load"), lambda: stage(stage_id="load"), lambda: stage("load", 7)]
)
def test_positional_keyword_and_default_arguments_count_alike(recorder: Recorder, call) -> None:  # type: ignore[no-untyped-def]
    assert call() == "load"
    assert recorder.span("run_stage:load")["attributes"] == {"stage_id": "load"}


def test_fields_name_what_else_is_recorded(recorder: Recorder) -> None:
    @trace_span("{side}:{config.profile}:{rows:05d}:{config.profile!r}", fields=("rows", "config.profile"))
    def work(config: Config, rows: int = 5, *, side: str = "bull") -> None: ...

    work(Config("nightly"))
    work(Config("live"), side="bear", rows=7)
    assert recorder.span("bull:nightly:00005:'nightly'")["attributes"] == {
        "side": "bull",
        "rows": 5,
        "profile": "nightly",
    }
    assert recorder.span("bear:live:00007:'live'")["attributes"] == {
        "side": "bear",
        "rows": 7,
        "profile": "live",
    }


def test_no_argument_is_recorded_that_is_not_named(recorder: Recorder) -> None:
    @trace_span
    def unnamed(api_key: str, rows: int) -> None: ...

    @trace_span(args=True, skip=["token"], fields={"size": "rows"})
    def named(rows: int, token: str, limit: float = 0.5) -> None: ...

    unnamed("sk_live_4eC39HqLyjWDarjtT1zdp7dc", 5)
    named(5, "secret")
    qualified = "test_no_argument_is_recorded_that_is_not_named.<locals>"
    assert recorder.span(f"{qualified}.unnamed")["attributes"] == {}
    assert recorder.span(f"{qualified}.named")["attributes"] == {"size": 5, "rows": 5, "limit": 0.5}


def test_methods_have_their_object_and_any_keyword_can_be_named(recorder: Recorder) -> None:
    class Pipeline:
        profile = "nightly"

        @trace_span("run_step:{step}", fields=["self.profile"])
        def run(self, step: str, **options: object) -> None: ...

        @trace_span("made:{option}")
        @staticmethod
        def make(**options: object) -> None: ...

        @classmethod
        @trace_span("opened:{name}")
        def open(cls, name: str) -> None: ...

    Pipeline().run("parse")
    Pipeline.make(option=1)
    Pipeline.open("b")
    assert recorder.span("run_step:parse")["attributes"] == {"step": "parse", "profile": "nightly"}
    assert recorder.span("made:1")["attributes"] == {"option": 1}
    assert recorder.span("opened:b")["attributes"] == {"name": "b"}


def test_a_placeholder_without_an_argument_is_told_when_the_function_is_made() -> None:
    with pytest.raises(ValueError, match="no argument 'stage'"):

        @trace_span("run_stage:{stage}")
        def work(stage_id: str) -> None: ...


def test_what_cannot_be_filled_in_does_not_keep_the_function_from_running(recorder: Recorder) -> None:
    @trace_span("stage:{config.profile}", fields=("config.rows",))
    def work(config: object) -> int:
        return 5

    assert work(None) == 5
    assert recorder.span("stage:?")["attributes"] == {}


def test_errors_and_results_are_told_as_asked(recorder: Recorder) -> None:
    @trace_span("returns", ret=True)
    def returns() -> int:
        return 5

    @trace_span("raises")
    def raises() -> None:
        raise KeyError("a")

    @trace_span("silent", err=False)
    def silent() -> None:
        raise KeyError("a")

    assert returns() == 5
    for function in (raises, silent):
        with pytest.raises(KeyError):
            function()
    assert recorder.span("returns")["attributes"] == {"return": 5}
    assert recorder.span("raises")["status"]["code"] == 2
    assert "status" not in recorder.span("silent")


def test_a_decorated_function_is_what_it_was() -> None:
    assert stage.__name__ == "stage"
    assert stage.__doc__ == "Runs a stage."
    assert list(inspect.signature(stage).parameters) == ["stage_id", "rows", "strict"]
    assert pickle.loads(pickle.dumps(stage)) is stage

    @trace_span
    async def coroutine() -> None: ...

    @trace_span
    def generator() -> Generator[int, None, None]:
        yield 1

    @trace_span
    async def async_generator() -> AsyncGenerator[int, None]:
        yield 1

    assert inspect.iscoroutinefunction(coroutine)
    assert inspect.isgeneratorfunction(generator)
    assert inspect.isasyncgenfunction(async_generator)


def test_a_generator_is_in_its_span_while_it_works_and_its_consumer_is_not(recorder: Recorder) -> None:
    @trace_span("rows:{count}")
    def rows(count: int) -> Generator[int, str, str]:
        for row in range(count):
            with telensic.span(f"row {row}"):
                pass
            answer = yield row
            telensic.get_current_span().set("answer", answer)
        return "done"

    with telensic.span("consumer") as consumer:
        generator = rows(2)
        assert next(generator) == 0
        assert telensic.get_current_span() is consumer
        with telensic.span("between"):
            pass
        assert generator.send("yes") == 1
        with pytest.raises(StopIteration) as stop:
            generator.send("no")
        assert stop.value.value == "done"
    span = recorder.span("rows:2")
    assert span["attributes"] == {"count": 2, "answer": "no"}
    assert span["parentSpanId"] == recorder.span("between")["parentSpanId"] == consumer.span_id
    assert recorder.span("row 0")["parentSpanId"] == recorder.span("row 1")["parentSpanId"] == span["spanId"]


def test_a_generator_may_be_thrown_at_closed_or_left(recorder: Recorder) -> None:
    log: list[str] = []

    @trace_span("{name}")
    def work(name: str) -> Generator[int, None, None]:
        try:
            yield 1
        except KeyError:
            log.append("caught")
            yield 2
            raise ValueError("after") from None
        finally:
            log.append(f"{name} closed")

    thrown = work("thrown")
    next(thrown)
    assert thrown.throw(KeyError("a")) == 2
    with pytest.raises(ValueError, match="after"):
        next(thrown)
    closed = work("closed")
    next(closed)
    closed.close()
    left = work("left")
    next(left)
    del left
    assert log == ["caught", "thrown closed", "closed closed", "left closed"]
    assert recorder.span("thrown")["status"]["message"] == "after"
    assert "status" not in recorder.span("closed")
    assert "status" not in recorder.span("left")


def test_an_async_generator_is_in_its_span_while_it_works(recorder: Recorder) -> None:
    @trace_span("ticks:{count}")
    async def ticks(count: int) -> AsyncGenerator[int, None]:
        for tick in range(count):
            await asyncio.sleep(0)
            with telensic.span(f"tick {tick}"):
                pass
            yield tick
        raise RuntimeError("feed lost")

    async def main() -> list[int]:
        seen = []
        async with telensic.span("consumer") as consumer:
            with pytest.raises(RuntimeError):
                async for tick in ticks(2):
                    assert telensic.get_current_span() is consumer
                    seen.append(tick)
        return seen

    assert asyncio.run(main()) == [0, 1]
    span = recorder.span("ticks:2")
    assert span["status"]["message"] == "feed lost"
    assert recorder.span("tick 1")["parentSpanId"] == span["spanId"]
    assert span["parentSpanId"] == recorder.span("consumer")["spanId"]
