"""A sleeve: one series, looked at from both sides, up to the bar at which it is decided.

The same in this process and on a worker: it records into whatever span is current.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

import telensic

from ith_ray.features import rolling_features
from ith_ray.horizon import Analysis, Side, analyse
from ith_ray.hurdle import default_method, hurdle, max_drawdown, max_runup
from ith_ray.qualification import Qualification, qualify
from ith_ray.regimes import rolling_hurst
from ith_ray.series import Floats, NavSeries

ALGORITHM, VERSION = "ith", "1"


@dataclass(frozen=True)
class Settings:
    """What the results depend on."""

    seed: int
    bars: int
    sleeves: int
    lookback: int
    holdout: int
    hurdle: str | None

    def method(self, side: Side) -> str:
        """How a side's hurdle is found."""
        return self.hurdle or default_method(side)


@dataclass(frozen=True)
class Result:
    """What a sleeve comes to."""

    name: str
    decision_id: str
    position: str | None
    bull_epochs: int
    bear_epochs: int
    decision_bar: int

    @property
    def hash(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True)
class Sleeve:
    """A series, and what is to be done with it."""

    series: NavSeries
    settings: Settings


@dataclass(frozen=True)
class Decided:
    """A sleeve's result, and what its bars are like."""

    result: Result
    features: dict[str, Floats]
    hurst: Floats


def run(sleeve: Sleeve) -> Decided:
    """Runs a sleeve."""
    settings = sleeve.settings
    telensic.algorithm_init(ALGORITHM, VERSION, random_seed=settings.seed, config=asdict(settings))
    # What comes later is not known when it is decided.
    known = read(sleeve.series, max(1, len(sleeve.series.nav) - settings.holdout))
    bull, bear = (analyse_side(known, side, settings) for side in Side)
    result = decide(known, bull, bear, settings)
    telensic.algorithm_result(
        {
            "bull_ith_epochs": result.bull_epochs,
            "bear_ith_epochs": result.bear_epochs,
            "bull_cv": bull[0].interval_cv,
            "bear_cv": bear[0].interval_cv,
        },
        output_hash=result.hash,
    )
    with telensic.span("run_step:features"):
        nav = sleeve.series.nav
        return Decided(result, rolling_features(nav, settings.lookback), rolling_hurst(nav))


def read(series: NavSeries, bars: int) -> NavSeries:
    """What was known after so many bars; that it was looked at is recorded."""
    known = series.first(bars)
    telensic.data_load(
        f"nav/{known.name}",
        sha256_hash=hashlib.sha256(known.nav.tobytes()).hexdigest(),
        row_count=len(known.nav),
        event_time=known.times[-1],
        as_of=known.times[-1],
    )
    return known


def analyse_side(known: NavSeries, side: Side, settings: Settings) -> tuple[Analysis, Qualification]:
    """Finds the epochs of a side."""
    with telensic.span(f"run_step:{side.value}") as step:
        analysis = analyse(known.nav, hurdle(settings.method(side), known.nav, side), side)
        for index, bar in enumerate(analysis.epochs):
            # Straight from the algorithm's own state: nothing is computed anew for the record.
            telensic.epoch_detected(
                index,
                bar,
                analysis.gain[bar],
                analysis.loss[bar],
                endorsing_crest=analysis.crest[bar],
                candidate_nadir=analysis.nadir[bar],
                tmaeg_threshold=float(analysis.hurdle),
                position_type=side.value,
                timestamp=known.times[bar],
            )
        qualification = qualify(known.nav, analysis)
        step.set("epochs", qualification.epochs)
        step.set("is_qualified", qualification.is_qualified)
        return analysis, qualification


@telensic.trace_span("run_step:decide")
def decide(
    known: NavSeries,
    bull: tuple[Analysis, Qualification],
    bear: tuple[Analysis, Qualification],
    settings: Settings,
) -> Result:
    """Takes a position, or none."""
    qualified = [analysis.side for analysis, qualification in (bull, bear) if qualification.is_qualified]
    position = qualified[0].value if qualified else None
    # Without a position the side that came nearer to one tells why.
    is_about_bear = position == "bear" if position else bear[1].epochs > bull[1].epochs
    analysis, qualification = bear if is_about_bear else bull
    decision_id = f"{ALGORITHM}-{known.name}"
    telensic.decision_snapshot(
        decision_id,
        known.times[-1],
        {
            "bull_ith_epochs": bull[1].epochs,
            "bear_ith_epochs": bear[1].epochs,
            "bull_cv": bull[0].interval_cv,
            "bear_cv": bear[0].interval_cv,
            "max_drawdown": max_drawdown(known.nav),
            "max_runup": max_runup(known.nav),
            "tmaeg": analysis.hurdle,
            "nav_at_decision": known.nav[-1],
            "sharpe": qualification.sharpe,
            "aggregate_cv": qualification.aggregate_cv,
            "position": position or "none",
        },
        thresholds={
            "tmaeg_method": settings.method(analysis.side),
            "tmaeg_value": analysis.hurdle,
            "lookback": len(known.nav),
        },
        as_of=known.times[-1],
    )
    return Result(known.name, decision_id, position, bull[1].epochs, bear[1].epochs, len(known.nav) - 1)
