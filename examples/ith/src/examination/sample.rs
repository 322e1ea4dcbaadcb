//! What every test asks of its values first: enough of them, numbers, and not all the same.
//!
//! Invariant: what passes can be squared and summed without overflow, and has a spread to divide by. So whatever a test
//! computes of it is a number.

/// Why a test says nothing of what it was given. It is no failure: there is just nothing to be said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotApplicable(String);

impl NotApplicable {
    pub(super) fn because(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    /// There is nothing to examine.
    pub fn without_series() -> Self {
        Self::because("there are no series")
    }

    /// The same, and what it is said of: a series, a lag.
    #[must_use]
    pub fn of(self, what: &str) -> Self {
        Self(format!("{what}: {}", self.0))
    }
}

/// Beyond this a sum of squares would not be exact to all digits, and soon no number.
const LARGEST: f64 = 1e100;
const SMALLEST: f64 = 1e-100;
/// Values that differ in the last digits alone differ by rounding.
const ROUNDING: f64 = 1e-12;

/// Whether values differ enough to be examined together with others.
pub fn varies(values: &[f64]) -> Result<(), NotApplicable> {
    check(values, 3)
}

/// Whether at least so many values can be examined.
pub(super) fn check(values: &[f64], least: usize) -> Result<(), NotApplicable> {
    check_numbers(values, least)?;
    let (min, max) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(min, max), value| {
            (min.min(*value), max.max(*value))
        });
    let size = min.abs().max(max.abs());
    if max - min <= SMALLEST.max(ROUNDING * size) {
        return Err(NotApplicable::because(format!("every value is {min}")));
    }
    Ok(())
}

/// The same of values that may all be one.
pub(super) fn check_numbers(values: &[f64], least: usize) -> Result<(), NotApplicable> {
    if values.len() < least.max(1) {
        let found = values.len();
        return Err(NotApplicable::because(format!(
            "{found} values are too few: it takes {least}"
        )));
    }
    // Not the same as `> LARGEST`: NaN is refused as well.
    let is_fit = |value: &f64| value.abs() <= LARGEST;
    match values.iter().position(|value| !is_fit(value)) {
        Some(index) => Err(NotApplicable::because(format!(
            "value {index} is {:e}: it takes numbers up to {LARGEST:e}",
            values[index]
        ))),
        None => Ok(()),
    }
}
