//! How values are spread: exact while they are few, a sketch when they are many.

use sketches_ddsketch::{Config, DDSketch};

/// So many values are kept as they are.
const EXACT: usize = 1024;
/// What the sketch may be wrong by, relative to the value.
const ERROR: f64 = 0.01;

/// Count, sum, extremes and quantiles of values. Two can be joined.
#[derive(Clone)]
pub struct Distribution {
    count: u64,
    sum: f64,
    min: f64,
    max: f64,
    values: Values,
}

#[derive(Clone)]
enum Values {
    Exact(Vec<f64>),
    Sketch(Box<DDSketch>),
}

/// A quantile, and whether it is one of the values or within 1 % of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantile {
    /// The value.
    pub value: f64,
    /// Whether it is exact.
    pub is_exact: bool,
}

impl Default for Distribution {
    fn default() -> Self {
        Self {
            count: 0,
            sum: 0.0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
            values: Values::Exact(Vec::new()),
        }
    }
}

impl std::fmt::Debug for Distribution {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Distribution")
            .field("count", &self.count)
            .field("sum", &self.sum)
            .field("min", &self.min)
            .field("max", &self.max)
            .finish_non_exhaustive()
    }
}

impl Distribution {
    /// Adds a value; one that is no number is left out.
    pub fn add(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        self.count += 1;
        self.sum += value;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        match &mut self.values {
            Values::Exact(values) if values.len() < EXACT => values.push(value),
            Values::Exact(values) => {
                let mut sketch = sketch_of(values);
                sketch.add(value);
                self.values = Values::Sketch(sketch);
            }
            Values::Sketch(sketch) => sketch.add(value),
        }
    }

    /// Adds all values of another.
    pub fn join(&mut self, other: &Self) {
        match (&mut self.values, &other.values) {
            (_, Values::Exact(values)) => {
                values.iter().for_each(|value| self.add(*value));
                return;
            }
            (Values::Exact(values), Values::Sketch(theirs)) => {
                let mut sketch = theirs.clone();
                values.iter().for_each(|value| sketch.add(*value));
                self.values = Values::Sketch(sketch);
            }
            (Values::Sketch(ours), Values::Sketch(theirs)) => {
                let joined = ours.merge(theirs);
                debug_assert!(joined.is_ok(), "all have one configuration");
            }
        }
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// How many values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their sum.
    pub fn sum(&self) -> f64 {
        self.sum
    }

    /// The least, if there is one.
    pub fn min(&self) -> Option<f64> {
        (self.count > 0).then_some(self.min)
    }

    /// The greatest, if there is one.
    pub fn max(&self) -> Option<f64> {
        (self.count > 0).then_some(self.max)
    }

    /// The value below which this share, 0 to 1, of them lies (nearest rank).
    pub fn quantile(&self, share: f64) -> Option<Quantile> {
        let share = share.clamp(0.0, 1.0);
        match &self.values {
            Values::Exact(values) => {
                let mut sorted = values.clone();
                sorted.sort_unstable_by(f64::total_cmp);
                let rank = (share * sorted.len() as f64).ceil().max(1.0) as usize - 1;
                let value = *sorted.get(rank.min(sorted.len().saturating_sub(1)))?;
                Some(Quantile {
                    value,
                    is_exact: true,
                })
            }
            Values::Sketch(sketch) => {
                let value = sketch.quantile(share).ok().flatten()?;
                Some(Quantile {
                    value: value.clamp(self.min, self.max),
                    is_exact: false,
                })
            }
        }
    }
}

fn sketch_of(values: &[f64]) -> Box<DDSketch> {
    let mut sketch = Box::new(DDSketch::new(Config::new(ERROR, 4096, 1e-9)));
    values.iter().for_each(|value| sketch.add(*value));
    sketch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_exact_and_many_are_within_a_percent_however_they_are_joined() {
        let mut few = Distribution::default();
        (1..=100).for_each(|value| few.add(f64::from(value)));
        assert_eq!(
            few.quantile(0.95),
            Some(Quantile {
                value: 95.0,
                is_exact: true
            })
        );
        assert_eq!(few.quantile(0.0).unwrap().value, 1.0);
        let mut parts: Vec<Distribution> = (0..7).map(|_| Distribution::default()).collect();
        let mut all = Vec::new();
        for number in 0..20_000u64 {
            let value = (number * 7919 % 20_011) as f64 * 1000.0 + 1.0;
            all.push(value);
            parts[(number % 7) as usize % 6].add(value);
        }
        let mut joined = Distribution::default();
        parts.iter().for_each(|part| joined.join(part));
        all.sort_unstable_by(f64::total_cmp);
        for share in [0.01, 0.5, 0.95, 0.99] {
            let exact = all[(share * all.len() as f64).ceil() as usize - 1];
            let found = joined.quantile(share).unwrap();
            assert!(
                (found.value / exact - 1.0).abs() < 0.02,
                "{share}: {found:?} for {exact}"
            );
            assert!(!found.is_exact);
        }
        assert_eq!(joined.count(), 20_000);
        assert_eq!(joined.max(), all.last().copied());
        assert_eq!(Distribution::default().quantile(0.5), None);
    }
}
