//! Means, deviations and what is made of them.
//!
//! Only additions, multiplications, divisions and square roots, which IEEE 754 defines to the last bit: so every machine
//! comes to the same numbers.

/// The mean; NaN of nothing.
pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The sum of the squared distances from the mean.
pub(crate) fn squares(values: &[f64]) -> f64 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean) * (value - mean)).sum()
}

/// The coefficient of variation: the population's standard deviation over the mean; NaN of nothing.
pub fn variation(values: &[f64]) -> f64 {
    (squares(values) / values.len() as f64).sqrt() / mean(values)
}

/// The yearly Sharpe ratio of daily values, without a risk-free rate; NaN of less than three values.
pub fn sharpe(nav: &[f64]) -> f64 {
    const DAYS: f64 = 365.0;
    let returns: Vec<f64> = nav.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect();
    if returns.len() < 2 {
        return f64::NAN;
    }
    let deviation = (squares(&returns) / (returns.len() - 1) as f64).sqrt();
    DAYS.sqrt() * mean(&returns) / deviation
}
