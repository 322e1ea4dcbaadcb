"""Net asset values over time: out of a seed, or out of a CSV file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Daily bars from 2020-01-01 on, in Unix nanoseconds.
FIRST_DAY, DAY = 1_577_836_800_000_000_000, 86_400_000_000_000


@dataclass(frozen=True)
class NavSeries:
    """Daily bars of one net asset value; times are Unix nanoseconds."""

    name: str
    times: NDArray[np.int64]
    nav: Floats

    def first(self, bars: int) -> NavSeries:
        """The first so many bars."""
        return NavSeries(self.name, self.times[:bars], self.nav[:bars])


def synthetic(seed: int, number: int, bars: int) -> NavSeries:
    """The series of this number; even ones rise, as a bull likes it, odd ones fall."""
    random = np.random.default_rng([seed, number])
    market, location, sign, leave = ("bear", -0.001, 1, 0.05) if number % 2 else ("bull", 0.002, -1, 0.02)
    change = location + 0.008 * random.standard_t(5, bars)
    is_in_shock = False
    for bar in range(bars):
        if is_in_shock:
            change[bar] += sign * random.uniform(0.001, 0.003)
        is_in_shock = random.random() >= leave if is_in_shock else random.random() < 0.05
    nav = np.cumprod(1 + np.maximum(change, -0.99))
    return NavSeries(f"{market}-{number:02}", FIRST_DAY + DAY * np.arange(bars), nav)


def read_csv(path: Path) -> list[NavSeries]:
    """All series of a file: a column of times (Unix nanoseconds), and one column a series."""
    with path.open(newline="") as file:
        (_, *names), *rows = csv.reader(file)
    times = np.array([int(row[0]) for row in rows])
    columns = np.array([[float(cell) for cell in row[1:]] for row in rows]).T
    return [NavSeries(name, times, nav) for name, nav in zip(names, columns, strict=True)]


def write_csv(path: Path, series: list[NavSeries]) -> None:
    """Writes series that share their times; the values are read again to the last bit."""
    with path.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["time", *(one.name for one in series)])
        columns = (one.nav.tolist() for one in series)
        rows.writerows(zip(series[0].times.tolist(), *columns, strict=True))
