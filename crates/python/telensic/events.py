"""Typed events: what a pipeline read, decided, tested and found.

Each has a JSON Schema; one that does not fit is recorded as ``event.invalid`` with the reason and all it held, so nothing is
lost and nothing raises. A field that is ``None`` is not there; further fields can be added to each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from telensic import _telensic
from telensic._telensic import config_hash, hypothesis_id, register_schema

__all__ = [
    "acf_result",
    "ad_test_result",
    "adf_result",
    "algorithm_init",
    "algorithm_result",
    "audit_intent",
    "audit_outcome",
    "beta_fit_result",
    "cliffs_delta_result",
    "cohens_d_result",
    "data_load",
    "decision_snapshot",
    "epoch_detected",
    "event",
    "hypothesis_id",
    "hypothesis_result",
    "mann_whitney_result",
    "participation_ratio",
    "pca_result",
    "pnl_figure",
    "register_schema",
    "shapiro_wilk_result",
    "trade_fill",
    "vif_result",
]


def event(name: str, /, fields: Mapping[str, Any] | None = None, **more: Any) -> None:
    """Records an event of any type. Types of one's own are checked if :func:`register_schema` was told of them."""
    _telensic.record_event(name, {**(fields or {}), **more})


def data_load(
    source_path: str,
    *,
    sha256_hash: str | None = None,
    row_count: int | None = None,
    schema: Mapping[str, str] | None = None,
    **more: Any,
) -> None:
    """Data was read. ``event_time``, ``knowledge_time`` and ``as_of`` tell what could be known (``telensic lookahead``)."""
    event(
        "data.load",
        more,
        source_path=str(source_path),
        sha256_hash=sha256_hash,
        row_count=row_count,
        schema=schema,
    )


def algorithm_init(
    algorithm_name: str,
    version: str,
    *,
    random_seed: int | None = None,
    config: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """An algorithm begins; the hash of its configuration is added."""
    event(
        "algorithm.init",
        more,
        algorithm_name=algorithm_name,
        version=version,
        random_seed=random_seed,
        config=config,
        config_hash=None if config is None else config_hash(config),
    )


def algorithm_result(
    final_metrics: Mapping[str, Any], *, output_hash: str | None = None, **more: Any
) -> None:
    """An algorithm has come to its result."""
    event("algorithm.result", more, final_metrics=final_metrics, output_hash=output_hash)


def decision_snapshot(
    decision_id: str,
    timestamp_ns: int,
    features_at_decision: Mapping[str, Any],
    *,
    thresholds: Mapping[str, Any] | None = None,
    trace_id: str | None = None,
    **more: Any,
) -> None:
    """A decision, with the features and thresholds that it was made from."""
    event(
        "decision.snapshot",
        more,
        decision_id=decision_id,
        timestamp_ns=timestamp_ns,
        features_at_decision=features_at_decision,
        thresholds=thresholds,
        trace_id=trace_id or _telensic.current_ids()[0] or None,
    )


def epoch_detected(
    epoch_index: int,
    bar_index: int,
    excess_gain: float,
    excess_loss: float,
    *,
    endorsing_crest: float | None = None,
    candidate_nadir: float | None = None,
    tmaeg_threshold: float | None = None,
    position_type: str | None = None,
    timestamp: Any = None,
    **more: Any,
) -> None:
    """An epoch ended at this bar; ``position_type`` is ``bull`` or ``bear``."""
    event(
        "epoch_detected",
        more,
        epoch_index=epoch_index,
        bar_index=bar_index,
        excess_gain=excess_gain,
        excess_loss=excess_loss,
        endorsing_crest=endorsing_crest,
        candidate_nadir=candidate_nadir,
        tmaeg_threshold=tmaeg_threshold,
        position_type=position_type,
        timestamp=timestamp,
    )


def hypothesis_result(
    test_name: str,
    statistic: float,
    decision: str | bool,
    *,
    p_value: float | None = None,
    effect_size: float | None = None,
    hypothesis_id: str | None = None,
    variable: str = "",
    context: Mapping[str, Any] | None = None,
    experiment: str | None = None,
    pre_registered: bool | None = None,
    **more: Any,
) -> None:
    """A hypothesis was tested; ``decision`` is ``reject`` or ``fail_to_reject``, or whether it is rejected.

    Without a ``hypothesis_id`` one is made of experiment, test, variable and context: the same in every run.
    """
    if hypothesis_id is None:
        hypothesis_id = _telensic.hypothesis_id(
            test_name, variable, None if context is None else dict(context), experiment
        )
    event(
        "hypothesis_result",
        more,
        hypothesis_id=hypothesis_id,
        test_name=test_name,
        statistic=statistic,
        p_value=p_value,
        effect_size=effect_size,
        decision=_word(decision),
        variable=variable or None,
        context=context,
        pre_registered=pre_registered,
    )


def _word(decision: str | bool | None) -> str | None:
    if isinstance(decision, bool):
        return "reject" if decision else "fail_to_reject"
    return decision


def _statistic(
    name: str,
    variable: str,
    statistic: float,
    n: int,
    p_value: float | None,
    decision: str | bool | None,
    parameters: Mapping[str, Any] | None,
    more: Mapping[str, Any],
) -> None:
    event(
        name,
        more,
        variable=variable,
        statistic=statistic,
        n=n,
        p_value=p_value,
        decision=_word(decision),
        parameters=parameters,
    )


def shapiro_wilk_result(
    variable: str,
    statistic: float,
    n: int,
    *,
    p_value: float | None = None,
    decision: str | bool | None = None,
    parameters: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """Shapiro and Wilk's test for normality."""
    _statistic("shapiro_wilk_result", variable, statistic, n, p_value, decision, parameters, more)


def beta_fit_result(
    variable: str,
    statistic: float,
    n: int,
    *,
    p_value: float | None = None,
    decision: str | bool | None = None,
    parameters: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """A beta distribution was fitted."""
    _statistic("beta_fit_result", variable, statistic, n, p_value, decision, parameters, more)


def ad_test_result(
    variable: str,
    statistic: float,
    n: int,
    *,
    p_value: float | None = None,
    decision: str | bool | None = None,
    parameters: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """Anderson and Darling's test."""
    _statistic("ad_test_result", variable, statistic, n, p_value, decision, parameters, more)


def mann_whitney_result(
    variable: str,
    statistic: float,
    n: int,
    *,
    p_value: float | None = None,
    decision: str | bool | None = None,
    parameters: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """Mann and Whitney's test between two samples."""
    _statistic("mann_whitney_result", variable, statistic, n, p_value, decision, parameters, more)


def cohens_d_result(
    variable: str,
    statistic: float,
    n: int,
    *,
    p_value: float | None = None,
    decision: str | bool | None = None,
    parameters: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """Cohen's d of two samples."""
    _statistic("cohens_d_result", variable, statistic, n, p_value, decision, parameters, more)


def cliffs_delta_result(
    variable: str,
    statistic: float,
    n: int,
    *,
    p_value: float | None = None,
    decision: str | bool | None = None,
    parameters: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """Cliff's delta of two samples."""
    _statistic("cliffs_delta_result", variable, statistic, n, p_value, decision, parameters, more)


def pca_result(
    variable: str,
    statistic: float,
    n: int,
    *,
    p_value: float | None = None,
    decision: str | bool | None = None,
    parameters: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """A principal component analysis."""
    _statistic("pca_result", variable, statistic, n, p_value, decision, parameters, more)


def vif_result(
    variable: str,
    statistic: float,
    n: int,
    *,
    p_value: float | None = None,
    decision: str | bool | None = None,
    parameters: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """Variance inflation of features."""
    _statistic("vif_result", variable, statistic, n, p_value, decision, parameters, more)


def participation_ratio(
    variable: str,
    statistic: float,
    n: int,
    *,
    p_value: float | None = None,
    decision: str | bool | None = None,
    parameters: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """The participation ratio of a spectrum."""
    _statistic("participation_ratio", variable, statistic, n, p_value, decision, parameters, more)


def adf_result(
    variable: str,
    statistic: float,
    n: int,
    *,
    p_value: float | None = None,
    decision: str | bool | None = None,
    parameters: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """The augmented Dickey-Fuller test for a unit root."""
    _statistic("adf_result", variable, statistic, n, p_value, decision, parameters, more)


def acf_result(
    variable: str,
    statistic: float,
    n: int,
    *,
    p_value: float | None = None,
    decision: str | bool | None = None,
    parameters: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """Autocorrelation at some lags."""
    _statistic("acf_result", variable, statistic, n, p_value, decision, parameters, more)


def audit_intent(
    step: str,
    *,
    params: Mapping[str, Any] | None = None,
    input_hashes: Mapping[str, str] | None = None,
    **more: Any,
) -> None:
    """An audited step is about to be taken."""
    event("audit.intent", more, step=step, params=params, input_hashes=input_hashes)


def audit_outcome(
    status: str,
    *,
    step: str | None = None,
    output_hashes: Mapping[str, str] | None = None,
    metrics: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """An audited step has ended."""
    event("audit.outcome", more, status=status, step=step, output_hashes=output_hashes, metrics=metrics)


def trade_fill(
    fill_id: str,
    decision_id: str,
    *,
    symbol: str,
    side: str,
    quantity: float,
    price: float,
    timestamp_ns: int,
    currency: str | None = None,
    fee: float | None = None,
    **more: Any,
) -> None:
    """An order was filled, wholly or in part, that follows from a decision; ``side`` is ``buy`` or ``sell``."""
    event(
        "trade.fill",
        more,
        fill_id=fill_id,
        decision_id=decision_id,
        symbol=symbol,
        side=side,
        quantity=quantity,
        price=price,
        timestamp_ns=timestamp_ns,
        currency=currency,
        fee=fee,
    )


def pnl_figure(
    pnl_id: str,
    amount: float,
    currency: str,
    *,
    decision_id: str | None = None,
    fill_ids: list[str] | None = None,
    timestamp_ns: int | None = None,
    **more: Any,
) -> None:
    """A profit, or a loss if negative, with the decision or the fills that it follows from."""
    event(
        "pnl.figure",
        more,
        pnl_id=pnl_id,
        amount=amount,
        currency=currency,
        decision_id=decision_id,
        fill_ids=fill_ids,
        timestamp_ns=timestamp_ns,
    )
