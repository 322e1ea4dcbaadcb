//! The beta distribution that values between 0 and 1 are most likely of.
//!
//! Newton's method on the two equations of the maximum; the likelihood has only one, since it is concave.

use super::beta::Beta;
use super::gamma::{digamma, trigamma};
use super::sample::{NotApplicable, check};
use crate::ith::{mean, squares};

const LEAST: usize = 30;

/// The distribution, and how well it fits.
#[derive(Clone, Debug, PartialEq)]
pub struct BetaFit {
    /// The distribution.
    pub beta: Beta,
    /// The logarithm of its likelihood.
    pub log_likelihood: f64,
    /// The greatest distance of its distribution function from that of the values (Kolmogorov and Smirnov's).
    pub distance: f64,
    /// How many values it was fitted to.
    pub n: usize,
    /// How many values lie at 0 or 1, where a beta distribution has none; they are left out.
    pub at_the_edges: usize,
}

/// Fits a distribution to the values between 0 and 1.
pub fn beta_fit(values: &[f64]) -> Result<BetaFit, NotApplicable> {
    let sorted = inner(values)?;
    let (mean_log, mean_log_rest) = mean_logs(&sorted);
    let beta = most_likely(&sorted)?;
    Ok(BetaFit {
        beta,
        log_likelihood: beta.log_likelihood(sorted.len(), mean_log, mean_log_rest),
        distance: distance(&beta, &sorted),
        n: sorted.len(),
        at_the_edges: values.len() - sorted.len(),
    })
}

/// The values that are neither 0 nor 1, sorted.
pub(super) fn inner(values: &[f64]) -> Result<Vec<f64>, NotApplicable> {
    if let Some(outside) = values.iter().find(|value| !(0.0..=1.0).contains(*value)) {
        return Err(NotApplicable::because(format!(
            "{outside:e} does not lie between 0 and 1"
        )));
    }
    let mut sorted: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| *value > 0.0 && *value < 1.0)
        .collect();
    check(&sorted, LEAST)?;
    sorted.sort_by(f64::total_cmp);
    Ok(sorted)
}

/// The maximum of the likelihood.
pub(super) fn most_likely(values: &[f64]) -> Result<Beta, NotApplicable> {
    const MOST: usize = 100;
    /// As near as rounding lets it come.
    const SETTLED: f64 = 1e-13;
    /// Where the shape is very large, rounding leaves fewer digits.
    const NEAR: f64 = 1e-6;
    let (mean_log, mean_log_rest) = mean_logs(values);
    let [mut a, mut b] = by_moments(values);
    let mut change = f64::INFINITY;
    for _ in 0..MOST {
        let [a_step, b_step] = newton_step(a, b, mean_log, mean_log_rest);
        // Never below a tenth: a step that would lead out of the domain is shortened.
        let next = [(a - a_step).max(a / 10.0), (b - b_step).max(b / 10.0)];
        change = (next[0] / a - 1.0).abs().max((next[1] / b - 1.0).abs());
        [a, b] = next;
        if change < SETTLED {
            break;
        }
    }
    if change < NEAR {
        Ok(Beta::of(a, b))
    } else {
        Err(NotApplicable::because(
            "the fit of a beta distribution does not settle",
        ))
    }
}

/// The slopes of the likelihood over its curvature.
fn newton_step(a: f64, b: f64, mean_log: f64, mean_log_rest: f64) -> [f64; 2] {
    let (both, shared) = (digamma(a + b), trigamma(a + b));
    let (a_slope, b_slope) = (digamma(a) - both - mean_log, digamma(b) - both - mean_log_rest);
    let (a_bend, b_bend) = (trigamma(a) - shared, trigamma(b) - shared);
    let determinant = a_bend * b_bend - shared * shared;
    [
        (b_bend * a_slope + shared * b_slope) / determinant,
        (shared * a_slope + a_bend * b_slope) / determinant,
    ]
}

/// The shape with the values' mean and variance, to begin with.
fn by_moments(values: &[f64]) -> [f64; 2] {
    let (mean, variance) = (mean(values), squares(values) / values.len() as f64);
    let sum = (mean * (1.0 - mean) / variance - 1.0).max(1e-3);
    [mean * sum, (1.0 - mean) * sum]
}

fn mean_logs(values: &[f64]) -> (f64, f64) {
    let mean =
        |log: fn(f64) -> f64| values.iter().map(|value| log(*value)).sum::<f64>() / values.len() as f64;
    (mean(libm::log), mean(|value| libm::log1p(-value)))
}

fn distance(beta: &Beta, sorted: &[f64]) -> f64 {
    let n = sorted.len() as f64;
    sorted
        .iter()
        .enumerate()
        .fold(0.0, |greatest: f64, (index, value)| {
            let below = libm::exp(beta.log_tails(*value).0);
            greatest
                .max(below - index as f64 / n)
                .max((index + 1) as f64 / n - below)
        })
}
