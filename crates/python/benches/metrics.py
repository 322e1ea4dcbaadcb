"""What counting costs from Python, against prometheus_client, in the same run: CPU time, as in ``spans.py``.

python benches/metrics.py [--rounds N]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile

import prometheus_client
from spans import Round, race

import telensic

COUNTS = 100_000
LABELS = ["venue", "side", "status"]

ORDERS = telensic.Counter("bench_orders_total", "orders sent", LABELS)
SECONDS = telensic.Histogram("bench_seconds", "how long it took")
THEIR_ORDERS = prometheus_client.Counter("bench_orders", "orders sent", LABELS)
THEIR_SECONDS = prometheus_client.Histogram("bench_seconds", "how long it took")


def bound(counter: telensic.Counter | prometheus_client.Counter) -> Round:
    series = counter.labels("kraken", "buy", "filled")

    def work(count: int) -> None:
        for number in range(count):
            series.inc()

    return work


def looked_up(counter: telensic.Counter | prometheus_client.Counter) -> Round:
    def work(count: int) -> None:
        for number in range(count):
            counter.labels("kraken", "buy", "filled").inc()

    return work


def observed(histogram: telensic.Histogram | prometheus_client.Histogram) -> Round:
    def work(count: int) -> None:
        for number in range(count):
            histogram.observe(0.07)

    return work


@telensic.telemetry_decorator("bench")
def _call(symbol: str) -> None:
    pass


def adapter_call(count: int) -> None:
    """Span, requests, durations, active calls and success rate."""
    for number in range(count):
        _call("AAPL")
    telensic.flush()


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=9)
    rounds = options.parse_args().rounds
    with tempfile.TemporaryDirectory() as directory, telensic.init("bench", directory=directory):
        figures = race(
            {
                "telensic: counter, bound": (bound(ORDERS), COUNTS),
                "prometheus_client: counter, bound": (bound(THEIR_ORDERS), COUNTS),
                "telensic: counter, 3 labels looked up": (looked_up(ORDERS), COUNTS),
                "prometheus_client: counter, 3 labels looked up": (looked_up(THEIR_ORDERS), COUNTS),
                "telensic: histogram": (observed(SECONDS), COUNTS),
                "prometheus_client: histogram": (observed(THEIR_SECONDS), COUNTS),
                "telensic: call of an adapter": (adapter_call, COUNTS // 5),
            },
            rounds,
        )
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} CPUs, {rounds} rounds\n\n| what | ns |\n|---|---:|"
    )
    for name, figure in figures.items():
        print(f"| {name} | {figure:,.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
