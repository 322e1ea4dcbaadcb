//! The beta distribution: values between 0 and 1.

use crate::random::Random;

/// A beta distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beta {
    a: f64,
    b: f64,
    /// The logarithm of the beta function, which every value is held against.
    log_beta: f64,
}

impl Beta {
    /// Of this shape.
    pub fn of(a: f64, b: f64) -> Self {
        let log_beta = libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b);
        Self { a, b, log_beta }
    }

    /// The less it is, the more values lie near 0.
    pub fn a(&self) -> f64 {
        self.a
    }

    /// The less it is, the more values lie near 1.
    pub fn b(&self) -> f64 {
        self.b
    }

    /// The logarithms of the probabilities of less than this and of more: near 0 and 1 the probabilities themselves
    /// would lose all digits.
    ///
    /// By the continued fraction of the incomplete beta function (DLMF 8.17.22), on the side of the mean on which it
    /// converges fast.
    pub(super) fn log_tails(&self, x: f64) -> (f64, f64) {
        let Self { a, b, log_beta } = *self;
        let power = a * libm::log(x) + b * libm::log1p(-x) - log_beta;
        let rest = |tail: f64| libm::log1p(-libm::exp(tail));
        if x <= (a + 1.0) / (a + b + 2.0) {
            let below = power - libm::log(a * fraction(a, b, x));
            (below, rest(below))
        } else {
            let above = power - libm::log(b * fraction(b, a, 1.0 - x));
            (rest(above), above)
        }
    }

    /// The logarithm of the density, summed over values with these means of `ln x` and `ln (1 - x)`.
    pub(super) fn log_likelihood(&self, n: usize, mean_log: f64, mean_log_rest: f64) -> f64 {
        n as f64 * ((self.a - 1.0) * mean_log + (self.b - 1.0) * mean_log_rest - self.log_beta)
    }

    /// A random value of it, by two of gamma distributions.
    pub(super) fn draw(&self, random: &mut Random) -> f64 {
        let odds = random.log_gamma(self.b) - random.log_gamma(self.a);
        // Never on an edge, where only rounding would put it.
        (1.0 / (1.0 + libm::exp(odds))).clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0)
    }
}

/// The continued fraction `1 + d1/(1 + d2/(1 + ...))` by Lentz's method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const MOST: usize = 10_000;
    let (mut value, mut upper, mut lower) = (1.0, 1.0, 0.0);
    for step in 1..MOST {
        let m = (step / 2) as f64;
        let next = if step % 2 == 0 {
            m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
        } else {
            -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
        };
        lower = 1.0 / away_from_zero(1.0 + next * lower);
        upper = away_from_zero(1.0 + next / upper);
        value *= upper * lower;
        if (upper * lower - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

fn away_from_zero(x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    if x.abs() < TINY { TINY } else { x }
}
