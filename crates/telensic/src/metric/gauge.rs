//! Gauges, which are set to what was measured, and up-down counters, which go both ways by steps.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::definition::Kind;
use super::instrument::{Instrument, Reading, Shape};
use super::number::Number;

/// A measured value, bound to its labels. Clones are one.
#[derive(Clone, Debug, Default)]
pub struct Gauge(Arc<Number>);

impl Gauge {
    /// Sets it.
    #[inline]
    pub fn set(&self, value: f64) {
        self.0.set(value);
    }

    /// Changes it by this much, up or down.
    #[inline]
    pub fn add(&self, step: f64) {
        self.0.add(step);
    }

    /// What it was set to last.
    pub fn value(&self) -> f64 {
        self.0.get()
    }
}

impl Instrument for Gauge {
    const KIND: Kind = Kind::Gauge;

    fn new(_: &Shape) -> Self {
        Self::default()
    }

    fn read(&self) -> Reading {
        Reading::Number(self.0.get())
    }

    fn reset(&self) {
        self.0.set(0.0);
    }
}

/// A count that goes up and down, bound to its labels: exact under any number of threads. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct UpDownCounter(Arc<AtomicI64>);

impl UpDownCounter {
    /// One more.
    #[inline]
    pub fn inc(&self) {
        self.add(1);
    }

    /// One less.
    #[inline]
    pub fn dec(&self) {
        self.add(-1);
    }

    /// So many more, or less.
    #[inline]
    pub fn add(&self, step: i64) {
        self.0.fetch_add(step, Ordering::Relaxed);
    }

    /// What it stands at.
    pub fn value(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Instrument for UpDownCounter {
    const KIND: Kind = Kind::UpDownCounter;

    fn new(_: &Shape) -> Self {
        Self::default()
    }

    fn read(&self) -> Reading {
        Reading::Whole(self.value())
    }

    fn reset(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}
