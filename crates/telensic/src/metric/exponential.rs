//! Exponential histograms: buckets that find their own bounds, as OpenTelemetry's base-2 aggregation.
//!
//! ```text
//! bucket i of scale s holds the values in ( 2^(i / 2^s), 2^((i+1) / 2^s) ]
//! ```
//!
//! Invariant: each side has at most [`MOST`] buckets. Where a value would need one more, two by two become one, which
//! halves the scale and loses no count.

use std::sync::LazyLock;

use crate::config::Env;

/// Buckets of a side, as OpenTelemetry has it.
const MOST: i64 = 160;

/// The finest scale.
const FINEST: u32 = 20;

/// The variable that makes all histograms exponential that are exported, and what it may be.
pub(super) const VARIABLE: &str = "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION";
pub(super) const AGGREGATIONS: [(&str, bool); 2] = [
    ("explicit_bucket_histogram", false),
    ("base2_exponential_bucket_histogram", true),
];

/// Whether the environment asks for it. Histograms may be made before anything records, so it is read when the first one is.
pub(super) fn is_default() -> bool {
    static IS_DEFAULT: LazyLock<bool> = LazyLock::new(|| {
        let mut env = Env::new(&Env::of_process);
        env.word(VARIABLE, &AGGREGATIONS).unwrap_or(false)
    });
    *IS_DEFAULT
}

/// What an exponential histogram stood at.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq)]
pub struct Exponential {
    /// How fine the buckets are.
    pub scale: i32,
    /// How many values were 0.
    pub zeros: u64,
    /// Those above 0.
    pub positive: Side,
    /// Those below 0, by their amount.
    pub negative: Side,
    /// The sum of all values.
    pub sum: f64,
}

/// Neighbouring buckets.
#[doc(hidden)]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    /// The number of the first one.
    pub offset: i64,
    /// How many values each has.
    pub counts: Vec<u64>,
}

impl Default for Exponential {
    fn default() -> Self {
        Self {
            scale: FINEST as i32,
            zeros: 0,
            positive: Side::default(),
            negative: Side::default(),
            sum: 0.0,
        }
    }
}

impl Exponential {
    /// Records a number.
    pub(super) fn record(&mut self, value: f64) {
        self.sum += value;
        if value == 0.0 {
            self.zeros += 1;
            return;
        }
        let index = index_of(value.abs(), self.scale);
        let side = if value > 0.0 {
            &self.positive
        } else {
            &self.negative
        };
        let steps = side.steps_to_hold(index);
        self.coarsen(steps);
        let side = if value > 0.0 {
            &mut self.positive
        } else {
            &mut self.negative
        };
        side.count(index >> steps);
    }

    /// How many values were recorded.
    pub(super) fn count(&self) -> u64 {
        let sides = [&self.positive, &self.negative];
        self.zeros + sides.iter().flat_map(|side| &side.counts).sum::<u64>()
    }

    /// What came since an earlier state of the same histogram.
    pub(super) fn since(&self, earlier: &Self) -> Self {
        let mut earlier = earlier.clone();
        earlier.coarsen(u32::try_from(earlier.scale - self.scale).unwrap_or(0));
        Self {
            scale: self.scale,
            zeros: self.zeros - earlier.zeros.min(self.zeros),
            positive: self.positive.since(&earlier.positive),
            negative: self.negative.since(&earlier.negative),
            sum: self.sum - earlier.sum,
        }
    }

    /// Makes one bucket of two, so many times.
    fn coarsen(&mut self, steps: u32) {
        if steps > 0 {
            self.scale -= steps as i32;
            self.positive.coarsen(steps);
            self.negative.coarsen(steps);
        }
    }
}

impl Side {
    fn last(&self) -> i64 {
        self.offset + self.counts.len() as i64 - 1
    }

    /// How often buckets must be joined until there is room for this one.
    fn steps_to_hold(&self, index: i64) -> u32 {
        if self.counts.is_empty() {
            return 0;
        }
        let (mut low, mut high) = (self.offset.min(index), self.last().max(index));
        let mut steps = 0;
        while high - low >= MOST {
            (low, high) = (low >> 1, high >> 1);
            steps += 1;
        }
        steps
    }

    fn count(&mut self, index: i64) {
        if self.counts.is_empty() {
            self.offset = index;
        }
        let before = usize::try_from(self.offset - index).unwrap_or(0);
        if before > 0 {
            self.counts.splice(0..0, std::iter::repeat_n(0, before));
            self.offset = index;
        }
        let place = usize::try_from(index - self.offset).unwrap_or(0);
        if place >= self.counts.len() {
            self.counts.resize(place + 1, 0);
        }
        self.counts[place] += 1;
    }

    fn coarsen(&mut self, steps: u32) {
        let mut joined = Self {
            offset: self.offset >> steps,
            counts: Vec::new(),
        };
        for (index, count) in (self.offset..).zip(&self.counts) {
            let place = ((index >> steps) - joined.offset) as usize;
            if place >= joined.counts.len() {
                joined.counts.resize(place + 1, 0);
            }
            joined.counts[place] += count;
        }
        *self = joined;
    }

    /// Of the same scale.
    fn since(&self, earlier: &Self) -> Self {
        let mut grown = self.clone();
        for (index, before) in (earlier.offset..).zip(&earlier.counts) {
            let place = usize::try_from(index - self.offset).ok();
            if let Some(count) = place.and_then(|place| grown.counts.get_mut(place)) {
                *count = count.saturating_sub(*before);
            }
        }
        grown
    }
}

/// The bucket of a value above 0. Infinity goes with the greatest number, so that no count is lost.
fn index_of(value: f64, scale: i32) -> i64 {
    const FRACTION: u32 = 52;
    let bits = value.clamp(f64::MIN_POSITIVE, f64::MAX).to_bits();
    let exponent = (bits >> FRACTION) as i64 - 1023;
    // A power of two is the upper bound of its bucket.
    let is_power = bits & ((1 << FRACTION) - 1) == 0;
    let whole = exponent - i64::from(is_power);
    if scale <= 0 {
        return whole >> -scale;
    }
    if is_power {
        return (exponent << scale) - 1;
    }
    let fraction = f64::from_bits(bits & ((1 << FRACTION) - 1) | 1023 << FRACTION);
    let within = (fraction.log2() * f64::from(1 << scale)).ceil() as i64 - 1;
    // Rounding must not lead out of the octave.
    (exponent << scale) + within.clamp(0, (1 << scale) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bounds of a bucket.
    fn bounds(index: i64, scale: i32) -> (f64, f64) {
        let at = |index: i64| (index as f64 / f64::from(scale).exp2()).exp2();
        (at(index), at(index + 1))
    }

    #[test]
    fn a_value_lies_within_its_bucket_at_every_scale() {
        for scale in -8..=8 {
            for value in [1e-9, 0.3, 0.5, 0.999_999, 1.0, 1.000_001, 3.0, 4.0, 1e12] {
                let (low, high) = bounds(index_of(value, scale), scale);
                let close = 1.0 + 1e-12;
                assert!(
                    low < value * close && value <= high * close,
                    "{value} at {scale}: {low} to {high}"
                );
            }
        }
        assert_eq!((index_of(1.0, 3), index_of(2.0, 3), index_of(2.1, 3)), (-1, 7, 8));
    }

    #[test]
    fn no_value_is_lost_however_far_apart_they_lie() {
        let mut histogram = Exponential::default();
        let values = [
            1e-300,
            1.0,
            f64::MAX,
            f64::INFINITY,
            f64::MIN_POSITIVE / 4.0,
            -5.0,
            -1e200,
            0.0,
        ];
        for (number, value) in (1..).zip(values) {
            histogram.record(value);
            assert_eq!(histogram.count(), number);
            assert!(histogram.positive.counts.len() <= 160 && histogram.negative.counts.len() <= 160);
        }
        assert_eq!(
            (histogram.zeros, histogram.negative.counts.iter().sum::<u64>()),
            (1, 2)
        );
    }

    #[test]
    fn steps_between_states_of_different_scales_add_up() {
        let mut histogram = Exponential::default();
        [1.0, 1.1, -3.0].iter().for_each(|value| histogram.record(*value));
        let earlier = histogram.clone();
        [1e6, 1.0, 0.0].iter().for_each(|value| histogram.record(*value));
        assert!(histogram.scale < earlier.scale);
        let step = histogram.since(&earlier);
        assert_eq!((step.count(), step.zeros, step.scale), (3, 1, histogram.scale));
        assert_eq!(step.sum, 1_000_001.0);
        assert_eq!(step.negative.counts.iter().sum::<u64>(), 0);
    }
}
