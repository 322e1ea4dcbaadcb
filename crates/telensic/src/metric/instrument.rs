//! What all kinds of instruments have in common, and what is read of them.

use std::fmt::Debug;
use std::sync::Arc;

use super::definition::Kind;
use super::exemplar::Exemplar;
use super::exponential::Exponential;

/// A counter, gauge, up-down counter or histogram; nothing else can be one.
pub trait Instrument: Clone + Debug + Send + Sync + Sealed + 'static {
    /// Which of them.
    const KIND: Kind;

    /// One with nothing recorded.
    #[doc(hidden)]
    fn new(shape: &Shape) -> Self;

    /// What it stands at.
    #[doc(hidden)]
    fn read(&self) -> Reading;

    /// Sets it back to nothing: in the child of a fork, whose parent goes on counting.
    #[doc(hidden)]
    fn reset(&self);
}

/// What the buckets of a histogram are; others have none.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Shape {
    /// The bounds of those that have bounds.
    pub bounds: Arc<[f64]>,
    /// Whether there are also those that find their own.
    pub is_exponential: bool,
}

/// Keeps [`Instrument`] to this crate.
pub trait Sealed {}

impl Sealed for super::Counter {}
impl Sealed for super::Gauge {}
impl Sealed for super::UpDownCounter {}
impl Sealed for super::Histogram {}

/// What an instrument stood at.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// A count.
    Whole(i64),
    /// A number.
    Number(f64),
    /// A distribution.
    Histogram(Distribution),
}

/// What a histogram stood at.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// How many values each bucket has, that without an upper bound last.
    pub counts: Vec<u64>,
    /// The sum of all values.
    pub sum: f64,
    /// One value of each bucket and where it came from, as far as there is one.
    pub exemplars: Vec<Option<Exemplar>>,
    /// The same values in buckets that found their own bounds, if that was asked for.
    pub exponential: Option<Exponential>,
}

impl Reading {
    /// What came since an earlier reading of the same instrument.
    pub(super) fn since(&self, earlier: &Self) -> Self {
        match (self, earlier) {
            (Self::Whole(now), Self::Whole(before)) => Self::Whole(now - before),
            (Self::Histogram(now), Self::Histogram(before)) => Self::Histogram(now.since(before)),
            _ => Self::Number(self.as_number() - earlier.as_number()),
        }
    }

    /// Whether it counts nothing.
    pub(super) fn is_nothing(&self) -> bool {
        match self {
            Self::Whole(count) => *count == 0,
            Self::Number(number) => *number == 0.0,
            Self::Histogram(distribution) => distribution.counts.iter().all(|count| *count == 0),
        }
    }

    /// A counter may have been a whole number before, and be none now.
    fn as_number(&self) -> f64 {
        match self {
            Self::Whole(count) => *count as f64,
            Self::Number(number) => *number,
            Self::Histogram(distribution) => distribution.sum,
        }
    }
}

impl Distribution {
    fn since(&self, earlier: &Self) -> Self {
        let counts = self.counts.iter().zip(&earlier.counts);
        let exponential = self.exponential.as_ref().zip(earlier.exponential.as_ref());
        Self {
            counts: counts.map(|(now, before)| now.saturating_sub(*before)).collect(),
            sum: self.sum - earlier.sum,
            exemplars: self.exemplars.clone(),
            exponential: exponential.map(|(now, before)| now.since(before)),
        }
    }
}
