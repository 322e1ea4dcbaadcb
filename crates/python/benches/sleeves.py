"""What recording costs a pipeline on Ray: the same sleeves on two actors, plain and recorded, turn by turn.

    python benches/sleeves.py --sleeves 32 --rounds 5        # with benches/requirements-ray.txt

A sleeve computes for a good tenth of a second in ten steps, each a span with an event. Told is the CPU time of the sleeves
themselves, and the wall-clock time from the first one handed out to the last result.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import ray
from ray.util import ActorPool

import telensic
from telensic.ray import RayComputeEngine

STEPS, LOOPS = 10, 150_000


def work(number: int) -> float:
    """The CPU time of a sleeve."""
    before = time.process_time()
    for step in range(STEPS):
        with telensic.span("run_step:compute", symbol="BTCUSDT", step=step):
            total = 0.0
            for loop in range(LOOPS):
                total += loop % 7 * 0.5
            telensic.epoch_detected(step, number, total, 0.0)
    return time.process_time() - before


@ray.remote
class Plain:
    """An actor that knows nothing of Telensic's engine; nothing is recorded in its process."""

    def ready(self) -> None:
        """Told when it is there."""

    def work(self, number: int) -> float:
        return work(number)


def plain(sleeves: int) -> tuple[float, float]:
    actors = [Plain.remote() for _ in range(2)]
    ray.get([actor.ready.remote() for actor in actors])
    before = time.monotonic()
    pool: Any = ActorPool(actors)
    cpu = sum(pool.map_unordered(lambda actor, number: actor.work.remote(number), range(sleeves)))
    wall = time.monotonic() - before
    for actor in actors:
        ray.kill(actor)
    return cpu, wall


def recorded(sleeves: int, directory: Path) -> tuple[float, float]:
    with telensic.run("bench", directory=directory) as run:
        done = (
            RayComputeEngine(work, parallelism=2).execute_sleeves({f"s{n}": n for n in range(sleeves)}).all()
        )
    spans = telensic.read_run(run.directory).spans
    steps = [span for span in spans if span["name"].startswith("run_step:s")]
    wall = max(span["end_time"] for span in steps) - min(span["start_time"] for span in steps)
    return sum(done.values()), wall / 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sleeves", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    figures: dict[str, list[tuple[float, float]]] = {"plain": [], "recorded": []}
    with tempfile.TemporaryDirectory() as directory:
        os.environ["TELENSIC_KEY"] = str(Path(directory, "seal.key"))
        for turn in range(options.rounds):
            figures["plain"].append(plain(options.sleeves))
            figures["recorded"].append(recorded(options.sleeves, Path(directory)))
    print(f"{options.sleeves} sleeves on 2 actors, median of {options.rounds} rounds")
    medians = {
        name: [statistics.median(column) for column in zip(*rows, strict=True)]
        for name, rows in figures.items()
    }
    for name, (cpu, wall) in medians.items():
        print(f"{name:<10} CPU {cpu:8.3f} s   wall {wall:8.3f} s")
    cpu, wall = (one / other - 1 for one, other in zip(medians["recorded"], medians["plain"], strict=True))
    print(f"recording  CPU {cpu:+8.2%}     wall {wall:+8.2%}")


if __name__ == "__main__":
    main()
