//! Counters: numbers that only grow, exact under any number of threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::definition::Kind;
use super::instrument::{Instrument, Reading, Shape};
use super::misuse::refused;
use super::number::Number;

/// A counter, bound to its labels. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Counter(Arc<Cell>);

#[derive(Debug, Default)]
struct Cell {
    /// What was counted in whole steps, which are exact beyond 2^53 too.
    whole: AtomicU64,
    /// What was counted in others.
    parts: Number,
}

impl Counter {
    /// Counts one.
    #[inline]
    pub fn inc(&self) {
        self.add(1);
    }

    /// Counts so many.
    #[inline]
    pub fn add(&self, step: u64) {
        self.0.whole.fetch_add(step, Ordering::Relaxed);
    }

    /// Counts an amount. One that is negative or no number is refused: a counter only grows.
    #[inline]
    pub fn add_f64(&self, amount: f64) {
        if amount >= 0.0 && amount.is_finite() {
            self.0.parts.add(amount);
        } else {
            refused(
                "counter_step",
                &format!(
                    "a counter was to be changed by {amount}: counters only grow, a gauge goes both ways"
                ),
            );
        }
    }

    /// What was counted so far.
    pub fn value(&self) -> f64 {
        self.0.whole.load(Ordering::Relaxed) as f64 + self.0.parts.get()
    }

    /// Brings it up to a count that is kept elsewhere.
    #[cfg(feature = "otlp")]
    pub(super) fn follow(&self, count: u64) {
        self.0.whole.fetch_max(count, Ordering::Relaxed);
    }
}

impl Instrument for Counter {
    const KIND: Kind = Kind::Counter;

    fn new(_: &Shape) -> Self {
        Self::default()
    }

    fn read(&self) -> Reading {
        let parts = self.0.parts.get();
        let whole = self.0.whole.load(Ordering::Relaxed);
        if parts == 0.0 && i64::try_from(whole).is_ok() {
            Reading::Whole(whole as i64)
        } else {
            Reading::Number(whole as f64 + parts)
        }
    }

    fn reset(&self) {
        self.0.whole.store(0, Ordering::Relaxed);
        self.0.parts.set(0.0);
    }
}
