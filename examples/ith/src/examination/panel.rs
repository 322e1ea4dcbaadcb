//! The features of all series, as the tests want them.
//!
//! Two rows that look back over the same bars say the same twice, and a test that takes them for independent rejects
//! everything. So there are two ways to look at a feature: *apart*, at bars whose windows share none, for tests of independent
//! values; and at every bar, for measures and for whatever asks how a bar follows from those before it.

use super::regime::Regime;
use crate::ith::{FeatureRow, NavSeries};

/// The features of all series.
#[derive(Debug)]
pub struct Panel<'a> {
    series: Vec<(&'a str, &'a [FeatureRow])>,
    apart: Vec<(FeatureRow, Option<Regime>)>,
}

impl<'a> Panel<'a> {
    /// Of series and their features, which look back over so many bars.
    pub fn of(all: impl IntoIterator<Item = (&'a NavSeries, &'a [FeatureRow])>, lookback: usize) -> Self {
        let lookback = lookback.max(1);
        let mut panel = Self {
            series: Vec::new(),
            apart: Vec::new(),
        };
        for (series, rows) in all {
            let known = rows.get(lookback - 1..).unwrap_or_default();
            let bars = (lookback - 1..rows.len()).step_by(lookback);
            panel
                .apart
                .extend(bars.map(|bar| (rows[bar], Regime::at(&series.nav, bar))));
            panel.series.push((series.name.as_str(), known));
        }
        panel
    }

    /// A feature at every bar of all series.
    pub fn all(&self, feature: usize) -> Vec<f64> {
        self.by_series(feature).flat_map(|(_, values)| values).collect()
    }

    /// A feature at every bar, series by series.
    pub fn by_series(&self, feature: usize) -> impl Iterator<Item = (&'a str, Vec<f64>)> {
        let column = move |rows: &[FeatureRow]| rows.iter().map(|row| row.values()[feature]).collect();
        self.series.iter().map(move |(name, rows)| (*name, column(rows)))
    }

    /// A feature at bars apart.
    pub fn apart(&self, feature: usize) -> Vec<f64> {
        self.apart.iter().map(|(row, _)| row.values()[feature]).collect()
    }

    /// A feature at bars apart in this regime.
    pub fn in_regime(&self, feature: usize, regime: Regime) -> Vec<f64> {
        let rows = self.apart.iter().filter(|(_, at)| *at == Some(regime));
        rows.map(|(row, _)| row.values()[feature]).collect()
    }
}
