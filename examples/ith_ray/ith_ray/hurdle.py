"""What a gain must beat: a fall or a rise that the values have shown already, or a fixed figure."""

from __future__ import annotations

import numpy as np

from ith_ray.horizon import Side
from ith_ray.series import Floats

FIXED = 0.05
METHODS = ("mdd", "mru", "geomean", "fixed")


def default_method(side: Side) -> str:
    """That of those who do not choose."""
    return "mdd" if side is Side.BULL else "mru"


def hurdle(method: str, nav: Floats, side: Side) -> float:
    """The hurdle that these values give."""
    if method == "mdd":
        return float(max_drawdown(nav))
    if method == "mru":
        return float(max_runup(nav))
    if method == "geomean":
        return geometric_mean(deepest(nav, side))
    return FIXED


def max_drawdown(nav: Floats) -> Floats:
    """The deepest fall from a maximum, as a share of it."""
    falls: Floats = 1 - nav / np.maximum.accumulate(nav, axis=-1)
    return np.asarray(falls.max(axis=-1))


def max_runup(nav: Floats) -> Floats:
    """The highest rise from a minimum, as a share of what it rose to."""
    rises: Floats = 1 - np.minimum.accumulate(nav, axis=-1) / nav
    return np.asarray(rises.max(axis=-1))


def deepest(nav: Floats, side: Side) -> Floats:
    """The deepest fall after each peak (for a bear the highest rise after each trough), but for those that had none."""
    is_bull = side is Side.BULL
    extreme = np.maximum.accumulate(nav) if is_bull else np.minimum.accumulate(nav)
    against = 1 - (nav / extreme if is_bull else extreme / nav)
    peaks = np.flatnonzero(np.diff(extreme, prepend=np.nan) != 0)
    worst = np.maximum.reduceat(against, peaks)
    return worst[worst > 0]


def geometric_mean(values: Floats) -> float:
    """The geometric mean; 0 of nothing."""
    return float(np.exp(np.mean(np.log(values)))) if len(values) else 0.0
