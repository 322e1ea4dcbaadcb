"""The whole program, and what it comes to beside the one in Rust."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import telensic
from conftest import Record, finish, tool

from ith_ray.series import read_csv, synthetic, write_csv
from ith_ray.sleeve import Settings, Sleeve
from ith_ray.sleeve import run as run_sleeve


def record_of(command: list[str], data: Path) -> Record:
    """The record of a program that prints where it lies in its last line."""
    said = finish([*command, "--data", str(data)]).stdout
    return Record(Path(said.splitlines()[-1]))


BARS, SLEEVES = 600, 32


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where there is a file of the values that the program makes out of seed 42."""
    place = tmp_path_factory.mktemp("ith")
    write_csv(place / "nav.csv", [synthetic(42, number, BARS) for number in range(SLEEVES)])
    return place


@pytest.fixture(scope="module")
def whole(place: Path) -> Record:
    """The whole program's run, in Python."""
    arguments = ["--sleeves", str(SLEEVES), "--cpus", "2", "--bars", str(BARS)]
    return record_of([sys.executable, "-m", "ith_ray", *arguments], place / "python")


def in_rust(place: Path, *arguments: str) -> Record:
    nav = ["--nav", str(place / "nav.csv")]
    return record_of([tool("ith"), *nav, *arguments], place / "-".join(["rust", *arguments]))


def test_32_sleeves_on_two_cpus_are_one_sealed_consistent_run(whole: Record) -> None:
    whole.verify()
    for reading in ("replay", "lookahead"):
        finish([tool("telensic"), reading, str(whole.directory)])
    assert len(whole.named("run_pipeline")) == SLEEVES
    assert len({span["trace_id"] for span in whole.spans}) == 1
    health = whole.health()
    assert health["gaps"]["total"] == 0, health["gaps"]
    (row,) = health["parallelism"]["fan_outs"]["first"]
    assert (row["expected"], row["seen"], row["ideal"]) == (SLEEVES, SLEEVES, 2)


def test_every_test_of_the_features_is_an_event_and_a_hypothesis(whole: Record) -> None:
    counts = Counter(event["event"] for event in whole.events)
    tests = ["shapiro_wilk", "beta_fit", "ad_test", "mann_whitney", "cohens_d", "cliffs_delta"]
    of_tests = [counts[f"{test}_result"] for test in [*tests, "adf", "acf", "vif", "pca"]]
    assert all(of_tests), counts
    assert counts["hypothesis_result"] == sum(of_tests) + counts["participation_ratio"]
    assert counts["decision.snapshot"] == counts["data.load"] == SLEEVES
    assert "event.invalid" not in counts


def test_epochs_decisions_and_results_are_those_of_the_program_in_rust(place: Path, whole: Record) -> None:
    rust = in_rust(place)
    assert len(facts(whole, "epoch_detected")) > 20
    for event in ("epoch_detected", "decision.snapshot"):
        assert facts(whole, event) == facts(rust, event)
    # Without the whole pipeline's own, whose selection is another file.
    results, known = ([fact for fact in facts(run, "algorithm.result") if fact[0]] for run in (whole, rust))
    assert results == known
    assert selection(whole) == selection(rust)


def test_so_they_are_with_a_fixed_hurdle(place: Path) -> None:
    series = read_csv(place / "nav.csv")
    settings = Settings(42, BARS, SLEEVES, lookback=60, holdout=250, hurdle="fixed")
    with telensic.run("ith", directory=place / "fixed") as run:
        for one in series:
            with telensic.span("run_pipeline", sleeve=one.name):
                run_sleeve(Sleeve(one, settings))
    rust = in_rust(place, "--hurdle", "fixed")
    for event in ("epoch_detected", "decision.snapshot"):
        assert facts(Record(run.directory), event) == facts(rust, event)


def selection(record: Record) -> dict[str, tuple[str, float]]:
    """The position and the weight of each sleeve."""
    with (record.directory / "data/selection.csv").open(newline="") as file:
        return {row["sleeve"]: (row["position"], float(row["weight"])) for row in csv.DictReader(file)}


def facts(record: Record, event: str) -> list[Any]:
    """What events of a name say, to the last bit, each with its sleeve."""
    sleeves = {
        span["span_id"]: span["attributes"]["sleeve"]
        for span in record.spans
        if span["name"] == "run_pipeline"
    }
    parents = {span["span_id"]: span["parent_span_id"] for span in record.spans}
    found = []
    for line in (line for line in record.events if line["event"] == event):
        at = line["span_id"]
        while at is not None and at not in sleeves:
            at = parents[at]
        fields = {key: value for key, value in line["fields"].items() if key != "trace_id"}
        found.append((sleeves.get(at), fields))
    return sorted(found, key=repr)
