"""``python -m ith_ray``: runs the pipeline, prints its result, and in the last line where its record lies."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

import ray
import telensic

from ith_ray import pipeline
from ith_ray.hurdle import METHODS
from ith_ray.sleeve import Settings


def main() -> None:
    options = arguments()
    settings = Settings(
        options.seed, options.bars, options.sleeves, options.lookback, options.holdout, options.hurdle
    )
    ray.init(num_cpus=options.cpus, include_dashboard=False, log_to_driver=False)
    with telensic.run("ith", kind="backtest", directory=options.data, config=asdict(settings)) as run:
        series = pipeline.load(run, options.nav, settings)
        pipeline.validate(series, settings)
        decided = pipeline.sleeves(series, settings, options.cpus)
        found = pipeline.examination(decided, settings.seed)
        selected = pipeline.selection(run, decided)
        profits = pipeline.report(series, selected)
        telensic.algorithm_result(
            {"decisions": len(decided), "profit": sum(profits.values())}, output_hash=selected.output_hash
        )

    print(f"{'sleeve':<12} {'position':>8} {'bull epochs':>12} {'bear epochs':>12} {'profit':>9}")
    for result, _ in selected.positions:
        profit = f"{profits[result.name]:+.2%}" if result.name in profits else "-"
        counts = f"{result.bull_epochs:>12} {result.bear_epochs:>12}"
        print(f"{result.name:<12} {result.position or '-':>8} {counts} {profit:>9}")
    rejected = sum(finding.is_rejected for finding in found)
    print(f"profit {sum(profits.values()):+.2%}; of {len(found)} hypotheses {rejected} are rejected")
    print(run.directory)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="ith_ray",
        description="Finds the investment time horizons of net asset values.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--seed", type=int, default=42, help="of the synthetic values")
    parser.add_argument("--bars", type=int, default=2_500, help="of a synthetic series, a day each")
    parser.add_argument("--sleeves", type=int, default=8, help="how many synthetic series there are")
    parser.add_argument(
        "--nav", type=Path, help="values to be read instead: CSV, times and a column a series"
    )
    parser.add_argument("--hurdle", choices=METHODS, help="how it is found, if not by each side's own method")
    parser.add_argument("--lookback", type=int, default=60, help="how many bars a feature looks back")
    parser.add_argument(
        "--holdout", type=int, default=250, help="how many of the last bars are not known yet"
    )
    parser.add_argument("--cpus", type=int, default=2, help="how many sleeves run at once")
    parser.add_argument("--data", type=Path, help="where runs are kept, if not where TELENSIC_DIR says")
    return parser.parse_args()


if __name__ == "__main__":
    main()
