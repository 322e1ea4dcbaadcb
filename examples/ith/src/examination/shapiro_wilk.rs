//! Shapiro-Wilk: are the values normal? Royston's AS R94 (1995), as SciPy has it.

use super::normal::{polynomial, quantile, upper_tail};
use super::sample::{NotApplicable, check};

/// For more values than these the p-value is not calibrated: the first ones are examined.
const MOST: usize = 5_000;

/// What the test says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShapiroWilk {
    /// How straight the values lie against the normal ones: 1 is straight.
    pub w: f64,
    /// The probability of a W so small of normal values.
    pub p_value: f64,
    /// How many values were examined.
    pub n: usize,
}

/// Tests the first 5,000 values.
pub fn shapiro_wilk(values: &[f64]) -> Result<ShapiroWilk, NotApplicable> {
    let mut sorted = values[..values.len().min(MOST)].to_vec();
    check(&sorted, 3)?;
    // As SciPy does it, so that a large mean costs no digits.
    let middle = sorted[sorted.len() / 2];
    sorted.iter_mut().for_each(|value| *value -= middle);
    sorted.sort_by(f64::total_cmp);
    let w = straightness(&sorted, &weights(sorted.len()));
    Ok(ShapiroWilk {
        w,
        p_value: p_value(w, sorted.len()),
        n: sorted.len(),
    })
}

/// What the greatest values count, from the greatest down; the smallest count the same below 0.
fn weights(n: usize) -> Vec<f64> {
    const GREATEST: [f64; 6] = [0.0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056];
    const SECOND: [f64; 6] = [0.0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633];
    if n == 3 {
        return vec![std::f64::consts::FRAC_1_SQRT_2];
    }
    let scores: Vec<f64> = (1..=n / 2)
        .map(|rank| -quantile((rank as f64 - 0.375) / (n as f64 + 0.25)))
        .collect();
    let squares = 2.0 * scores.iter().map(|score| score * score).sum::<f64>();
    let step = 1.0 / (n as f64).sqrt();
    // One or two are corrected by polynomials; the others share what they leave.
    let corrections = if n > 5 {
        vec![GREATEST, SECOND]
    } else {
        vec![GREATEST]
    };
    let corrected: Vec<f64> = corrections
        .iter()
        .zip(&scores)
        .map(|(correction, score)| polynomial(correction, step) + score / squares.sqrt())
        .collect();
    let twice = |values: &[f64]| 2.0 * values.iter().map(|value| value * value).sum::<f64>();
    let (left, taken) = (squares - twice(&scores[..corrected.len()]), twice(&corrected));
    let scale = (left / (1.0 - taken)).sqrt();
    let others = scores[corrected.len()..].iter().map(|score| score / scale);
    corrected.iter().copied().chain(others).collect()
}

/// The squared correlation of the values and their weights, from its distance to 1, which is small.
fn straightness(sorted: &[f64], weights: &[f64]) -> f64 {
    let n = sorted.len();
    let range = sorted[n - 1] - sorted[0];
    let mean = sorted.iter().sum::<f64>() / range / n as f64;
    let (mut weight_squares, mut value_squares, mut products) = (0.0, 0.0, 0.0);
    for (index, value) in sorted.iter().enumerate() {
        let from_end = n - 1 - index;
        let weight = match index.cmp(&from_end) {
            std::cmp::Ordering::Less => -weights[index],
            std::cmp::Ordering::Equal => 0.0,
            std::cmp::Ordering::Greater => weights[from_end],
        };
        let distance = value / range - mean;
        weight_squares += weight * weight;
        value_squares += distance * distance;
        products += weight * distance;
    }
    let both = (weight_squares * value_squares).sqrt();
    let from_straight = (both - products) * (both + products) / (weight_squares * value_squares);
    // Rounding may put what is straight beyond it.
    1.0 - from_straight.max(0.0)
}

/// Some transform of `1 - W` is normal; which one depends on the number of values.
fn p_value(w: f64, n: usize) -> f64 {
    const LEAST: f64 = 1e-19;
    if n == 3 {
        let p = 1.0 - 6.0 / std::f64::consts::PI * libm::acos(w.sqrt());
        return p.clamp(0.0, 1.0);
    }
    let (size, log_size) = (n as f64, libm::log(n as f64));
    let distance = libm::log(1.0 - w);
    let (transformed, mean, log_deviation) = if n <= 11 {
        let bound = -2.273 + 0.459 * size;
        if distance >= bound {
            return LEAST;
        }
        (
            -libm::log(bound - distance),
            polynomial(&[0.5440, -0.39978, 0.025054, -0.0006714], size),
            polynomial(&[1.3822, -0.77857, 0.062767, -0.0020322], size),
        )
    } else {
        (
            distance,
            polynomial(&[-1.5861, -0.31082, -0.083751, 0.0038915], log_size),
            polynomial(&[-0.4803, -0.082676, 0.0030302], log_size),
        )
    };
    upper_tail((transformed - mean) / libm::exp(log_deviation))
}
