//! Autocorrelation: how much of a value is still there some bars later? As statsmodels' `acf`.

use super::sample::{NotApplicable, check};
use crate::ith::{mean, squares};

/// The lags that are looked at.
pub const LAGS: [usize; 6] = [1, 5, 10, 20, 50, 100];

/// The correlation of a series with itself so many bars before.
pub fn autocorrelation(series: &[f64], lag: usize) -> Result<f64, NotApplicable> {
    check(series, lag.saturating_add(2))?;
    let mean = mean(series);
    let pairs = series.iter().zip(&series[lag..]);
    let common: f64 = pairs.map(|(before, now)| (before - mean) * (now - mean)).sum();
    Ok(common / squares(series))
}
