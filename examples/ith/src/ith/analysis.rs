//! A whole series, gone through bar by bar.

use super::horizon::{Bar, Horizon, Side};
use super::moments::variation;

/// What the algorithm says of a series on one side.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The side.
    pub side: Side,
    /// The hurdle that gains were held against.
    pub hurdle: f64,
    /// Every bar; as many as the series has.
    pub bars: Vec<Bar>,
    /// The coefficient of variation of the intervals between epochs; NaN without epochs.
    pub interval_cv: f64,
}

/// An epoch: the bar at which it ended, and what was known there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Epoch {
    /// The number of the bar.
    pub index: usize,
    /// What was known.
    pub bar: Bar,
}

/// Goes through a series. A hurdle that is NaN is never beaten.
pub fn analyse(nav: &[f64], hurdle: f64, side: Side) -> Analysis {
    let mut bars = Vec::with_capacity(nav.len());
    if let Some((first, rest)) = nav.split_first() {
        let mut horizon = Horizon::begin(side, hurdle, *first);
        bars.push(Bar {
            excess_gain: 0.0,
            excess_loss: 0.0,
            is_epoch: false,
            endorsing_crest: *first,
            candidate_nadir: *first,
        });
        bars.extend(rest.iter().map(|value| horizon.next(*value)));
    }
    let mut analysis = Analysis {
        side,
        hurdle,
        bars,
        interval_cv: f64::NAN,
    };
    analysis.interval_cv = variation(&analysis.intervals());
    analysis
}

impl Analysis {
    /// The epochs, in order.
    pub fn epochs(&self) -> impl Iterator<Item = Epoch> {
        let bars = self.bars.iter().copied().enumerate();
        bars.filter(|(_, bar)| bar.is_epoch)
            .map(|(index, bar)| Epoch { index, bar })
    }

    /// How many epochs there are.
    pub fn count(&self) -> usize {
        self.epochs().count()
    }

    /// The bars from one epoch to the next, the first from bar 0.
    fn intervals(&self) -> Vec<f64> {
        let mut previous = 0;
        self.epochs()
            .map(|epoch| (epoch.index - std::mem::replace(&mut previous, epoch.index)) as f64)
            .collect()
    }
}
