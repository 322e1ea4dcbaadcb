"""The statistical tests of the features: what each is, and what it came to. SciPy and statsmodels do the work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import stats
from statsmodels.stats.outliers_influence import variance_inflation_factor
from statsmodels.tsa.stattools import acf, adfuller

from ith_ray.regimes import REVERTING, TRENDING
from ith_ray.series import Floats

ALPHA = 0.05
#: The most values that tests look at which need not, or cannot, see more.
SAMPLE = 5_000
LAGS = (1, 5, 10, 20, 50, 100)
#: A sample large enough to tell, and small enough to be fitted a hundred times.
FITTED, RESAMPLED = 500, 99


@dataclass(frozen=True)
class Finding:
    """What a test of a variable came to. A measure without a p-value is rejected by the limit that its parameters name."""

    test: str
    variable: str
    statistic: float
    n: int
    is_rejected: bool
    p_value: float | None = None
    effect_size: float | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


def of_one(variable: str, values: Floats, random: np.random.Generator) -> Iterator[Finding]:
    """Tests of the values of one feature, of all series and bars."""
    sample = values[:SAMPLE]
    shapiro = stats.shapiro(sample)
    yield tested("shapiro_wilk", variable, shapiro.statistic, shapiro.pvalue, len(sample))

    sample = random.choice(values, min(FITTED, len(values)), replace=False)
    a, b = fit_beta(sample)
    distance = anderson_darling(sample, a, b)
    # A parametric bootstrap: samples of what was fitted are fitted likewise.
    resampled = random.beta(a, b, (RESAMPLED, len(sample)))
    distances = anderson_darling(resampled, *fit_beta(resampled))
    p_value = (1 + np.count_nonzero(distances >= distance)) / (1 + RESAMPLED)
    likelihood = stats.beta.logpdf(inside(sample), a, b).mean()
    yield tested("beta_fit", variable, likelihood, p_value, len(sample), a=float(a), b=float(b))
    yield tested(
        "ad_test", variable, float(distance), p_value, len(sample), distribution="beta", resamples=RESAMPLED
    )


def fit_beta(values: Floats) -> tuple[Floats, Floats]:
    """The beta distribution that has the mean and variance of these values, by the last axis."""
    mean = values.mean(axis=-1)
    scale = mean * (1 - mean) / values.var(axis=-1) - 1
    return mean * scale, (1 - mean) * scale


def anderson_darling(values: Floats, a: Floats, b: Floats) -> Floats:
    """How far values are from a beta distribution, by the last axis."""
    n = values.shape[-1]
    ranks = np.sort(inside(stats.beta.cdf(values, a[..., np.newaxis], b[..., np.newaxis])), axis=-1)
    weights = 2 * np.arange(1, n + 1) - 1
    return np.asarray(-n - (weights * (np.log(ranks) + np.log1p(-ranks[..., ::-1]))).mean(axis=-1))


def inside(shares: Floats) -> Floats:
    """Shares of which none is 0 or 1, where logarithms end."""
    return np.clip(shares, 1e-12, 1 - 1e-12)


def of_regimes(variable: str, values: Floats, hurst: Floats) -> Iterator[Finding]:
    """Whether a feature is another one where values trend than where they revert."""
    trending, reverting = values[hurst > TRENDING], values[hurst < REVERTING]
    if min(len(trending), len(reverting)) < 30:
        return
    n = len(trending) + len(reverting)
    regimes = {"trending": len(trending), "mean_reverting": len(reverting)}
    test = stats.mannwhitneyu(trending, reverting, alternative="two-sided")
    delta = 2 * test.statistic / (len(trending) * len(reverting)) - 1
    yield tested("mann_whitney", variable, test.statistic, test.pvalue, n, effect_size=delta, **regimes)

    squares = sum(len(side) * side.var() for side in (trending, reverting))
    d = (trending.mean() - reverting.mean()) / np.sqrt(squares / (n - 2))
    yield measured("cohens_d", variable, d, n, abs(d) >= 0.2, limit=0.2, **regimes)
    yield measured("cliffs_delta", variable, delta, n, abs(delta) >= 0.147, limit=0.147, **regimes)


def of_time(variable: str, values: Floats) -> Iterator[Finding]:
    """Whether a feature, bar after bar, wanders off, and how long it remembers."""
    n = len(values)
    if n < 50:
        return
    statistic, p_value, used_lags, *_ = adfuller(values, maxlag=10, regression="c", result_object=False)
    yield Finding(
        "adf",
        variable,
        statistic,
        n,
        statistic < -2.86,
        p_value,
        parameters={"critical": -2.86, "lags": int(used_lags)},
    )
    limit = 1.96 / np.sqrt(n)
    correlations = acf(values, nlags=min(max(LAGS), n - 1))
    for lag in (lag for lag in LAGS if lag < n):
        yield measured(
            "acf", variable, correlations[lag], n, abs(correlations[lag]) > limit, lag=lag, limit=limit
        )


def of_all(features: Mapping[str, Floats]) -> Iterator[Finding]:
    """How much the features have to say together."""
    names = list(features)
    rows = stats.zscore(np.column_stack([features[name] for name in names]))
    n, together = len(rows), ",".join(names)
    eigenvalues = np.linalg.eigvalsh(np.cov(rows, rowvar=False))[::-1]
    shares = np.cumsum(eigenvalues) / eigenvalues.sum()
    needed = {f"components_{share}": int(np.searchsorted(shares, share / 100)) + 1 for share in (90, 95, 99)}
    count = needed["components_95"]
    yield measured("pca", together, shares[0], n, count < len(names), **needed)
    ratio = eigenvalues.sum() ** 2 / (eigenvalues**2).sum()
    yield measured("participation_ratio", together, ratio, n, ratio < len(names) / 2, limit=len(names) / 2)
    thinned = rows[:: -(-n // SAMPLE)]
    with_constant = np.column_stack([np.ones(len(thinned)), thinned])
    for column, name in enumerate(names, start=1):
        with np.errstate(divide="ignore"):
            inflation = variance_inflation_factor(with_constant, column)
        yield measured("vif", name, inflation, len(thinned), inflation > 10, limit=10)


def tested(
    test: str,
    variable: str,
    statistic: float,
    p_value: float,
    n: int,
    effect_size: float | None = None,
    **parameters: Any,
) -> Finding:
    """What a test with a p-value came to."""
    parameters["alpha"] = ALPHA
    return Finding(
        test, variable, float(statistic), n, bool(p_value < ALPHA), float(p_value), effect_size, parameters
    )


def measured(
    test: str, variable: str, statistic: float, n: int, is_rejected: bool, **parameters: Any
) -> Finding:
    """What a measure came to."""
    return Finding(test, variable, float(statistic), n, bool(is_rejected), parameters=parameters)
