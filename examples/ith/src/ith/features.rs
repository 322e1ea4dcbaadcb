//! What the algorithm says of the last so many bars, at every bar, each figure between 0 and 1.
//!
//! Invariant: a row knows nothing beyond its own bar. The hurdle too comes from the window alone.

use super::analysis::analyse;
use super::horizon::Side;
use super::hurdle::{max_drawdown, max_runup};

/// What is known at a bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeatureRow {
    /// How many bars of the window end a bull's epoch.
    pub bull_epoch_density: f64,
    /// How many bars of the window end a bear's epoch.
    pub bear_epoch_density: f64,
    /// What a bull gained.
    pub bull_excess_gain: f64,
    /// What a bear gained.
    pub bear_excess_gain: f64,
    /// How irregular a bull's epochs are.
    pub bull_cv: f64,
    /// How irregular a bear's epochs are.
    pub bear_cv: f64,
    /// The deepest fall from a maximum.
    pub max_drawdown: f64,
    /// The highest rise from a minimum.
    pub max_runup: f64,
}

impl FeatureRow {
    /// What the columns are called, in the order of [`FeatureRow::values`].
    pub const NAMES: [&str; 8] = [
        "bull_epoch_density",
        "bear_epoch_density",
        "bull_excess_gain",
        "bear_excess_gain",
        "bull_cv",
        "bear_cv",
        "max_drawdown",
        "max_runup",
    ];

    const NOT_YET: Self = Self {
        bull_epoch_density: f64::NAN,
        bear_epoch_density: f64::NAN,
        bull_excess_gain: f64::NAN,
        bear_excess_gain: f64::NAN,
        bull_cv: f64::NAN,
        bear_cv: f64::NAN,
        max_drawdown: f64::NAN,
        max_runup: f64::NAN,
    };

    /// All figures.
    pub fn values(&self) -> [f64; 8] {
        [
            self.bull_epoch_density,
            self.bear_epoch_density,
            self.bull_excess_gain,
            self.bear_excess_gain,
            self.bull_cv,
            self.bear_cv,
            self.max_drawdown,
            self.max_runup,
        ]
    }
}

/// A row for each bar; the first `lookback - 1` are NaN, since they cannot look back so far.
pub fn rolling_features(nav: &[f64], lookback: usize) -> Vec<FeatureRow> {
    let lookback = lookback.max(1);
    let not_yet = std::iter::repeat_n(FeatureRow::NOT_YET, (lookback - 1).min(nav.len()));
    not_yet.chain(nav.windows(lookback).map(features_of)).collect()
}

fn features_of(window: &[f64]) -> FeatureRow {
    let first = window.first().copied().unwrap_or(f64::NAN);
    let scaled: Vec<f64> = window.iter().map(|value| value / first).collect();
    let (drawdown, runup) = (max_drawdown(&scaled), max_runup(&scaled));
    let bull = SideFeatures::of(&scaled, drawdown, Side::Bull);
    let bear = SideFeatures::of(&scaled, runup, Side::Bear);
    FeatureRow {
        bull_epoch_density: bull.epoch_density,
        bear_epoch_density: bear.epoch_density,
        bull_excess_gain: bull.excess_gain,
        bear_excess_gain: bear.excess_gain,
        bull_cv: bull.cv,
        bear_cv: bear.cv,
        max_drawdown: drawdown.clamp(0.0, 1.0),
        max_runup: runup.clamp(0.0, 1.0),
    }
}

struct SideFeatures {
    epoch_density: f64,
    excess_gain: f64,
    cv: f64,
}

impl SideFeatures {
    fn of(window: &[f64], hurdle: f64, side: Side) -> Self {
        let analysis = analyse(window, hurdle.max(f64::EPSILON), side);
        let density = analysis.count() as f64 / window.len() as f64;
        let gain: f64 = analysis.bars.iter().map(|bar| bar.excess_gain).sum();
        // Without epochs there is no irregularity.
        let cv = if analysis.interval_cv.is_nan() {
            0.0
        } else {
            analysis.interval_cv
        };
        Self {
            epoch_density: sigmoid(10.0 * (density - 0.5)),
            excess_gain: libm::tanh(5.0 * gain.abs()),
            cv: sigmoid(4.0 * (cv - 0.5)),
        }
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}
