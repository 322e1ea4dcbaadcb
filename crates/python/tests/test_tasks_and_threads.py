"""A span is current where Python's context says so, in tasks, threads and executors."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import Recorder

import telensic


def parents(recorder: Recorder) -> dict[str, str | None]:
    spans = recorder.tape().spans
    names = {span["spanId"]: span["name"] for span in spans}
    return {span["name"]: names.get(span.get("parentSpanId", "")) for span in spans}


def test_tasks_that_are_gathered_keep_their_own_spans(recorder: Recorder) -> None:
    @telensic.trace_span("sleeve {number}")
    async def sleeve(number: int) -> None:
        for step in range(3):
            async with telensic.span(f"sleeve {number} step {step}"):
                await asyncio.sleep(0.001 * (number % 3))

    async def main() -> None:
        with telensic.span("pipeline"):
            await asyncio.gather(*(sleeve(number) for number in range(20)))

    asyncio.run(main())
    found = parents(recorder)
    assert len(found) == 1 + 20 + 60
    for number in range(20):
        assert found[f"sleeve {number}"] == "pipeline"
        for step in range(3):
            assert found[f"sleeve {number} step {step}"] == f"sleeve {number}"


def test_a_task_that_outlives_its_span_stays_its_child_and_disturbs_nobody(recorder: Recorder) -> None:
    async def late() -> None:
        await asyncio.sleep(0.01)
        with telensic.span("late"):
            pass

    async def main() -> None:
        with telensic.span("first"):
            task = asyncio.create_task(late())
        with telensic.span("second"):
            await task

    asyncio.run(main())
    assert parents(recorder) == {"first": None, "second": None, "late": "first"}


def test_a_cancelled_task_says_so_and_is_no_error(recorder: Recorder) -> None:
    @telensic.trace_span("waiting")
    async def waiting() -> None:
        await asyncio.sleep(60)

    async def main() -> None:
        with telensic.span("main"):
            task = asyncio.create_task(waiting())
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(waiting(), 0.01)

    asyncio.run(main())
    waited = [span for span in recorder.tape().spans if span["name"] == "waiting"]
    assert len(waited) == 2
    for span in waited:
        assert [event["name"] for event in span["events"]] == ["cancelled"]
        assert "status" not in span


def test_an_async_generator_that_is_closed_elsewhere_disturbs_nobody(recorder: Recorder) -> None:
    async def ticks():  # type: ignore[no-untyped-def]
        with telensic.span("ticks"):
            yield 1
            yield 2

    async def main() -> None:
        generator = ticks()
        await generator.__anext__()
        with telensic.span("main") as span:
            # In a context that is another one than that in which the span was entered.
            await asyncio.create_task(generator.aclose())
            assert telensic.get_current_span() is span

    asyncio.run(main())
    assert "status" not in recorder.span("ticks")


def test_a_thread_has_no_span_unless_its_context_is_handed_over(recorder: Recorder) -> None:
    def work(name: str) -> None:
        with telensic.span(name):
            pass

    def attached(context: telensic.Context) -> None:
        with telensic.attach(context):
            work("attached")

    with telensic.span("main") as span:
        context = contextvars.copy_context()
        jobs = [
            (work, ("alone",)),
            (context.run, (work, "copied")),
            (telensic.bind_context(work), ("bound",)),
            (attached, (span.context,)),
        ]
        for target, arguments in jobs:
            thread = threading.Thread(target=target, args=arguments)
            thread.start()
            thread.join()
    found = parents(recorder)
    assert found == {"main": None, "alone": None, "copied": "main", "bound": "main", "attached": "main"}


def test_an_executor_runs_bound_work_in_its_span_and_to_thread_does_so_by_itself(recorder: Recorder) -> None:
    def work(number: int) -> None:
        with telensic.span(f"work {number}"):
            pass

    async def main() -> None:
        with telensic.span("async"):
            await asyncio.to_thread(work, 100)

    with ThreadPoolExecutor(4) as executor:
        with telensic.span("main"):
            list(executor.map(telensic.bind_context(work), range(20)))
    asyncio.run(main())
    found = parents(recorder)
    assert {found[f"work {number}"] for number in range(20)} == {"main"}
    assert found["work 100"] == "async"


def test_a_span_may_end_on_another_thread(recorder: Recorder) -> None:
    span = telensic.span("moved")
    thread = threading.Thread(target=lambda: (span.set("thread", 2), span.end()))
    thread.start()
    thread.join()
    assert recorder.span("moved")["attributes"] == {"thread": 2}
    assert recorder.tape().open_spans == []


def test_eight_threads_lose_nothing_and_mix_nothing(recorder: Recorder) -> None:
    shared = telensic.span("shared")

    def work(thread: int) -> None:
        for number in range(500):
            with telensic.span("outer", thread=thread, number=number):
                with telensic.span("inner", thread=thread):
                    pass
            shared.set("last", number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shared.end()
    spans = recorder.tape().spans
    outer = {span["spanId"]: span["attributes"]["thread"] for span in spans if span["name"] == "outer"}
    inner = [span for span in spans if span["name"] == "inner"]
    assert (len(outer), len(inner)) == (4_000, 4_000)
    assert all(outer[span["parentSpanId"]] == span["attributes"]["thread"] for span in inner)
