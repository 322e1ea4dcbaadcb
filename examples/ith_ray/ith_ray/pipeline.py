"""The stages, in the order in which they need each other."""

from __future__ import annotations

import csv
import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import telensic
from telensic.ray import RayComputeEngine

from ith_ray import findings
from ith_ray.findings import Finding
from ith_ray.series import NavSeries, read_csv, synthetic
from ith_ray.sleeve import Decided, Result, Settings, Sleeve
from ith_ray.sleeve import run as run_sleeve

CAPITAL, CURRENCY = 1_000_000.0, "USD"


@dataclass(frozen=True)
class Selection:
    """The positions that are taken, with their shares of the capital, and the hash of all."""

    positions: list[tuple[Result, float]]
    output_hash: str


@telensic.trace_span("run_stage:load")
def load(run: telensic.Run, nav: Path | None, settings: Settings) -> list[NavSeries]:
    """Loads all series, and keeps a fingerprint of each."""
    if nav is not None:
        run.input(nav)
        series = read_csv(nav)
    else:
        run.seed("synthetic-nav", settings.seed)
        series = [synthetic(settings.seed, number, settings.bars) for number in range(settings.sleeves)]
    for one in series:
        run.input(one.nav, one.name)
    telensic.log(logging.INFO, f"loaded {len(series)} series")
    return series


@telensic.trace_span("run_stage:validate")
def validate(series: list[NavSeries], settings: Settings) -> None:
    """Nothing goes on that the algorithm is not defined for."""
    needed = max(settings.lookback, settings.holdout + 2)
    for one in series:
        if len(one.nav) < needed:
            raise ValueError(f"{one.name} has {len(one.nav)} bars: --holdout and --lookback ask for {needed}")
        if not np.all(np.isfinite(one.nav) & (one.nav > 0)):
            raise ValueError(f"{one.name} has a net asset value that is not above 0")
        if np.any(np.diff(one.times) <= 0):
            raise ValueError(f"{one.name} goes back in time")


@telensic.trace_span("run_stage:sleeves")
def sleeves(series: list[NavSeries], settings: Settings, cpus: int) -> dict[str, Decided]:
    """A sleeve for each series, on the workers of the cluster. One that fails is told of and left out."""
    engine = RayComputeEngine(run_sleeve, parallelism=cpus)
    came = engine.execute_sleeves({one.name: Sleeve(one, settings) for one in series})
    for name, error in came.failed.items():
        telensic.log(logging.ERROR, f"sleeve {name} is missing: {error}", sleeve=name)
    if not came.done:
        came.all()
    # In the order of the series, whichever was done first.
    return {one.name: came.done[one.name] for one in series if one.name in came.done}


@telensic.trace_span("run_stage:examination")
def examination(decided: dict[str, Decided], seed: int) -> list[Finding]:
    """What the features are like, by all tests; each is an event, and counts as a hypothesis."""
    series = list(decided.values())
    bars = {name: np.array([one.features[name] for one in series]) for name in series[0].features}
    # The first bars have no features; a feature that never changes has nothing to be tested.
    known = ~np.isnan(bars["max_drawdown"])
    bars = {name: values for name, values in bars.items() if np.ptp(values[known]) > 0}
    hurst = np.array([one.hurst for one in series])[known]
    random = np.random.default_rng(seed)
    found: list[Finding] = []
    for name, values in bars.items():
        with telensic.span("run_step:examine", variable=name):
            found += findings.of_one(name, values[known], random)
            found += findings.of_regimes(name, values[known], hurst)
            found += findings.of_time(name, values.mean(axis=0)[known.all(axis=0)])
    with telensic.span("run_step:examine", variable="all"):
        found += findings.of_all({name: values[known] for name, values in bars.items()})
    for finding in found:
        record(finding)
    return found


def record(finding: Finding) -> None:
    """Records what a test came to, as the event that it has and as a hypothesis."""
    name = finding.test if finding.test == "participation_ratio" else f"{finding.test}_result"
    getattr(telensic, name)(
        finding.variable,
        finding.statistic,
        finding.n,
        p_value=finding.p_value,
        decision=finding.is_rejected,
        parameters=finding.parameters,
    )
    # What is tested, not what came of it: so the hypothesis has the same name in every run.
    context = {key: finding.parameters[key] for key in ("alpha", "lag") if key in finding.parameters}
    telensic.hypothesis_result(
        finding.test,
        finding.statistic,
        finding.is_rejected,
        p_value=finding.p_value,
        effect_size=finding.effect_size,
        variable=finding.variable,
        context={"variable": finding.variable, **context},
    )


@telensic.trace_span("run_stage:selection")
def selection(run: telensic.Run, decided: dict[str, Decided]) -> Selection:
    """Takes positions in equal parts. An audited step: what goes in and what comes out is said by hash."""
    results = [one.result for one in decided.values()]
    hashes = {result.name: result.hash for result in results}
    telensic.audit_intent("selection", params={"sleeves": len(results)}, input_hashes=hashes)
    taken = sum(result.position is not None for result in results)
    weighted = [(result, 1 / taken if result.position else 0.0) for result in results]
    path = run.directory / "data" / "selection.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["sleeve", "position", "weight", "bull_epochs", "bear_epochs", "decision_bar"])
        for result, weight in weighted:
            position = result.position or "none"
            rows.writerow(
                [result.name, position, weight, result.bull_epochs, result.bear_epochs, result.decision_bar]
            )
    run.output(path)
    output = hashlib.sha256(path.read_bytes()).hexdigest()
    telensic.audit_outcome("selected", step="selection", output_hashes={"selection": output})
    return Selection(weighted, output)


@telensic.trace_span("run_stage:risk.report_meta")
def report(series: list[NavSeries], selected: Selection) -> dict[str, float]:
    """What the positions earned on the bars that nobody knew when they were taken, in shares of the capital."""
    known = {one.name: one for one in series}
    return {
        result.name: hold(known[result.name], result, weight)
        for result, weight in selected.positions
        if result.position is not None
    }


def hold(series: NavSeries, result: Result, weight: float) -> float:
    """Holds a position from its decision to the last bar. A fill leads back to the decision, the figure to the fill."""
    bought, last = series.nav[result.decision_bar], series.nav[-1]
    is_bull = result.position == "bull"
    profit = float(weight * (last / bought - 1 if is_bull else 1 - last / bought))
    telensic.trade_fill(
        f"fill-{series.name}",
        result.decision_id,
        symbol=series.name,
        side="buy" if is_bull else "sell",
        quantity=CAPITAL * weight / bought,
        price=bought,
        timestamp_ns=series.times[result.decision_bar],
        currency=CURRENCY,
    )
    telensic.pnl_figure(f"pnl-{series.name}", CAPITAL * profit, CURRENCY, fill_ids=[f"fill-{series.name}"])
    return profit
