//! Histograms: how many values there were of which size.
//!
//! Invariant: the count is the sum of the buckets, so a reading never has values that are in no bucket.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::definition::Kind;
use super::exemplar::ExemplarPlace;
use super::exponential::Exponential;
use super::instrument::{Distribution, Instrument, Reading, Shape};
use super::misuse::refused;
use super::number::Number;
use crate::context::SpanContext;

/// A histogram, bound to its labels. Clones record together.
#[derive(Clone, Debug)]
pub struct Histogram(Arc<Cell>);

#[derive(Debug)]
struct Cell {
    bounds: Arc<[f64]>,
    /// One more than there are bounds: the last one has no upper bound.
    buckets: Box<[Bucket]>,
    sum: Number,
    /// The same values once more, for those who export them so.
    exponential: Option<Mutex<Exponential>>,
}

#[derive(Debug)]
struct Bucket {
    count: AtomicU64,
    exemplar: ExemplarPlace,
}

/// Up to so many bounds are looked at one after the other, which is faster than halving.
const FEW: usize = 24;

impl Histogram {
    /// Records a value; one that is not a number is refused.
    #[inline]
    pub fn observe(&self, value: f64) {
        if let Some(bucket) = self.record(value) {
            bucket.exemplar.offer(value);
        }
    }

    /// Records a value in this span, where the thread's own cannot be asked.
    pub(super) fn observe_in(&self, span: Option<&SpanContext>, value: f64) {
        if let Some(bucket) = self.record(value) {
            bucket.exemplar.offer_in(span, value);
        }
    }

    /// Records a duration, in seconds.
    #[inline]
    pub fn observe_duration(&self, duration: Duration) {
        self.observe(duration.as_secs_f64());
    }

    /// Records many values at once: each bucket is touched once.
    pub fn observe_all(&self, values: &[f64]) {
        let mut counts = vec![0_u64; self.0.buckets.len()];
        let mut sum = 0.0;
        for value in values.iter().copied() {
            match self.bucket_of(value).and_then(|index| counts.get_mut(index)) {
                Some(count) => {
                    *count += 1;
                    sum += value;
                    self.record_exponential(value);
                }
                None => refuse(value),
            }
        }
        for (bucket, count) in self.0.buckets.iter().zip(counts) {
            if count > 0 {
                bucket.count.fetch_add(count, Ordering::Relaxed);
            }
        }
        self.0.sum.add(sum);
    }

    /// How many values were recorded.
    pub fn count(&self) -> u64 {
        let counts = self.0.buckets.iter();
        counts.map(|bucket| bucket.count.load(Ordering::Relaxed)).sum()
    }

    /// The sum of all values.
    pub fn sum(&self) -> f64 {
        self.0.sum.get()
    }

    /// Counts the value; in which bucket.
    #[inline]
    fn record(&self, value: f64) -> Option<&Bucket> {
        let Some(bucket) = self.bucket_of(value).and_then(|index| self.0.buckets.get(index)) else {
            refuse(value);
            return None;
        };
        bucket.count.fetch_add(1, Ordering::Relaxed);
        self.0.sum.add(value);
        self.record_exponential(value);
        Some(bucket)
    }

    #[inline]
    fn record_exponential(&self, value: f64) {
        if let Some(exponential) = &self.0.exponential {
            let mut exponential = exponential.lock().unwrap_or_else(PoisonError::into_inner);
            exponential.record(value);
        }
    }

    #[inline]
    fn bucket_of(&self, value: f64) -> Option<usize> {
        if value.is_nan() {
            return None;
        }
        let bounds = &self.0.bounds;
        Some(if bounds.len() <= FEW {
            bounds.iter().take_while(|bound| **bound < value).count()
        } else {
            bounds.partition_point(|bound| *bound < value)
        })
    }
}

#[cold]
fn refuse(value: f64) {
    refused(
        "histogram_value",
        &format!("a histogram was given {value}: only what is a number has a place in it"),
    );
}

impl Instrument for Histogram {
    const KIND: Kind = Kind::Histogram;

    fn new(shape: &Shape) -> Self {
        let Shape {
            bounds,
            is_exponential,
        } = shape;
        let bucket = || Bucket {
            count: AtomicU64::new(0),
            exemplar: ExemplarPlace::new(),
        };
        Self(Arc::new(Cell {
            bounds: Arc::clone(bounds),
            buckets: std::iter::repeat_with(bucket).take(bounds.len() + 1).collect(),
            sum: Number::default(),
            exponential: is_exponential.then(Mutex::default),
        }))
    }

    fn read(&self) -> Reading {
        let buckets = self.0.buckets.iter();
        let exponential = self.0.exponential.as_ref();
        Reading::Histogram(Distribution {
            // Before the counts: what comes in between is then counted and not yet in the sum, never the reverse.
            sum: self.0.sum.get(),
            counts: buckets
                .clone()
                .map(|bucket| bucket.count.load(Ordering::Relaxed))
                .collect(),
            exemplars: buckets.map(|bucket| bucket.exemplar.read()).collect(),
            exponential: exponential
                .map(|there| there.lock().unwrap_or_else(PoisonError::into_inner).clone()),
        })
    }

    fn reset(&self) {
        for bucket in &self.0.buckets {
            bucket.count.store(0, Ordering::Relaxed);
            bucket.exemplar.reset();
        }
        self.0.sum.set(0.0);
        // In the child of a fork a thread that is not there may hold it for ever.
        if let Some(Ok(mut exponential)) = self.0.exponential.as_ref().map(Mutex::try_lock) {
            *exponential = Exponential::default();
        }
    }
}
