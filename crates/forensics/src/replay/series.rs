//! Epochs by unit and side, in series.
//!
//! A series is what one run of the algorithm finds on one side of one unit. Invariant: a series lists its epochs in the
//! order in which they were recorded, whatever their indices say.

use hashbrown::{HashMap, HashSet};
use telensic_run::event::{EpochDetected, Float, PositionType};

use crate::timeline::SpanIndex;

/// A unit's side; epochs that do not name theirs have one of their own.
type Side = (Option<SpanIndex>, Option<PositionType>);

/// All series of a run.
#[derive(Debug, Default)]
pub(super) struct Epochs {
    series: Vec<Series>,
    /// The series that each side goes on with.
    latest: HashMap<Side, usize>,
    /// Sides whose unit has begun an algorithm since their last epoch.
    begun: HashSet<Side>,
}

/// What one run of the algorithm found on one side of one unit.
#[derive(Debug)]
pub(super) struct Series {
    pub(super) unit: Option<SpanIndex>,
    pub(super) side: Option<PositionType>,
    /// Places among all epochs of the run.
    pub(super) epochs: Vec<usize>,
    pub(super) bars: Vec<u64>,
    last_index: u64,
    /// The hurdle, as long as all epochs have the same one.
    pub(super) hurdle: Hurdle,
}

/// What is known of a series' hurdle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Hurdle {
    /// No epoch names it.
    Unnamed,
    /// All epochs that name one name this.
    One(Float),
    /// It changes from epoch to epoch.
    Several,
}

impl Epochs {
    /// An algorithm begins in this unit.
    pub(super) fn begin_algorithm(&mut self, unit: Option<SpanIndex>) {
        let sides = [None, Some(PositionType::Bull), Some(PositionType::Bear)];
        self.begun.extend(sides.map(|side| (unit, side)));
    }

    /// Adds the epoch that has this place among all of the run.
    pub(super) fn add(&mut self, place: usize, unit: Option<SpanIndex>, epoch: &EpochDetected) {
        let side = (unit, epoch.position_type);
        let is_after_init = self.begun.remove(&side);
        let current = self.latest.get(&side).copied();
        let goes_on =
            current.filter(|series| !is_after_init || self.series[*series].last_index < epoch.epoch_index.0);
        let number = goes_on.unwrap_or_else(|| {
            self.series.push(Series {
                unit,
                side: epoch.position_type,
                epochs: Vec::new(),
                bars: Vec::new(),
                last_index: 0,
                hurdle: Hurdle::Unnamed,
            });
            self.series.len() - 1
        });
        self.latest.insert(side, number);
        let series = &mut self.series[number];
        series.epochs.push(place);
        series.bars.push(epoch.bar_index.0);
        series.last_index = epoch.epoch_index.0;
        if let Some(hurdle) = epoch.tmaeg_threshold {
            series.hurdle = match series.hurdle {
                Hurdle::Unnamed => Hurdle::One(hurdle),
                Hurdle::One(known) if known == hurdle => Hurdle::One(known),
                _ => Hurdle::Several,
            };
        }
    }

    /// All series.
    pub(super) fn all(&self) -> &[Series] {
        &self.series
    }

    /// The series that this side of this unit is at.
    pub(super) fn current(&self, unit: Option<SpanIndex>, side: PositionType) -> Option<&Series> {
        self.latest
            .get(&(unit, Some(side)))
            .map(|series| &self.series[*series])
    }

    /// Whether this unit has epochs that do not say on which side they are.
    pub(super) fn has_unsided(&self, unit: Option<SpanIndex>) -> bool {
        self.latest.contains_key(&(unit, None))
    }
}

impl Series {
    /// The coefficient of variation of the intervals between the first so many epochs, the first interval counted from
    /// bar 0; NaN without epochs.
    pub(super) fn interval_variation(&self, epochs: usize) -> f64 {
        let mut previous = 0;
        let intervals: Vec<f64> = self.bars[..epochs.min(self.bars.len())]
            .iter()
            // Bars that do not rise are told by another check.
            .map(|bar| bar.saturating_sub(std::mem::replace(&mut previous, *bar)) as f64)
            .collect();
        let count = intervals.len() as f64;
        let mean = intervals.iter().sum::<f64>() / count;
        let variance = intervals.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / count;
        variance.sqrt() / mean
    }
}
