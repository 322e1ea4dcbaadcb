//! `features`: the rolling features of every series.

use telensic::pipeline::{Named, StageError, Task};

use crate::ith::{FeatureRow, NavSeries, rolling_features};
use crate::settings::Settings;

/// The features of every series: a row for each bar.
pub type Features = Named<Vec<FeatureRow>>;

/// Computes them.
pub fn features(task: &mut Task, series: &[NavSeries], settings: &Settings) -> Result<Features, StageError> {
    let mut features = Named::new();
    for series in series {
        let rows = task.step("rolling", |span| {
            span.set("symbol", series.name.as_str());
            Ok(rolling_features(&series.nav, settings.lookback))
        })?;
        features.insert(series.name.as_str(), rows)?;
    }
    task.set("rows", features.iter().map(|(_, rows)| rows.len()).sum::<usize>());
    Ok(features)
}
