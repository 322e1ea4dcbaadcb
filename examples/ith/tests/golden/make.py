"""Writes golden.json: what SciPy and statsmodels say of series that are generated here.

    pip install -r requirements.txt
    python make.py

The series are rounded and lie in the file, so that the tests in Rust read the very same values. Two things there are no
libraries for, beta's likelihood to all digits and the rescaled ranges less what chance gives, and they are written out in NumPy.
"""

import json
import math
import pathlib

import numpy as np
from scipy import optimize, special, stats
from statsmodels.stats.outliers_influence import variance_inflation_factor
from statsmodels.tools import add_constant
from statsmodels.tsa.stattools import acf, adfuller

LAGS = (1, 5, 10, 20, 50, 100)


def series():
    """The values that are examined, by name."""
    random = np.random.default_rng(20260125)
    noise = random.normal(size=600)
    reverting = np.zeros(400)
    for bar in range(1, 400):
        reverting[bar] = 0.7 * reverting[bar - 1] + 0.2 * noise[bar] + (0.3 * noise[bar - 2] if bar > 1 else 0.0)
    made = {
        "three": random.normal(size=3),
        "five": random.normal(size=5),
        "eleven": random.normal(size=11),
        "twelve": random.normal(size=12),
        "normal": random.normal(100.0, 3.0, size=300),
        "student": random.standard_t(5, size=500),
        "far_from_zero": 1e6 + random.normal(size=200),
        "tied": np.floor(random.normal(2.0, 1.5, size=120)),
        "shifted_and_tied": np.floor(random.normal(2.6, 1.5, size=90)),
        "beta": random.beta(2.0, 5.0, size=250),
        "beta_at_both_ends": random.beta(0.4, 0.3, size=150).clip(1e-6, 1 - 1e-6),
        "beta_narrow": random.beta(400.0, 900.0, size=200),
        "two_humps": np.concatenate([random.beta(20, 60, size=80), random.beta(60, 20, size=80)]),
        "walk": np.cumsum(noise),
        "reverting": reverting,
        "short_walk": np.cumsum(random.normal(size=50)),
        "trending": np.convolve(noise, np.ones(12) / 12, "valid")[:256],
        "mean_reverting": np.diff(noise)[:256],
    }
    return {name: np.round(values, 6) for name, values in made.items()}


def matrix(series):
    """Columns of which some say nearly the same."""
    normal, walk, reverting = series["normal"][:200], series["walk"][:200], series["reverting"][:200]
    mixed = normal + 2.0 * reverting + 0.05 * series["student"][:200]
    return [np.round(column, 6) for column in (normal, walk, reverting, mixed)]


def fit_beta(values):
    """The maximum of the likelihood: SciPy's own, and then as near as its digamma goes."""
    means = np.log(values).mean(), np.log1p(-values).mean()
    begin = stats.beta.fit(values, floc=0, fscale=1)[:2]

    def slopes(shape):
        return special.psi(shape) - special.psi(shape.sum()) - means

    shape = np.array(begin)
    for _ in range(50):
        shared = special.polygamma(1, shape.sum())
        shape = shape - np.linalg.solve(np.diag(special.polygamma(1, shape)) - shared, slopes(shape))
    assert np.allclose(shape, begin, rtol=1e-6), (shape, begin)
    assert np.allclose(shape, optimize.root(slopes, begin).x, rtol=1e-6)
    return shape


def beta(values):
    a, b = fit_beta(values)
    fitted, ordered = stats.beta(a, b), np.sort(values)
    odd = 2 * np.arange(1, len(values) + 1) - 1
    weighted = odd * (fitted.logcdf(ordered) + fitted.logsf(ordered)[::-1])
    return {
        "a": a,
        "b": b,
        "log_likelihood": fitted.logpdf(values).sum(),
        "distance": stats.kstest(values, fitted.cdf).statistic,
        "a_squared": -len(values) - weighted.sum() / len(values),
    }


def compare(first, second):
    test = stats.mannwhitneyu(first, second, alternative="two-sided", method="asymptotic")
    pooled = ((len(first) - 1) * first.var(ddof=1) + (len(second) - 1) * second.var(ddof=1)) / (len(first) + len(second) - 2)
    return {
        "u": test.statistic,
        "p_value": test.pvalue,
        "cliffs_delta": np.sign(first[:, None] - second[None, :]).mean(),
        "cohens_d": (first.mean() - second.mean()) / math.sqrt(pooled),
    }


def components(columns):
    values = np.sort(np.linalg.eigvalsh(np.corrcoef(columns)))[::-1]
    explained = np.cumsum(values) / values.sum()
    return {
        "eigenvalues": values,
        "needed": {str(share): int(np.searchsorted(explained, share) + 1) for share in (0.90, 0.95, 0.99)},
        "participation_ratio": values.sum() ** 2 / (values**2).sum(),
    }


def dickey_fuller(values):
    found = adfuller(values, regression="c", autolag="AIC", result_object=False)
    return {"statistic": found[0], "p_value": found[1], "lags": found[2], "n": found[3]}


def hurst(changes):
    points = []
    length = 8
    while length <= len(changes):
        stretches = changes[: len(changes) // length * length].reshape(-1, length)
        sums = np.cumsum(stretches - stretches.mean(axis=1, keepdims=True), axis=1)
        ranges = (np.maximum(sums.max(axis=1), 0) - np.minimum(sums.min(axis=1), 0)) / stretches.std(axis=1)
        i = np.arange(1, length)
        chance = np.exp(special.gammaln((length - 1) / 2) - special.gammaln(length / 2)) / math.sqrt(math.pi)
        points.append((math.log(length), math.log(ranges.mean() / (chance * np.sqrt((length - i) / i).sum()))))
        length *= 2
    return 0.5 + np.polyfit(*zip(*points), 1)[0]


def plain(value):
    """JSON knows no arrays and numbers of NumPy's."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(one) for one in value]
    return value.item() if isinstance(value, np.generic) else value


def main():
    made = series()
    columns = matrix(made)
    with_constant = add_constant(np.column_stack(columns))
    betas = ("beta", "beta_at_both_ends", "beta_narrow", "two_humps")
    golden = {
        "series": made,
        "columns": columns,
        "shapiro_wilk": {name: dict(zip(("w", "p_value"), stats.shapiro(values))) for name, values in made.items()},
        "beta": {name: beta(made[name]) for name in betas},
        "mann_whitney": {
            f"{first} {second}": compare(made[first], made[second])
            for first, second in (("tied", "shifted_and_tied"), ("beta", "two_humps"), ("student", "reverting"))
        },
        "components": components(columns),
        "variance_inflation": [variance_inflation_factor(with_constant, index) for index in range(1, len(columns) + 1)],
        "dickey_fuller": {
            name: dickey_fuller(made[name]) for name in ("walk", "reverting", "short_walk", "normal", "student", "trending")
        },
        "autocorrelation": {
            name: {str(lag): acf(made[name], nlags=max(LAGS), fft=False)[lag] for lag in LAGS}
            for name in ("walk", "reverting", "normal")
        },
        "hurst": {name: hurst(made[name]) for name in ("normal", "trending", "mean_reverting", "student")},
    }
    path = pathlib.Path(__file__).with_name("golden.json")
    lines = (f"{json.dumps(name)}: {json.dumps(plain(value), allow_nan=False)}" for name, value in golden.items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
