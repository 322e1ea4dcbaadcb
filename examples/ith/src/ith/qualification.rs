//! Whether a side of a series is worth a position.

use super::analysis::Analysis;
use super::horizon::Side;
use super::moments::{sharpe, variation};

/// The figures that decide, and whether they suffice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Qualification {
    /// How many epochs there are: more than 5, less than 100,000.
    pub epochs: usize,
    /// The Sharpe ratio: 0.5 to 9.9 for a bull, the same below 0 for a bear.
    pub sharpe: f64,
    /// The greater of two coefficients of variation, that of the losses at epochs and that of their intervals: below 0.7.
    pub aggregate_cv: f64,
    /// Whether all three lie within.
    pub is_qualified: bool,
}

/// Holds a side of a series against the limits.
pub fn qualify(nav: &[f64], analysis: &Analysis) -> Qualification {
    let losses: Vec<f64> = analysis.epochs().map(|epoch| epoch.bar.excess_loss).collect();
    let epochs = losses.len();
    let sharpe = sharpe(nav);
    // Of epochs without any loss only the intervals tell.
    let aggregate_cv = variation(&losses).max(analysis.interval_cv);
    let has_sharpe = match analysis.side {
        Side::Bull => sharpe > 0.5 && sharpe < 9.9,
        Side::Bear => sharpe > -9.9 && sharpe < -0.5,
    };
    let is_qualified =
        epochs > 5 && epochs < 100_000 && has_sharpe && aggregate_cv > 0.0 && aggregate_cv < 0.70;
    Qualification {
        epochs,
        sharpe,
        aggregate_cv,
        is_qualified,
    }
}
