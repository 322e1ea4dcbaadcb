//! Values of which nothing can be said: the reason is told, nothing panics, and nothing is NaN.

use ith::examination::{
    NotApplicable, PrincipalComponents, anderson_darling, autocorrelation, beta_fit, cohens_d, dickey_fuller,
    hurst, mann_whitney, shapiro_wilk, variance_inflation,
};
use ith::random::Random;
use proptest::prelude::*;

/// All figures that a test comes to.
type Figures = Result<Vec<f64>, NotApplicable>;
type Test = fn(&[f64]) -> Figures;

/// Every test of one sample.
const TESTS: [(&str, Test); 11] = [
    ("shapiro_wilk", |values| {
        shapiro_wilk(values).map(|found| vec![found.w, found.p_value])
    }),
    ("beta_fit", |values| {
        beta_fit(values).map(|found| {
            vec![
                found.beta.a(),
                found.beta.b(),
                found.log_likelihood,
                found.distance,
            ]
        })
    }),
    ("anderson_darling", |values| {
        anderson_darling(values, 3, &mut Random::of(1, 1)).map(|found| vec![found.a_squared, found.p_value])
    }),
    ("mann_whitney", |values| {
        let (left, right) = values.split_at(values.len() / 2);
        mann_whitney(left, right).map(|found| vec![found.u, found.p_value, found.cliffs_delta])
    }),
    ("cohens_d", |values| {
        let (left, right) = values.split_at(values.len() / 2);
        cohens_d(left, right).map(|d| vec![d])
    }),
    ("dickey_fuller", |values| {
        dickey_fuller(values).map(|found| vec![found.statistic, found.p_value])
    }),
    ("autocorrelation", |values| {
        autocorrelation(values, 1).map(|found| vec![found])
    }),
    ("autocorrelation at 100", |values| {
        autocorrelation(values, 100).map(|found| vec![found])
    }),
    ("hurst", |values| hurst(values).map(|found| vec![found])),
    ("components", |values| {
        PrincipalComponents::of(&in_columns(values)).map(|mut found| {
            found.eigenvalues.push(found.participation_ratio());
            found.eigenvalues
        })
    }),
    ("variance_inflation", |values| {
        variance_inflation(&in_columns(values), 0).map(|found| vec![found])
    }),
];

fn in_columns(values: &[f64]) -> Vec<Vec<f64>> {
    let rows = values.len() / 3;
    (0..3)
        .map(|column| values[column * rows..(column + 1) * rows].to_vec())
        .collect()
}

fn reasons(values: &[f64]) -> Vec<String> {
    let told = |(name, test): &(&str, Test)| match test(values) {
        Ok(found) => panic!("{name} says {found:?} of {values:?}"),
        Err(reason) => reason.to_string(),
    };
    TESTS.iter().map(told).collect()
}

#[test]
fn nothing_and_a_single_bar_are_too_few() {
    for values in [&[][..], &[0.25]] {
        for reason in reasons(values) {
            assert!(
                reason.contains("too few") || reason.contains("it takes"),
                "{reason}"
            );
        }
    }
}

#[test]
fn constant_values_are_told_of() {
    for value in [0.0, 0.5, -3.0] {
        for reason in reasons(&[value; 400]) {
            let is_told = reason.contains("every value is")
                || reason.contains("too few")
                || reason.contains("between 0 and 1");
            assert!(is_told, "{reason}");
        }
    }
}

#[test]
fn a_value_that_is_no_number_is_named() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
        let mut values: Vec<f64> = (0..400).map(|i| f64::from(i * 37 % 101) / 101.0).collect();
        values[17] = bad;
        for reason in reasons(&values) {
            assert!(
                reason.contains("17 is") || reason.contains("does not lie between"),
                "{reason}"
            );
        }
    }
}

#[test]
fn a_regime_of_less_than_thirty_values_is_not_compared() {
    let values: Vec<f64> = (0..60_u32).map(f64::from).collect();
    assert!(mann_whitney(&values[..30], &values[30..]).is_ok());
    let reason = mann_whitney(&values[..29], &values[29..]).unwrap_err();
    assert_eq!(
        reason.to_string(),
        "29 and 31 values are too few: it takes 30 of each"
    );
}

#[test]
fn a_few_values_in_a_straight_line_pass_for_normal() {
    for n in 3..20_u32 {
        let line: Vec<f64> = (0..n).map(f64::from).collect();
        let found = shapiro_wilk(&line).unwrap();
        assert!(
            found.w <= 1.0 && (0.05..=1.0).contains(&found.p_value),
            "{found:?}"
        );
    }
}

#[test]
fn a_variable_that_follows_from_the_others_has_no_inflation() {
    let first: Vec<f64> = (0..50).map(|i| f64::from(i * 37 % 101)).collect();
    let second: Vec<f64> = (0..50).map(|i| f64::from(i * 53 % 97)).collect();
    let sum: Vec<f64> = first
        .iter()
        .zip(&second)
        .map(|(first, second)| first + 2.0 * second)
        .collect();
    let reason = variance_inflation(&[sum, first, second], 0).unwrap_err();
    assert_eq!(
        reason.to_string(),
        "it follows from the others, so there is no bound"
    );
}

#[test]
fn a_series_that_leaves_nothing_to_chance_is_not_tested_for_a_unit_root() {
    let line: Vec<f64> = (0..100_u32).map(f64::from).collect();
    assert!(dickey_fuller(&line).is_err());
}

#[test]
fn a_beta_distribution_is_fitted_to_what_lies_between_its_edges() {
    let mut values: Vec<f64> = (0..50).map(|i| f64::from(i * 37 % 101 + 1) / 103.0).collect();
    let inner = beta_fit(&values).unwrap();
    values.extend([0.0, 1.0, 1.0]);
    let found = beta_fit(&values).unwrap();
    assert_eq!((found.at_the_edges, found.n, found.beta), (3, 50, inner.beta));
}

fn any_values() -> impl Strategy<Value = Vec<f64>> {
    let ordinary = || prop_oneof![8 => 0.0..1.0_f64, 1 => Just(0.0), 1 => Just(1.0), 1 => -5.0..5.0_f64];
    let odd = prop_oneof![
        40 => ordinary(),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(1e300),
        1 => Just(-1e99),
        1 => Just(1e-300),
    ];
    let inner = prop_oneof![6 => 0.0..1.0_f64, 1 => Just(1e-300), 1 => Just(1.0 - f64::EPSILON / 2.0), 1 => Just(0.5)];
    let huge = (-1.0..1.0_f64).prop_map(|value| value * 1e100);
    let tiny = (-1.0..1.0_f64).prop_map(|value| value * 1e-98);
    prop_oneof![
        proptest::collection::vec(ordinary(), 0..300),
        proptest::collection::vec(odd, 0..150),
        proptest::collection::vec(inner, 30..150),
        proptest::collection::vec(huge, 0..150),
        proptest::collection::vec(tiny, 0..150),
    ]
}

proptest! {
    #[test]
    fn whatever_the_values_are_no_figure_is_nan_or_infinite(values in any_values()) {
        for (name, test) in TESTS {
            if let Ok(figures) = test(&values) {
                prop_assert!(figures.iter().all(|figure| figure.is_finite()), "{name}: {figures:?}");
            }
        }
    }
}
