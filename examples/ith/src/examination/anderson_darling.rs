//! Anderson-Darling: are the values of the beta distribution that was fitted to them?
//!
//! A distribution that was fitted lies nearer to its values than one that was given, so no table has the p-value. The
//! parametric bootstrap (Stute, Gonzales Manteiga and Presedo Quindimil 1993) fits as often to random values of the
//! fitted distribution, and counts how often these lie as far off.

use super::beta::Beta;
use super::beta_fit::{inner, most_likely};
use super::sample::NotApplicable;
use crate::random::Random;

/// What the test says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AndersonDarling {
    /// How far the values lie from the distribution, the tails above all.
    pub a_squared: f64,
    /// The share of random samples that lie as far off, this one among them.
    pub p_value: f64,
    /// How many values were examined.
    pub n: usize,
}

/// Tests the values between 0 and 1 against the distribution that fits them best, with so many random samples.
pub fn anderson_darling(
    values: &[f64],
    samples: usize,
    random: &mut Random,
) -> Result<AndersonDarling, NotApplicable> {
    let sorted = inner(values)?;
    let beta = most_likely(&sorted)?;
    let a_squared = a_squared(&beta, &sorted);
    let mut drawn = sorted.clone();
    let mut as_far_off = 1;
    for _ in 0..samples {
        drawn.iter_mut().for_each(|value| *value = beta.draw(random));
        drawn.sort_by(f64::total_cmp);
        // A sample without a fit speaks for the distribution, not against it.
        let is_as_far_off =
            most_likely(&drawn).map_or(true, |fitted| self::a_squared(&fitted, &drawn) >= a_squared);
        as_far_off += usize::from(is_as_far_off);
    }
    Ok(AndersonDarling {
        a_squared,
        p_value: as_far_off as f64 / (samples + 1) as f64,
        n: sorted.len(),
    })
}

fn a_squared(beta: &Beta, sorted: &[f64]) -> f64 {
    let n = sorted.len();
    let tails: Vec<(f64, f64)> = sorted.iter().map(|value| beta.log_tails(*value)).collect();
    let weighted = (0..n).map(|index| (2 * index + 1) as f64 * (tails[index].0 + tails[n - 1 - index].1));
    -(n as f64) - weighted.sum::<f64>() / n as f64
}
