//! The first two derivatives of the gamma function's logarithm.
//!
//! Both go up by their recurrence to where their asymptotic series (Abramowitz and Stegun 6.3.18 and 6.4.12) is exact to
//! the last digits.

const FAR: f64 = 12.0;

/// The first derivative, of a positive number.
pub(super) fn digamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < FAR {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = [
        1.0 / 12.0,
        -1.0 / 120.0,
        1.0 / 252.0,
        -1.0 / 240.0,
        1.0 / 132.0,
        -691.0 / 32_760.0,
        1.0 / 12.0,
    ];
    sum + libm::log(x) - 0.5 / x - square * super::normal::polynomial(&series, square)
}

/// The second derivative, of a positive number.
pub(super) fn trigamma(mut x: f64) -> f64 {
    let mut sum = 0.0;
    while x < FAR {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = [
        1.0 / 6.0,
        -1.0 / 30.0,
        1.0 / 42.0,
        -1.0 / 30.0,
        5.0 / 66.0,
        -691.0 / 2_730.0,
        7.0 / 6.0,
    ];
    sum + 1.0 / x + 0.5 * square + square / x * super::normal::polynomial(&series, square)
}
