"""Forked, spawned and killed processes each have a tape of their own, and nothing recorded is lost."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from conftest import Recorder, program, tapes

import telensic


def work(number: int) -> int:
    with telensic.span(f"work {number}", number=number):
        return os.getpid()


def work_in(context: telensic.Context, number: int) -> int:
    with telensic.attach(context):
        return work(number)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_fifty_forked_children_have_fifty_tapes_and_nothing_is_mixed(recorder: Recorder) -> None:
    children = []
    with telensic.span("parent") as parent:
        for number in range(50):
            child = os.fork()
            if child == 0:
                with telensic.span("child", number=number):
                    for step in range(10):
                        with telensic.span("step", number=number, step=step):
                            pass
                os._exit(0)
            children.append(child)
        for child in children:
            assert os.waitpid(child, 0)[1] == 0
    of_children = [tape for tape in tapes(recorder.directory) if tape.pid != os.getpid()]
    assert sorted(tape.pid for tape in of_children) == sorted(children)
    for tape in of_children:
        assert Counter(span["name"] for span in tape.spans) == {"step": 10, "child": 1}
        (number,) = {span["attributes"]["number"] for span in tape.spans}
        assert tape.pid == children[number]
        child_span = tape.spans[-1]
        assert child_span["parentSpanId"] == parent.span_id
        assert {span["parentSpanId"] for span in tape.spans[:-1]} == {child_span["spanId"]}
    assert Counter(span["name"] for span in recorder.tape().spans) == {"parent": 1}


def test_forked_workers_of_a_pool_are_children_and_end_in_order(recorder: Recorder) -> None:
    context = multiprocessing.get_context("fork")
    with telensic.span("main") as main:
        with context.Pool(2) as pool:
            pids = set(pool.map(work, range(8)))
            pool.close()
            pool.join()
    of_workers = [tape for tape in tapes(recorder.directory) if tape.pid in pids]
    spans = [span for tape in of_workers for span in tape.spans]
    assert sorted(span["attributes"]["number"] for span in spans) == list(range(8))
    assert {span["parentSpanId"] for span in spans} == {main.span_id}
    assert {tape.state for tape in of_workers} == {"closed"}


def test_spawned_workers_join_the_run_and_take_a_context_as_argument(tmp_path: Path) -> None:
    with telensic.run("spawning", directory=tmp_path, log_files=False) as run:
        with telensic.span("main") as main:
            spawn = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(2, mp_context=spawn, initializer=telensic.join) as executor:
                jobs = [executor.submit(work_in, main.context, number) for number in range(4)]
                jobs += [executor.submit(work, 4)]
                pids = {job.result() for job in jobs}
    found = {span["name"]: span for tape in tapes(run.directory) for span in tape.spans}
    assert {found[f"work {number}"]["parentSpanId"] for number in range(4)} == {main.span_id}
    # Without an argument it belongs to the run all the same.
    assert found["work 4"]["parentSpanId"] == run.context.span_id
    assert {span["traceId"] for span in found.values()} == {main.trace_id}
    assert os.getpid() not in pids


def test_a_program_that_is_killed_leaves_all_that_ended_and_names_what_was_open(tmp_path: Path) -> None:
    text = """
        import os, sys, time, telensic
        telensic.init("killed", directory=sys.argv[1], log_files=False)
        with telensic.span("open stage", stage_id="train"):
            number = 0
            while True:
                with telensic.span("step", number=number):
                    pass
                telensic.log(20, "step done", number=number)
                print(number, flush=True)
                number += 1
    """
    command = [sys.executable, "-c", textwrap.dedent(text), str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= 500:
                break
        process.send_signal(signal.SIGKILL)
        said = [int(line) for line in process.stdout if line.strip().isdigit()]
    last = max([500, *said[:-1]])
    (tape,) = tapes(tmp_path)
    assert tape.state == "died"
    numbers = [span["attributes"]["number"] for span in tape.spans]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) > last
    assert [log["attributes"]["number"] for log in tape.logs][: last + 1] == list(range(last + 1))
    assert "open stage" in [span["name"] for span in tape.open_spans]


def test_a_program_that_ends_without_a_word_has_handed_everything_on(tmp_path: Path) -> None:
    text = """
        import logging, sys, telensic
        telensic.init("ends", directory=sys.argv[1])
        telensic.setup_logging()
        logging.getLogger("ends").info("last words")
    """
    done = program(text, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert tapes(tmp_path)[0].state == "closed"
    lines = "".join(path.read_text() for path in (tmp_path / "logs").glob("*.jsonl"))
    assert "last words" in lines


def test_a_child_process_finds_its_parent_in_the_environment(recorder: Recorder) -> None:
    text = """
        import sys, telensic
        telensic.init("child", directory=sys.argv[1], log_files=False)
        with telensic.attach(telensic.extract()), telensic.span("in the child"):
            pass
    """
    with telensic.span("in the parent") as parent:
        environment = {**os.environ, **telensic.environment()}
        assert program(text, recorder.directory / "child", env=environment).returncode == 0
    (tape,) = tapes(recorder.directory / "child")
    assert tape.spans[0]["parentSpanId"] == parent.span_id


def test_no_reference_leaks_over_many_spans(recorder: Recorder) -> None:
    import resource

    def measure(count: int) -> int:
        for number in range(count):
            with telensic.span("leak?", number=number, text="BTCUSDT", values=[1, 2]) as span:
                span.set(f"key{number % 10}", number)
                span.add_event("event", {"number": number})
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    warm = measure(10_000)
    assert measure(40_000) - warm < 4 * 1024, "kilobytes"


def test_a_program_under_faulthandler_with_threads_and_forks_at_once_ends_well(tmp_path: Path) -> None:
    text = """
        import os, sys, threading, telensic
        telensic.init("busy", directory=sys.argv[1], log_files=False)
        over = threading.Event()
        def work():
            while not over.is_set():
                with telensic.span("work", n=1):
                    telensic.log(20, "line", n=1)
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads: thread.start()
        children = []
        for number in range(20):
            child = os.fork()
            if child == 0:
                with telensic.span("child"):
                    pass
                os._exit(0)
            children.append(child)
        codes = [os.waitpid(child, 0)[1] for child in children]
        over.set()
        for thread in threads: thread.join()
        assert codes == [0] * 20, codes
    """
    environment = {**os.environ, "PYTHONFAULTHANDLER": "1"}
    started = time.monotonic()
    done = program(text, tmp_path, env=environment)
    assert (done.returncode, done.stderr) == (0, ""), time.monotonic() - started
    found = tapes(tmp_path)
    assert len(found) == 21
    assert sum(span["name"] == "child" for tape in found for span in tape.spans) == 20
