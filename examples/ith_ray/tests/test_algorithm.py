"""The algorithm against figures of an independent implementation, and the tests against data made for them."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from ith_ray import findings
from ith_ray.features import rolling_features
from ith_ray.horizon import Side, analyse
from ith_ray.hurdle import hurdle, max_drawdown, max_runup
from ith_ray.series import read_csv, synthetic, write_csv

A = np.array([1, 1.03, 1.01, 1.06, 1.04, 1.02, 1.09, 1.12, 1.08, 1.15])
B = np.array([1, 0.97, 0.99, 0.93, 0.95, 0.90, 0.96, 0.88])


def test_a_bull_finds_the_epochs_of_vector_a() -> None:
    found = analyse(A, 0.05, Side.BULL)
    assert found.epochs == [3, 7]
    assert found.interval_cv == 0.14285714285714285
    known = [0, 0.03, 0.03, 0.06, 0, 0, 0.028301886792452935, 0.05660377358490565, 0, 0.02678571428571419]
    assert found.gain == pytest.approx(known, abs=1e-15)
    assert found.loss == pytest.approx([0] * 8 + [0.0357142857142857] * 2)
    assert found.crest[found.epochs].tolist() == [1.06, 1.12]
    # The second epoch's nadir is the bar before the first epoch's end.
    assert found.nadir[found.epochs].tolist() == [1.0, 1.01]
    assert (max_drawdown(A), max_runup(A)) == (pytest.approx(0.0377358491), pytest.approx(0.1304347826))
    assert analyse(A, 0.05, Side.BEAR).epochs == []


def test_a_bear_finds_the_epochs_of_vector_b() -> None:
    found = analyse(B, 0.05, Side.BEAR)
    assert found.epochs == [3, 7]
    assert found.gain[[3, 7]].tolist() == [0.07526881720430101, 0.05681818181818188]
    assert (max_drawdown(B), max_runup(B)) == (pytest.approx(0.12), pytest.approx(0.0625))


def test_nothing_and_no_hurdle_have_no_epochs() -> None:
    assert analyse(np.array([]), 0.05, Side.BULL).epochs == []
    assert math.isnan(analyse(np.array([]), 0.05, Side.BULL).interval_cv)
    assert analyse(A, math.nan, Side.BULL).epochs == []


def test_the_geometric_mean_is_that_of_the_falls_after_each_peak() -> None:
    assert hurdle("geomean", A, Side.BULL) == pytest.approx(
        (0.02 / 1.03 * 0.04 / 1.06 * 0.04 / 1.12) ** (1 / 3)
    )


def test_a_row_of_features_knows_nothing_of_later_bars_and_nothing_of_the_level() -> None:
    nav = synthetic(7, 0, 120).nav
    whole, early, doubled = (rolling_features(part, 30) for part in (nav, nav[:60], 2 * nav))
    for name, values in whole.items():
        assert np.isnan(values[:29]).all()
        assert ((values[29:] >= 0) & (values[29:] <= 1)).all()
        assert values[29:60].tolist() == early[name][29:].tolist()
        assert values[29:].tolist() == doubled[name][29:].tolist()


def test_every_window_is_gone_through_as_if_it_were_alone() -> None:
    nav = synthetic(7, 0, 100).nav
    windows = np.lib.stride_tricks.sliding_window_view(nav, 40)
    for side in Side:
        together = analyse(windows, 0.01, side)
        for row, window in enumerate(windows):
            alone = analyse(window, 0.01, side)
            assert together.gain[row].tolist() == alone.gain.tolist()
            assert together.is_epoch[row].tolist() == alone.is_epoch.tolist()


def test_a_seed_gives_the_same_values_and_a_file_gives_them_back(tmp_path: Path) -> None:
    series = [synthetic(42, number, 50) for number in range(3)]
    assert series[0].nav.tolist() == synthetic(42, 0, 50).nav.tolist() != synthetic(43, 0, 50).nav.tolist()
    write_csv(tmp_path / "nav.csv", series)
    for one, again in zip(series, read_csv(tmp_path / "nav.csv"), strict=True):
        assert (one.name, one.nav.tolist(), one.times.tolist()) == (
            again.name,
            again.nav.tolist(),
            again.times.tolist(),
        )


def test_each_test_tells_what_was_put_into_the_data() -> None:
    random = np.random.default_rng(1)
    normal, beta = random.normal(0.5, 0.05, 2_000), random.beta(2, 5, 2_000)
    of = {finding.test: finding for finding in findings.of_one("beta", beta, random)}
    assert of["shapiro_wilk"].is_rejected
    assert not of["ad_test"].is_rejected
    assert of["beta_fit"].parameters["a"] == pytest.approx(2, rel=0.25)
    bimodal = np.concatenate([normal[:500] - 0.4, normal[500:1000] + 0.4]).clip(0.01, 0.99)
    of = {finding.test: finding for finding in findings.of_one("bimodal", bimodal, random)}
    assert of["ad_test"].is_rejected

    hurst = np.repeat([0.6, 0.4, 0.5], [500, 500, 1_000])
    same = {finding.test: finding for finding in findings.of_regimes("same", normal, hurst)}
    moved = {
        finding.test: finding
        for finding in findings.of_regimes("moved", normal + 0.05 * (hurst > 0.55), hurst)
    }
    assert not same["mann_whitney"].is_rejected
    assert moved["mann_whitney"].is_rejected
    assert moved["cohens_d"].statistic == pytest.approx(1, abs=0.15)
    assert moved["cliffs_delta"].statistic == pytest.approx(0.52, abs=0.06)
    assert moved["mann_whitney"].effect_size == moved["cliffs_delta"].statistic
    assert list(findings.of_regimes("few", normal[:20], hurst[:20])) == []

    walk = np.cumsum(normal - 0.5)
    assert not next(findings.of_time("walk", walk)).is_rejected
    assert next(findings.of_time("noise", normal)).is_rejected
    lags = [finding.parameters["lag"] for finding in findings.of_time("walk", walk) if finding.test == "acf"]
    assert lags == [1, 5, 10, 20, 50, 100]

    of_all = list(
        findings.of_all({"a": normal, "b": beta, "sum": normal + beta + 0.001 * random.normal(size=2_000)})
    )
    by_test = {finding.test: finding for finding in of_all}
    assert by_test["pca"].parameters["components_95"] == 2
    assert by_test["participation_ratio"].statistic == pytest.approx(2, abs=0.2)
    assert all(finding.is_rejected for finding in of_all if finding.test == "vif")
