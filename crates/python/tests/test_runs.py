"""A run is recorded into a directory of its own, with what its results rest on, and sealed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from conftest import program, tapes

import telensic

NAV = "date,nav\n2026-01-01,1.0\n2026-01-02,1.1\n"


def test_a_run_keeps_what_its_results_rest_on(tmp_path: Path) -> None:
    nav = tmp_path / "nav.csv"
    nav.write_text(NAV)
    outcome = tmp_path / "weights.csv"
    config = {"hurdle": 0.05, "api_key": "sk_live_4eC39HqLyjWDarjtT1zdp7dc"}
    with telensic.run(
        "nightly", kind="backtest", experiment="exp-7", directory=tmp_path / "data", config=config
    ) as run:
        run.seed("bootstrap", 2**63 + 1)
        run.random_state(own=np.random.default_rng(5))
        assert run.input(nav)["row_count"] == 2
        run.input(np.arange(5.0), "features")
        run.set("n_sleeves", 3)
        with telensic.span("run_stage:load"):
            telensic.epoch_detected(0, 1, 0.1, 0.0)
        outcome.write_text("a,b\n")
        run.output(outcome)
        run.output(np.arange(3), "weights")
    conclusion = run.conclusion
    assert conclusion is not None
    assert (conclusion.status, conclusion.spans, conclusion.troubles) == ("succeeded", 2, [])
    manifest = json.loads((run.directory / "run.json").read_text())
    assert (manifest["profile"], manifest["experiment_id"], manifest["status"]) == (
        "nightly",
        "exp-7",
        "succeeded",
    )
    provenance = json.loads((run.directory / "data/provenance.json").read_text())
    assert str(provenance["seeds"]["bootstrap"]) == str(2**63 + 1)
    assert {"python", "numpy", "own"} <= provenance["random_states"].keys()
    assert [fingerprint["name"] for fingerprint in provenance["inputs"] if "name" in fingerprint] == [
        "features"
    ]
    assert len(provenance["inputs"]) == len(provenance["outputs"]) == 2
    assert "sk_live" not in (run.directory / "data/provenance.json").read_text()
    trace = json.loads((run.directory / "data/forensic_trace.json").read_text())
    root, stage = sorted(trace, key=lambda span: span["start_time"])
    assert (root["name"], stage["name"]) == ("pipeline:nightly", "run_stage:load")
    assert root["attributes"] == {"profile": "nightly", "run_id": run.id, "type": "backtest", "n_sleeves": 3}
    assert stage["parent_span_id"] == root["span_id"]
    assert stage["attributes"] == {"stage_id": "load", "profile": "nightly", "run_id": run.id}
    events = [json.loads(line) for line in (run.directory / "events.jsonl").read_text().splitlines()]
    assert [event["event"] for event in events] == ["data.load", "epoch_detected"]
    assert (run.directory / "seal.json").exists()
    assert (tmp_path / "data/artifacts/summaries/runs/latest").resolve() == run.directory.resolve()
    assert "TELENSIC_RUN_DIR" not in os.environ
    assert not telensic.is_recording()


def test_a_run_that_raises_has_failed_and_says_by_what(tmp_path: Path) -> None:
    with pytest.raises(KeyError), telensic.run("nightly", directory=tmp_path) as run:
        raise KeyError("missing")
    assert run.conclusion is not None
    assert run.conclusion.status == "failed"
    (root,) = json.loads((run.directory / "data/forensic_trace.json").read_text())
    assert root["status"] == "ERROR"
    with pytest.raises(KeyboardInterrupt), telensic.run("nightly", directory=tmp_path) as run:
        raise KeyboardInterrupt
    assert run.conclusion is not None
    assert run.conclusion.status == "interrupted"


def test_a_recorder_that_was_there_before_waits_for_the_run(tmp_path: Path) -> None:
    with telensic.init("tests", directory=tmp_path, log_files=False):
        with telensic.span("before"):
            run = telensic.run("nightly", directory=tmp_path)
            with telensic.span("within"):
                pass
            run.finish()
            with telensic.span("after"):
                pass
        path = telensic.tape_path()
        assert path is not None
        assert {span["name"] for span in telensic.read_tape(path).spans} == {"before", "after"}
    found = {span["name"]: span for tape in tapes(run.directory) for span in tape.spans}
    assert set(found) == {"pipeline:nightly", "within"}
    assert found["within"]["parentSpanId"] == run.context.span_id


def test_one_run_at_a_time_and_a_directory_that_cannot_be_are_told(tmp_path: Path) -> None:
    with telensic.run("nightly", directory=tmp_path):
        with pytest.raises(telensic.RunError, match="in a run already"):
            telensic.run("other", directory=tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(telensic.RunError, match="file"):
        telensic.run("nightly", directory=tmp_path / "file")


def test_a_child_process_that_starts_a_run_joins_that_of_its_parent(tmp_path: Path) -> None:
    text = """
        import telensic
        with telensic.run("worker") as run:
            with telensic.span("in the worker"):
                pass
        assert run.conclusion is None
        print(run.id)
    """
    with telensic.run("nightly", directory=tmp_path) as run:
        with telensic.span("sleeve") as sleeve:
            done = program(text, env={**os.environ, **run.environment()})
    assert (done.stdout.strip(), done.stderr) == (run.id, "")
    found = {span["name"]: span for tape in tapes(run.directory) for span in tape.spans}
    assert found["pipeline:worker"]["parentSpanId"] == sleeve.span_id
    assert found["in the worker"]["traceId"] == run.context.trace_id
    assert run.conclusion is not None
    assert run.conclusion.spans == 4


def test_a_fork_does_not_end_the_run_of_its_parent(tmp_path: Path) -> None:
    with telensic.run("nightly", directory=tmp_path) as run:
        child = os.fork()
        if child == 0:
            with telensic.span("in the child"):
                pass
            assert run.finish() is None
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        with telensic.span("in the parent"):
            pass
    assert run.conclusion is not None
    assert (run.conclusion.status, run.conclusion.spans) == ("succeeded", 3)


def test_a_killed_run_is_there_and_running(tmp_path: Path) -> None:
    text = """
        import os, signal, sys, telensic
        run = telensic.run("nightly", directory=sys.argv[1])
        run.seed("bootstrap", 42)
        with telensic.span("done"):
            pass
        with telensic.span("open"):
            os.kill(os.getpid(), signal.SIGKILL)
    """
    assert program(text, tmp_path).returncode == -9
    (tape,) = tapes(tmp_path)
    assert [span["name"] for span in tape.spans] == ["done"]
    assert {span["name"] for span in tape.open_spans} == {"pipeline:nightly", "open"}
    (manifest,) = tmp_path.rglob("run.json")
    assert json.loads(manifest.read_text())["status"] == "running"
    assert list(manifest.parent.glob("data/provenance.d/*.json"))


def test_the_same_program_gives_the_same_fingerprints_and_events(tmp_path: Path) -> None:
    def once(directory: Path) -> tuple[object, object]:
        telensic.seed_everything(42)
        with telensic.run("ith", directory=directory) as run:
            run.random_state()
            values = np.random.standard_normal(1000)
            run.input(values, "returns")
            telensic.hypothesis_result("adf", float(values[0]), "reject", variable="returns")
        provenance = json.loads((run.directory / "data/provenance.json").read_text())
        lines = (run.directory / "events.jsonl").read_text().splitlines()
        return (
            [provenance[key] for key in ("seeds", "random_states", "inputs")],
            [json.loads(line)["fields"] for line in lines],
        )

    assert once(tmp_path / "a") == once(tmp_path / "b")
