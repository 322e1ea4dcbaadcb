//! What happened lately: a sliding window over the events of one kind.
//!
//! The window is cut into [`SLOTS`] parts, of which the oldest gives its place to the newest; what is asked for is merged
//! from those that are in the window. The quantiles are those of a DDSketch, which is within 1 % of the true value
//! whatever the values are, and exact when merged; a t-digest has no bound, and an HDR histogram needs its range before
//! it sees a value.

use std::time::Duration;

use sketches_ddsketch::{Config, DDSketch};
use telensic_tape::UnixNanos;

/// Parts of a window.
const SLOTS: u64 = 12;

/// Events over a window.
#[derive(Debug)]
pub(super) struct SlidingWindow {
    slot_nanos: u64,
    slots: Vec<Slot>,
}

/// What happened in a part of the time.
#[derive(Debug)]
struct Slot {
    /// Which part, counted from 1970.
    number: u64,
    tally: Tally,
}

/// What is known of some events.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    pub(super) count: u64,
    pub(super) errors: u64,
    /// When the first one was.
    pub(super) first: Option<UnixNanos>,
    measures: Option<Measures>,
}

/// What was measured: there is at least one value, so that there is no minimum of nothing.
#[derive(Clone)]
pub(super) struct Measures {
    pub(super) count: u64,
    pub(super) sum: f64,
    pub(super) min: f64,
    pub(super) max: f64,
    sketch: DDSketch,
}

impl SlidingWindow {
    pub(super) fn new(window: Duration) -> Self {
        Self {
            slot_nanos: slot_nanos(window),
            slots: Vec::new(),
        }
    }

    /// Counts an event. One from before the window, as it is by now, is too late.
    pub(super) fn enter(&mut self, at: UnixNanos, is_error: bool, measure: Option<f64>) {
        let number = at.0 / self.slot_nanos;
        let place = match self.slots.iter().position(|slot| slot.number == number) {
            Some(place) => place,
            None => {
                self.slots.push(Slot {
                    number,
                    tally: Tally::default(),
                });
                self.forget_the_oldest();
                match self.slots.iter().position(|slot| slot.number == number) {
                    Some(place) => place,
                    None => return,
                }
            }
        };
        if let Some(slot) = self.slots.get_mut(place) {
            slot.tally.enter(at, is_error, measure);
        }
    }

    /// What is in the window that ends now.
    pub(super) fn tally(&self, now: UnixNanos) -> Tally {
        let newest = now.0 / self.slot_nanos;
        let mut all = Tally::default();
        for slot in &self.slots {
            if slot.number + SLOTS > newest {
                all.merge(&slot.tally);
            }
        }
        all
    }

    /// Whether nothing is in the window that ends now.
    pub(super) fn is_over(&self, now: UnixNanos) -> bool {
        let newest = now.0 / self.slot_nanos;
        self.slots.iter().all(|slot| slot.number + SLOTS <= newest)
    }

    fn forget_the_oldest(&mut self) {
        let newest = self
            .slots
            .iter()
            .map(|slot| slot.number)
            .max()
            .unwrap_or_default();
        self.slots.retain(|slot| slot.number + SLOTS > newest);
    }
}

fn slot_nanos(window: Duration) -> u64 {
    (window.as_nanos() as u64 / SLOTS).max(1)
}

impl Tally {
    fn enter(&mut self, at: UnixNanos, is_error: bool, measure: Option<f64>) {
        self.count += 1;
        self.errors += u64::from(is_error);
        self.first = Some(self.first.map_or(at, |first| first.min(at)));
        if let Some(value) = measure.filter(|value| value.is_finite()) {
            self.measures
                .get_or_insert_with(|| Measures::none(value))
                .enter(value);
        }
    }

    /// Adds what another one knows.
    pub(super) fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.errors += other.errors;
        self.first = match (self.first, other.first) {
            (Some(mine), Some(others)) => Some(mine.min(others)),
            (mine, others) => mine.or(others),
        };
        match (&mut self.measures, &other.measures) {
            (Some(mine), Some(others)) => mine.merge(others),
            (mine @ None, Some(others)) => *mine = Some(others.clone()),
            (_, None) => {}
        }
    }

    /// What was measured, if anything was.
    pub(super) fn measures(&self) -> Option<&Measures> {
        self.measures.as_ref()
    }
}

impl Measures {
    /// Nothing yet, of which the first value will be this.
    fn none(first: f64) -> Self {
        Self {
            count: 0,
            sum: 0.0,
            min: first,
            max: first,
            sketch: DDSketch::new(Config::defaults()),
        }
    }

    fn enter(&mut self, value: f64) {
        self.count += 1;
        self.sum += value;
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        self.sketch.add(value);
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        let merged = self.sketch.merge(&other.sketch);
        debug_assert!(merged.is_ok(), "sketches of one configuration can be merged");
    }

    /// The value that so large a share of all values does not exceed, within 1 %.
    pub(super) fn quantile(&self, share: f64) -> Option<f64> {
        let value = self.sketch.quantile(share).ok().flatten()?;
        Some(value.clamp(self.min, self.max))
    }
}

impl std::fmt::Debug for Measures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Measures")
            .field("count", &self.count)
            .field("min", &self.min)
            .field("max", &self.max)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn at(second: u64) -> UnixNanos {
        UnixNanos((1_700_000_040 + second) * 1_000_000_000)
    }

    #[test]
    fn what_is_older_than_the_window_does_not_count_and_what_comes_late_still_does() {
        let mut window = SlidingWindow::new(MINUTE);
        window.enter(at(0), false, Some(1.0));
        window.enter(at(59), true, Some(3.0));
        window.enter(at(30), false, None);
        assert_eq!(window.tally(at(59)).count, 3);
        assert_eq!(window.tally(at(59)).first, Some(at(0)));
        let later = window.tally(at(60));
        assert_eq!((later.count, later.errors), (2, 1));
        assert_eq!(later.measures().unwrap().min, 3.0);
        window.enter(at(200), false, None);
        window.enter(at(1), false, None);
        assert_eq!(window.tally(at(200)).count, 1);
        assert!(!window.is_over(at(200)) && window.is_over(at(300)));
    }

    #[test]
    fn quantiles_are_within_one_percent_of_the_true_ones_also_when_they_are_merged() {
        let mut window = SlidingWindow::new(MINUTE);
        let mut values: Vec<f64> = (1..=10_000_u32)
            .map(|number| f64::from(number).powi(2) * 1e-6)
            .collect();
        for (index, value) in values.iter().enumerate() {
            window.enter(at(index as u64 % 60), false, Some(*value));
        }
        values.sort_by(f64::total_cmp);
        let all = window.tally(at(59));
        let measures = all.measures().unwrap();
        assert_eq!((measures.min, measures.max), (values[0], values[9_999]));
        for share in [0.0, 0.5, 0.95, 0.99, 1.0] {
            let exact = values[((values.len() - 1) as f64 * share) as usize];
            let quantile = measures.quantile(share).unwrap();
            assert!(
                (quantile - exact).abs() <= exact * 0.0101,
                "{share}: {quantile} {exact}"
            );
        }
    }

    #[test]
    fn the_least_value_is_one_that_was_measured() {
        let mut window = SlidingWindow::new(MINUTE);
        assert!(window.tally(at(0)).measures().is_none());
        window.enter(at(0), true, None);
        window.enter(at(0), false, Some(f64::NAN));
        assert!(window.tally(at(0)).measures().is_none());
        for value in [5.0, 2.0, 7.0] {
            window.enter(at(1), false, Some(value));
        }
        let all = window.tally(at(1));
        let measures = all.measures().unwrap();
        assert_eq!(
            (measures.count, measures.min, measures.max, measures.sum),
            (3, 2.0, 7.0, 14.0)
        );
    }
}
