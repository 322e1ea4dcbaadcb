//! The normal distribution.

/// The probability of more than this.
pub(super) fn upper_tail(z: f64) -> f64 {
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}

/// The point below which a value lies with this probability, as Beasley and Springer's AS 111 (1977) approximates it.
///
/// There are closer approximations, but the Shapiro-Wilk test was calibrated with this one.
pub(super) fn quantile(p: f64) -> f64 {
    const CENTRE: ([f64; 4], [f64; 5]) = (
        [
            2.506_628_238_84,
            -18.615_000_625_29,
            41.391_197_735_34,
            -25.441_060_496_37,
        ],
        [
            1.0,
            -8.473_510_930_90,
            23.083_367_437_43,
            -21.062_241_018_26,
            3.130_829_098_33,
        ],
    );
    const TAIL: ([f64; 4], [f64; 3]) = (
        [
            -2.787_189_311_38,
            -2.297_964_791_34,
            4.850_141_271_35,
            2.321_212_768_58,
        ],
        [1.0, 3.543_889_247_62, 1.637_067_818_97],
    );
    let from_centre = p - 0.5;
    if from_centre.abs() <= 0.42 {
        let square = from_centre * from_centre;
        return from_centre * polynomial(&CENTRE.0, square) / polynomial(&CENTRE.1, square);
    }
    let root = (-libm::log(p.min(1.0 - p))).sqrt();
    (polynomial(&TAIL.0, root) / polynomial(&TAIL.1, root)).copysign(from_centre)
}

/// The polynomial with these coefficients, that of the constant first.
pub(super) fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients
        .iter()
        .rev()
        .fold(0.0, |sum, coefficient| sum * x + coefficient)
}
