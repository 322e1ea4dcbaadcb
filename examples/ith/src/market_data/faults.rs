//! What goes wrong at the service, so that one can see how it is recorded.

use std::sync::atomic::{AtomicU64, Ordering};

/// What goes wrong, the first of these things first.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Faults {
    /// Every answer of the market data service takes so long
    #[arg(long = "market-data-latency", default_value_t = 0, value_name = "MS")]
    pub latency: u64,
    /// The market data service refuses its first calls as too many
    #[arg(long = "market-data-rate-limited", default_value_t = 0, value_name = "CALLS")]
    pub rate_limited: u64,
    /// The market data service then fails so many calls
    #[arg(long = "market-data-errors", default_value_t = 0, value_name = "CALLS")]
    pub errors: u64,
}

/// How the service answers a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Data,
    TooMany,
    Broken,
}

/// Counts the calls.
#[derive(Debug, Default)]
pub(super) struct Calls(AtomicU64);

impl Calls {
    pub(super) fn next(&self, faults: &Faults) -> Answer {
        let call = self.0.fetch_add(1, Ordering::Relaxed);
        if call < faults.rate_limited {
            Answer::TooMany
        } else if call < faults.rate_limited + faults.errors {
            Answer::Broken
        } else {
            Answer::Data
        }
    }
}
