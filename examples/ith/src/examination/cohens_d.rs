//! Cohen's d: by how many of their common standard deviations do two samples' means differ?

use super::sample::{NotApplicable, check, check_numbers};
use crate::ith::{mean, squares};

const LEAST: usize = 2;

/// The difference of the means, the first less the second, over the pooled standard deviation.
pub fn cohens_d(first: &[f64], second: &[f64]) -> Result<f64, NotApplicable> {
    check_numbers(first, LEAST)?;
    check_numbers(second, LEAST)?;
    // One sample may be constant, but not both.
    check(first, LEAST).or_else(|_| check(second, LEAST))?;
    let freedom = (first.len() + second.len() - 2) as f64;
    let pooled = (squares(first) + squares(second)) / freedom;
    Ok((mean(first) - mean(second)) / pooled.sqrt())
}
