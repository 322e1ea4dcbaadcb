"""The algorithm: when does the gain of an investment beat its losses and a hurdle, and how regularly?

It goes from bar to bar, and goes through any number of series, or windows of one, at the same time: the bars are the last axis.
What it says of a bar is the state at that bar, before an epoch that ends there resets it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from ith_ray.series import Floats


class Side(str, Enum):
    """Who gains: those who bet on rising values, or on falling ones."""

    BULL = "bull"
    BEAR = "bear"

    def favours(self, value: Floats, over: Floats) -> NDArray[np.bool_]:
        return value > over if self is Side.BULL else value < over

    def ratio(self, base: Floats, value: Floats) -> Floats:
        return value / base if self is Side.BULL else base / value


@dataclass(frozen=True)
class Analysis:
    """Every bar as the algorithm saw it; all arrays are shaped like the values."""

    side: Side
    hurdle: Floats
    gain: Floats
    loss: Floats
    is_epoch: NDArray[np.bool_]
    crest: Floats
    nadir: Floats

    @property
    def epochs(self) -> list[int]:
        """The bars at which epochs end, of one series."""
        return [int(bar) for bar in np.flatnonzero(self.is_epoch)]

    @property
    def interval_cv(self) -> float:
        """How irregular the epochs of one series are; NaN without epochs."""
        return variation(np.diff([0, *self.epochs]).astype(float))


def analyse(nav: Floats, hurdle: Floats | float, side: Side) -> Analysis:
    """Goes through the bars. A hurdle that is NaN is never beaten."""
    bars = np.moveaxis(nav, -1, 0)
    hurdle = np.broadcast_to(np.asarray(hurdle, float), bars.shape[1:])
    gain, loss, crest, nadir = (np.zeros_like(bars) for _ in range(4))
    for bar, value in enumerate(bars):
        if bar == 0:
            base = favourable = adverse = crest[0] = nadir[0] = value
            gained = lost = np.zeros_like(value)
            continue
        is_new_high = side.favours(value, favourable)
        gained = np.where(is_new_high, side.ratio(base, value) - 1, gained)
        favourable = np.where(is_new_high, value, favourable)
        is_new_low = side.favours(adverse, value)
        lost = np.where(is_new_low, 1 - side.ratio(base, value), lost)
        adverse = np.where(is_new_low, value, adverse)
        gain[bar], loss[bar], crest[bar], nadir[bar] = gained, lost, favourable, adverse
        is_reset = (gained > np.abs(lost)) & (gained > hurdle) & ~side.favours(base, favourable)
        base = np.where(is_reset, favourable, base)
        adverse = np.where(is_reset, bars[bar - 1], adverse)
        gained, lost = np.where(is_reset, 0, gained), np.where(is_reset, 0, lost)
    gain, loss, crest, nadir = (np.moveaxis(state, 0, -1) for state in (gain, loss, crest, nadir))
    is_epoch = (gain > loss) & (gain > hurdle[..., np.newaxis])
    return Analysis(side, hurdle, gain, loss, is_epoch, crest, nadir)


def mean(values: Floats) -> float:
    """The mean; NaN of nothing. Added one after the other, as any program does it that is to come to the same bits."""
    return float(np.cumsum(values)[-1] / len(values)) if len(values) else float("nan")


def squares(values: Floats) -> float:
    """The sum of the squared distances from the mean, likewise."""
    distances = values - mean(values)
    return float(np.cumsum(distances * distances)[-1])


def variation(values: Floats) -> float:
    """The coefficient of variation: the population's standard deviation over the mean; NaN of nothing."""
    if not len(values):
        return float("nan")
    with np.errstate(invalid="ignore"):
        return float(np.sqrt(squares(values) / len(values)) / np.float64(mean(values)))
