//! The examination against SciPy and statsmodels: `make.py` wrote what they say to `golden.json`, and how they were asked.
//!
//! Everything is held to nine digits. The p-value of a bootstrap is a matter of the random numbers, so of that test the
//! statistic is compared, and of its p-value only that it tells samples that fit from one that does not.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use ith::examination::{
    PrincipalComponents, anderson_darling, autocorrelation, beta_fit, cohens_d, dickey_fuller, hurst,
    mann_whitney, shapiro_wilk, variance_inflation,
};
use ith::random::Random;
use serde_json::Value;

static GOLDEN: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(include_str!("golden.json")).unwrap());
static SERIES: LazyLock<BTreeMap<String, Vec<f64>>> =
    LazyLock::new(|| serde_json::from_value(GOLDEN["series"].clone()).unwrap());

/// What is known of every series of this test.
fn known(test: &str) -> impl Iterator<Item = (&'static String, &'static Value)> {
    GOLDEN[test].as_object().unwrap().iter()
}

#[track_caller]
fn assert_close(what: &str, found: f64, known: &Value) {
    let expected = known.as_f64().unwrap();
    let difference = (found - expected).abs() / expected.abs().max(1e-300);
    assert!(
        difference < 1e-9,
        "{what}: {found:e} is not {expected:e}, by {difference:e}"
    );
}

#[test]
fn shapiro_wilk_is_scipys() {
    for (name, known) in known("shapiro_wilk") {
        let found = shapiro_wilk(&SERIES[name]).unwrap();
        assert_close(name, found.w, &known["w"]);
        assert_close(name, found.p_value, &known["p_value"]);
        assert_eq!(found.n, SERIES[name].len());
    }
}

#[test]
fn shapiro_wilk_examines_the_first_five_thousand_values() {
    let values: Vec<f64> = (0..6_000_u32).map(|i| f64::from(i * 40_503 % 65_536)).collect();
    assert_eq!(shapiro_wilk(&values), shapiro_wilk(&values[..5_000]));
    assert_eq!(shapiro_wilk(&values).unwrap().n, 5_000);
}

#[test]
fn the_beta_fit_is_the_maximum_of_scipys_likelihood() {
    for (name, known) in known("beta") {
        let found = beta_fit(&SERIES[name]).unwrap();
        assert_close(name, found.beta.a(), &known["a"]);
        assert_close(name, found.beta.b(), &known["b"]);
        assert_close(name, found.log_likelihood, &known["log_likelihood"]);
        assert_close(name, found.distance, &known["distance"]);
    }
}

#[test]
fn anderson_darling_has_scipys_statistic_and_tells_what_fits() {
    for (name, known) in known("beta") {
        let found = anderson_darling(&SERIES[name], 199, &mut Random::of(1, 0)).unwrap();
        assert_close(name, found.a_squared, &known["a_squared"]);
        assert_eq!(found.p_value < 0.01, name == "two_humps", "{name}: {found:?}");
        let again = anderson_darling(&SERIES[name], 199, &mut Random::of(1, 0)).unwrap();
        assert_eq!(found, again);
    }
}

#[test]
fn the_same_seed_gives_the_same_bootstrap_on_every_machine() {
    // To the last bit: recorded once, and no machine comes to anything else.
    let found = anderson_darling(&SERIES["beta"], 199, &mut Random::of(42, 7)).unwrap();
    assert_eq!((found.a_squared, found.p_value), (0.504_670_424_219_483_5, 0.225));
}

#[test]
fn mann_whitney_and_the_effect_sizes_are_scipys() {
    for (names, known) in known("mann_whitney") {
        let (first, second) = names.split_once(' ').unwrap();
        let (first, second) = (&SERIES[first], &SERIES[second]);
        let found = mann_whitney(first, second).unwrap();
        assert_close(names, found.u, &known["u"]);
        assert_close(names, found.p_value, &known["p_value"]);
        assert_close(names, found.cliffs_delta, &known["cliffs_delta"]);
        assert_close(names, cohens_d(first, second).unwrap(), &known["cohens_d"]);
    }
}

#[test]
fn components_and_inflation_are_those_of_numpy_and_statsmodels() {
    let columns: Vec<Vec<f64>> = serde_json::from_value(GOLDEN["columns"].clone()).unwrap();
    let (found, known) = (PrincipalComponents::of(&columns).unwrap(), &GOLDEN["components"]);
    for (index, eigenvalue) in found.eigenvalues.iter().enumerate() {
        assert_close("eigenvalue", *eigenvalue, &known["eigenvalues"][index]);
    }
    for share in ["0.9", "0.95", "0.99"] {
        assert_eq!(
            found.needed(share.parse().unwrap()),
            known["needed"][share],
            "{share}"
        );
    }
    assert_close(
        "ratio",
        found.participation_ratio(),
        &known["participation_ratio"],
    );
    for variable in 0..columns.len() {
        let inflation = variance_inflation(&columns, variable).unwrap();
        assert_close("inflation", inflation, &GOLDEN["variance_inflation"][variable]);
    }
}

#[test]
fn dickey_fuller_is_statsmodels_with_the_same_lags() {
    for (name, known) in known("dickey_fuller") {
        let found = dickey_fuller(&SERIES[name]).unwrap();
        assert_eq!(
            (&known["lags"], &known["n"]),
            (&found.lags.into(), &found.n.into()),
            "{name}"
        );
        assert_close(name, found.statistic, &known["statistic"]);
        assert_close(name, found.p_value, &known["p_value"]);
    }
}

#[test]
fn autocorrelations_are_statsmodels() {
    for (name, by_lag) in known("autocorrelation") {
        for (lag, known) in by_lag.as_object().unwrap() {
            let found = autocorrelation(&SERIES[name], lag.parse().unwrap()).unwrap();
            assert_close(name, found, known);
        }
    }
}

#[test]
fn rescaled_ranges_are_those_of_numpy() {
    for (name, known) in known("hurst") {
        assert_close(name, hurst(&SERIES[name]).unwrap(), known);
    }
    assert!(hurst(&SERIES["trending"]).unwrap() > 0.55);
    assert!(hurst(&SERIES["mean_reverting"]).unwrap() < 0.45);
}
