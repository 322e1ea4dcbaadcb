//! The examination: against the values of SciPy and statsmodels, and with values of which nothing can be said.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

mod degenerate;
mod random;
mod values;
