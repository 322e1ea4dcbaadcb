//! Hurst's exponent by rescaled ranges: do changes go on (above 0.5), or are they taken back (below)?
//!
//! Of few values the plain slope says 0.6 of pure chance; what chance would give (Anis and Lloyd 1976) is taken off, so
//! that it says 0.5.

use super::sample::{NotApplicable, check};
use crate::ith::mean;

/// The shortest stretch over which a range is taken; each further one is twice as long.
const SHORTEST: usize = 8;
const LEAST: usize = 4 * SHORTEST;

/// The exponent of these changes.
pub fn hurst(changes: &[f64]) -> Result<f64, NotApplicable> {
    check(changes, LEAST)?;
    let lengths = std::iter::successors(Some(SHORTEST), |length| Some(2 * length));
    let points: Vec<(f64, f64)> = lengths
        .take_while(|length| *length <= changes.len())
        .filter_map(|length| {
            let range = mean_range(changes, length)?;
            Some((libm::log(length as f64), libm::log(range / by_chance(length))))
        })
        .collect();
    if points.len() < 2 {
        return Err(NotApplicable::because(
            "too few stretches have changes that differ",
        ));
    }
    Ok(0.5 + slope(&points))
}

/// The range of the sums over the deviation, on average over all stretches of a length whose changes differ.
fn mean_range(changes: &[f64], length: usize) -> Option<f64> {
    let ranges: Vec<f64> = changes.chunks_exact(length).filter_map(rescaled_range).collect();
    (!ranges.is_empty()).then(|| mean(&ranges))
}

fn rescaled_range(stretch: &[f64]) -> Option<f64> {
    check(stretch, SHORTEST).ok()?;
    let mean = mean(stretch);
    let (mut sum, mut low, mut high, mut squares) = (0.0, 0.0_f64, 0.0_f64, 0.0);
    for change in stretch {
        sum += change - mean;
        low = low.min(sum);
        high = high.max(sum);
        squares += (change - mean) * (change - mean);
    }
    Some((high - low) / (squares / stretch.len() as f64).sqrt())
}

/// What changes that are independent and normal come to.
fn by_chance(length: usize) -> f64 {
    let n = length as f64;
    let gammas = libm::exp(libm::lgamma((n - 1.0) / 2.0) - libm::lgamma(n / 2.0));
    let roots: f64 = (1..length).map(|i| ((n - i as f64) / i as f64).sqrt()).sum();
    gammas / std::f64::consts::PI.sqrt() * roots
}

fn slope(points: &[(f64, f64)]) -> f64 {
    let count = points.len() as f64;
    let x_mean = points.iter().map(|(x, _)| x).sum::<f64>() / count;
    let y_mean = points.iter().map(|(_, y)| y).sum::<f64>() / count;
    let common: f64 = points.iter().map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
    common
        / points
            .iter()
            .map(|(x, _)| (x - x_mean) * (x - x_mean))
            .sum::<f64>()
}
