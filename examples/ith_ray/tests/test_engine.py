"""Sleeves on a real Ray cluster of one node."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import telensic
from conftest import Record, program
from sleeves import kills_itself_at_three, raises_at_three, work, work_beside_another
from telensic.ray import RayComputeEngine, SleeveDied


def test_without_ray_nothing_is_said_on_import_and_one_line_on_use() -> None:
    said = program("""
        import sys
        sys.modules["ray"] = None
        import telensic.ray
        try:
            telensic.ray.RayComputeEngine(print).execute_sleeves(["a"])
        except ImportError as error:
            print(error)
    """)
    assert said == "telensic.ray needs Ray, which is not installed: pip install ray\n"


def test_the_package_for_ray_is_typed(tmp_path: Path) -> None:
    assert telensic.__file__ is not None
    package = Path(telensic.__file__).parent
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(package / "ray")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=package.parent)
    assert done.returncode == 0, done.stdout


def test_sleeves_are_one_trace_and_their_efficiency_is_busy_over_wall_clock_time(
    cluster: Any, tmp_path: Path
) -> None:
    with telensic.run("sleeves", directory=tmp_path) as run:
        items = {f"s{n:02}": (n, str(tmp_path)) for n in range(32)}
        sleeves = RayComputeEngine(work_beside_another, parallelism=2).execute_sleeves(items)
    assert sleeves.all() == {f"s{n:02}": 2 * n for n in range(32)}
    record = Record(run.directory)
    spans = {span["span_id"]: span for span in record.spans}
    (fan_out,) = record.named("execute_sleeves")
    assert fan_out["attributes"]["n_sleeves"] == 32
    assert fan_out["attributes"]["parallelism"] == 2
    pipelines = record.named("run_pipeline")
    assert sorted(span["attributes"]["sleeve"] for span in pipelines) == sorted(sleeves.done)
    for span in pipelines:
        step = spans[span["parent_span_id"]]
        assert step["name"] == f"run_step:{span['attributes']['sleeve']}"
        assert step["parent_span_id"] == fan_out["span_id"]
        assert span["attributes"]["profile"] == span["attributes"]["sleeve"]
        assert span["attributes"]["run_id"] == run.id
        assert span["attributes"]["node_ip"] == step["attributes"]["node_ip"]
        assert span["process"]["pid"] == step["attributes"]["process.pid"]
    assert {spans[span["parent_span_id"]]["name"] for span in record.named("work")} == {"run_pipeline"}
    assert len({span["trace_id"] for span in spans.values()}) == 1
    assert len(record.tapes) == 3
    assert {telensic.read_tape(tape).state for tape in record.tapes} == {"closed"}

    health = record.health()
    assert health["gaps"]["total"] == 0, health["gaps"]
    (row,) = health["parallelism"]["fan_outs"]["first"]
    busy = sum(span["end_time"] - span["start_time"] for span in pipelines)
    wall = fan_out["end_time"] - fan_out["start_time"]
    assert (row["expected"], row["seen"], row["workers"], row["ideal"], row["peak"]) == (32, 32, 2, 2, 2)
    assert row["efficiency"] == pytest.approx(busy / wall / 2)
    assert 0 < row["efficiency"] <= 1
    record.verify()


def test_a_killed_worker_is_named_and_the_others_results_stand(cluster: Any, tmp_path: Path) -> None:
    with telensic.run("killed", directory=tmp_path) as run:
        sleeves = RayComputeEngine(kills_itself_at_three, parallelism=1).execute_sleeves(
            {f"s{n}": n for n in range(8)}
        )
    assert sleeves.done == {f"s{n}": n for n in range(8) if n != 3}
    assert isinstance(sleeves.failed["s3"], SleeveDied)
    record = Record(run.directory)
    # Another worker took its place, and the killed one's tape is there.
    assert sorted(telensic.read_tape(tape).state for tape in record.tapes) == ["closed", "closed", "died"]
    health = record.health()
    stale = [gap for gap in health["gaps"]["first"] if gap["kind"] == "sleeve_stale"]
    assert [gap["sleeve"] for gap in stale] == ["s3"]
    report = (run.directory / "reports/health.md").read_text()
    assert "sleeve s3 on " in report
    assert "the worker of sleeve s3, process " in report
    record.verify()


def test_a_sleeve_that_raises_has_failed_with_its_own_error(cluster: Any, tmp_path: Path) -> None:
    with telensic.run("raising", directory=tmp_path) as run:
        sleeves = RayComputeEngine(raises_at_three, parallelism=2).execute_sleeves(
            {f"s{n}": n for n in range(5)}
        )
    assert set(sleeves.done) == {"s0", "s1", "s2", "s4"}
    assert repr(sleeves.failed["s3"]) == "ValueError('quotes are stale')"
    with pytest.raises(RuntimeError, match="1 of 5 sleeves failed, s3 for one: quotes are stale"):
        sleeves.all()
    (gap,) = Record(run.directory).health()["gaps"]["first"]
    assert (gap["kind"], gap["sleeve"]) == ("sleeve_failed", "s3")


def test_runs_that_follow_each_other_on_one_cluster_are_not_mixed(cluster: Any, tmp_path: Path) -> None:
    for count in (2, 3):
        with telensic.run(f"of {count}", directory=tmp_path) as run:
            RayComputeEngine(work, parallelism=2).execute_sleeves({f"s{n}": n for n in range(count)})
        record = Record(run.directory)
        assert len(record.named("run_pipeline")) == count
        assert {span["attributes"]["run_id"] for span in record.named("run_pipeline")} == {run.id}


def test_sleeves_run_without_a_run_and_without_recording(cluster: Any, tmp_path: Path) -> None:
    engine = RayComputeEngine(work, parallelism=2)
    assert engine.execute_sleeves({"a": 1}).done == {"a": 2}
    assert engine.execute_sleeves([]).done == {}
    with telensic.init("tests", directory=tmp_path, log_files=False):
        assert engine.execute_sleeves({"a": 1, "b": 2}).done == {"a": 2, "b": 4}
    tapes = [telensic.read_tape(tape) for tape in tmp_path.rglob("*.tape")]
    spans = [span for tape in tapes for span in tape.spans]
    # One worker may have done it all before the other was there.
    assert len(tapes) in (2, 3)
    assert [span["name"] for span in spans].count("run_pipeline") == 2
    assert len({span["traceId"] for span in spans}) == 1


def test_a_worker_that_has_no_place_for_its_tape_says_so_and_works(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = program(
        """
        import contextlib, io, telensic
        from telensic.ray.home import Home
        with contextlib.redirect_stderr(io.StringIO()) as said:
            assert Home("/driver/tapes/driver.tape", {}).settle("worker") is None
        assert not telensic.is_recording()
        print(said.getvalue(), end="")
        """,
        TELENSIC_RAY_TAPES=str(tmp_path / "file"),
    )
    assert said.startswith("telensic: this worker does not record: ")
    assert said.count("\n") == 1


def test_work_that_no_worker_can_load_fails_every_sleeve(cluster: Any, tmp_path: Path) -> None:
    class Unloadable:
        def __reduce__(self) -> tuple[Any, ...]:
            return (int, ("no number",))

    sleeves = RayComputeEngine(Unloadable(), parallelism=2).execute_sleeves(["a", "b", "c"])
    assert set(sleeves.failed) == {"a", "b", "c"}
    assert not sleeves.done


def test_plain_tasks_join_the_run_by_the_startup_hook(tmp_path: Path) -> None:
    said = program(
        """
        import sys, ray, telensic

        def task():
            with telensic.span("in a task"):
                return telensic.is_recording()

        with telensic.run("hooked", directory=sys.argv[1]) as run:
            ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False,
                     _tracing_startup_hook="telensic.ray.startup:setup_tracing")
            assert ray.get(ray.remote(task).remote())
            ray.shutdown()
        print(run.directory)
        """,
        tmp_path,
    )
    record = Record(Path(said.strip()))
    (span,) = record.named("in a task")
    # Ray's own span of the task, above it.
    (above,) = [other for other in record.spans if other["span_id"] == span["parent_span_id"]]
    assert above["name"].endswith("ray.remote_worker"), above["name"]
    assert len({span["trace_id"] for span in record.spans}) == 1
