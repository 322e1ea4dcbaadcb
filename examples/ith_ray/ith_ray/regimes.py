"""Whether values trend or revert: the Hurst exponent of the last so many returns, by rescaled ranges."""

from __future__ import annotations

import numpy as np

from ith_ray.series import Floats

#: How many returns are looked at, and into pieces of which lengths they are cut.
WINDOW, PIECES = 128, (8, 16, 32, 64, 128)
TRENDING, REVERTING = 0.55, 0.45


def rolling_hurst(nav: Floats) -> Floats:
    """A value for each bar; NaN where there are not enough returns yet."""
    returns = nav[1:] / nav[:-1] - 1
    if len(returns) < WINDOW:
        return np.full(len(nav), np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(returns, WINDOW)
    ranges = np.array([rescaled_range(windows, length) for length in PIECES])
    # The exponent is the slope of a line through the logarithms.
    lengths = np.log(PIECES) - np.mean(np.log(PIECES))
    slopes = lengths @ np.log(ranges) / (lengths @ lengths)
    return np.concatenate([np.full(WINDOW, np.nan), slopes])


def rescaled_range(windows: Floats, length: int) -> Floats:
    """The mean, over a window's pieces, of the range of summed deviations over the standard deviation."""
    pieces = windows.reshape(len(windows), -1, length)
    deviations = pieces - pieces.mean(axis=-1, keepdims=True)
    spread = np.ptp(np.cumsum(deviations, axis=-1), axis=-1)
    return np.asarray(np.mean(spread / pieces.std(axis=-1), axis=-1))
