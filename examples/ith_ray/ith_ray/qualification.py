"""Whether a side of a series is worth a position."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ith_ray.horizon import Analysis, Side, mean, squares, variation
from ith_ray.series import Floats


@dataclass(frozen=True)
class Qualification:
    """The figures that decide, and whether they suffice."""

    epochs: int
    sharpe: float
    aggregate_cv: float
    is_qualified: bool


def sharpe(nav: Floats) -> float:
    """The yearly Sharpe ratio of daily values, without a risk-free rate."""
    returns = nav[1:] / nav[:-1] - 1
    return float(np.sqrt(365) * mean(returns) / np.sqrt(squares(returns) / (len(returns) - 1)))


def qualify(nav: Floats, analysis: Analysis) -> Qualification:
    """Holds a side of a series against the limits."""
    epochs = len(analysis.epochs)
    ratio = sharpe(nav)
    # Of epochs without any loss only the intervals tell.
    cv = float(np.fmax(variation(analysis.loss[analysis.epochs]), analysis.interval_cv))
    low, high = (0.5, 9.9) if analysis.side is Side.BULL else (-9.9, -0.5)
    is_qualified = 5 < epochs < 100_000 and low < ratio < high and 0 < cv < 0.70
    return Qualification(epochs, ratio, cv, is_qualified)
