"""Typed events fit their schemas, and what does not fit is told and kept."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from conftest import Recorder

import telensic

SCHEMAS = Path(__file__).parents[3] / "schemas"


def test_every_standard_event_has_a_function_and_fits_its_schema(recorder: Recorder) -> None:
    telensic.data_load("nav.csv", sha256_hash="9f86d08", row_count=5, schema={"close": "float64"}, as_of=1)
    telensic.algorithm_init("ith", "1.0", random_seed=42, config={"h": 0.05, "nested": {"a": [1, "b"]}})
    telensic.algorithm_result({"epochs": 7, "cv": math.nan}, output_hash="ab")
    telensic.decision_snapshot(
        "d-1",
        5,
        {"bull_ith_epochs": 3, "bull_cv": 0.5, "own": 1},
        thresholds={"tmaeg_method": "mdd", "lookback": 20},
    )
    telensic.epoch_detected(
        3,
        41,
        0.06,
        0.01,
        endorsing_crest=1.06,
        candidate_nadir=1.0,
        tmaeg_threshold=0.05,
        position_type="bull",
    )
    telensic.hypothesis_result("adf", -3.5, True, p_value=None, variable="bull_cv", context={"lag": 5})
    for name in (
        "shapiro_wilk_result beta_fit_result ad_test_result mann_whitney_result cohens_d_result cliffs_delta_result "
        "pca_result vif_result participation_ratio adf_result acf_result"
    ).split():
        getattr(telensic, name)(
            "bull_cv", 0.98, 500, p_value=0.2, decision="fail_to_reject", parameters={"lag": 1}
        )
    telensic.audit_intent("rebalance", params={"to": 1}, input_hashes={"nav": "ab"})
    telensic.audit_outcome(
        "done", step="rebalance", output_hashes={"weights": "cd"}, metrics={"turnover": 0.1}
    )
    telensic.trade_fill(
        "f-1", "d-1", symbol="BTCUSDT", side="buy", quantity=1.5, price=100.0, timestamp_ns=6, currency="USD"
    )
    telensic.pnl_figure("p-1", 12.5, "USD", decision_id="d-1", fill_ids=["f-1"])
    recorded = [log["eventName"] for log in recorder.tape().logs]
    assert "event.invalid" not in recorded, [
        log for log in recorder.tape().logs if log["eventName"] == "event.invalid"
    ]
    standard = {path.stem for path in SCHEMAS.glob("*.json")} - {"event.invalid"}
    assert set(recorded) == standard
    assert len(recorded) == len(standard)


def test_an_event_that_does_not_fit_is_kept_with_the_reason(recorder: Recorder) -> None:
    telensic.epoch_detected(3, 41, 0.06, "much")  # type: ignore[arg-type]
    invalid = recorder.event("event.invalid")
    assert invalid["event_name"] == "epoch_detected"
    assert invalid["path"] == "/excess_loss"
    assert invalid["fields"]["excess_loss"] == "much"


def test_a_schema_of_ones_own_is_held_against_ones_own_events(recorder: Recorder) -> None:
    telensic.register_schema(
        "rebalance.tests",
        {"type": "object", "required": ["weight"], "properties": {"weight": {"type": "number"}}},
    )
    telensic.event("rebalance.tests", weight=0.5)
    telensic.event("rebalance.tests", weight="half")
    assert recorder.event("rebalance.tests")["weight"] == 0.5
    assert recorder.event("event.invalid")["fields"] == {"weight": "half"}
    with pytest.raises(ValueError, match="rename the event"):
        telensic.register_schema("data.load", {"type": "string"})


def test_a_hypothesis_has_the_same_name_in_every_run() -> None:
    of = telensic.hypothesis_id("adf", "bull_cv", {"lag": 5, "regime": "trending"}, "ith")
    assert of == "hyp_0b091c918a7cbf78"
    assert of == telensic.hypothesis_id(
        "adf", "bull_cv", {"regime": "trending", "lag": 5.0, "none": None}, "ith"
    )
    assert of != telensic.hypothesis_id("adf", "bear_cv", {"lag": 5, "regime": "trending"}, "ith")


@pytest.mark.parametrize("experiment", ["ith", None])
def test_a_hypothesis_belongs_to_the_runs_experiment_or_profile(
    tmp_path: Path, experiment: str | None
) -> None:
    of = telensic.hypothesis_id("adf", "bull_cv", None, "ith")
    with telensic.run(
        "other" if experiment else "ith", experiment=experiment, directory=tmp_path, log_files=False
    ):
        assert telensic.hypothesis_id("adf", "bull_cv") == of
    assert telensic.hypothesis_id("adf", "bull_cv") != of


def test_a_configuration_has_one_hash_however_it_is_written() -> None:
    config = {"b": 1.0, "a": [1, "x", None], "nested": {"on": True}}
    again = json.loads(json.dumps(config, sort_keys=True))
    again["b"] = 1
    assert telensic.config_hash(config) == telensic.config_hash(again)
    assert telensic.config_hash(config) != telensic.config_hash({**config, "b": 2})


def test_an_operation_tells_how_it_goes(recorder: Recorder) -> None:
    with telensic.operation("op-7", "backtest", symbol="BTCUSDT", strategy="ith") as backtest:
        backtest.progress(40, "features")
        with telensic.span("work"):
            pass
    with pytest.raises(KeyError), telensic.operation("op-8", "download"):
        raise KeyError("missing")
    spans = recorder.tape().spans
    status = [
        (span["name"], span["attributes"]["operation.status"]) for span in spans if span["name"] != "work"
    ]
    assert status == [
        ("operation.progress", "in_progress"),
        ("operation.complete", "completed"),
        ("operation.start", "started"),
        ("operation.fail", "failed"),
        ("operation.start", "started"),
    ]
    start = spans[3]
    assert start["attributes"]["symbol"] == "BTCUSDT"
    assert recorder.span("work")["parentSpanId"] == start["spanId"]
    assert spans[4]["status"]["code"] == 2
