"""What the algorithm says of the last so many bars, at every bar, each figure between 0 and 1.

A row knows nothing beyond its own bar. The hurdle too comes from the window alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from ith_ray.horizon import Side, analyse
from ith_ray.hurdle import max_drawdown, max_runup
from ith_ray.series import Floats


def rolling_features(nav: Floats, lookback: int) -> dict[str, Floats]:
    """A value for each bar; the first `lookback - 1` are NaN, since they cannot look back so far."""
    windows = np.lib.stride_tricks.sliding_window_view(nav, lookback)
    windows = windows / windows[:, :1]
    drawdown, runup = max_drawdown(windows), max_runup(windows)
    features = {
        **side_features(windows, drawdown, Side.BULL),
        **side_features(windows, runup, Side.BEAR),
        "max_drawdown": np.clip(drawdown, 0, 1),
        "max_runup": np.clip(runup, 0, 1),
    }
    not_yet = np.full(lookback - 1, np.nan)
    return {name: np.concatenate([not_yet, values]) for name, values in features.items()}


def side_features(windows: Floats, hurdle: Floats, side: Side) -> dict[str, Floats]:
    """Those of one side, for every window."""
    lookback = windows.shape[-1]
    analysis = analyse(windows, np.maximum(hurdle, np.finfo(float).eps), side)
    density = analysis.is_epoch.sum(axis=-1) / lookback
    return {
        f"{side.value}_epoch_density": expit(10 * (density - 0.5)),
        f"{side.value}_excess_gain": np.tanh(5 * np.abs(analysis.gain.sum(axis=-1))),
        f"{side.value}_cv": expit(4 * (interval_cvs(analysis.is_epoch) - 0.5)),
    }


def interval_cvs(is_epoch: NDArray[np.bool_]) -> Floats:
    """The coefficient of variation of every window's intervals; 0 without epochs, where there is no irregularity."""
    bars = np.arange(is_epoch.shape[-1])
    latest = np.maximum.accumulate(np.where(is_epoch, bars, 0), axis=-1)
    before = np.concatenate([np.zeros_like(latest[:, :1]), latest[:, :-1]], axis=-1)
    intervals = np.where(is_epoch, bars - before, 0)
    count = np.maximum(is_epoch.sum(axis=-1), 1)
    mean = intervals.sum(axis=-1) / count
    variance = np.where(is_epoch, (intervals - mean[:, np.newaxis]) ** 2, 0).sum(axis=-1) / count
    return np.asarray(np.sqrt(variance) / np.where(mean > 0, mean, 1))
