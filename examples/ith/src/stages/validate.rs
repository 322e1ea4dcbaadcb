//! `validate`: nothing goes on that the algorithm is not defined for.

use std::collections::HashSet;

use telensic::pipeline::{StageError, Task};

use crate::ith::NavSeries;
use crate::settings::Settings;

/// Checks every value of every series.
pub fn validate(
    task: &mut Task,
    all: &[NavSeries],
    settings: &Settings,
) -> Result<Vec<NavSeries>, StageError> {
    let mut names = HashSet::new();
    for series in all {
        task.step("check", |span| {
            span.set("symbol", series.name.as_str());
            span.set("bars", series.nav.len());
            if !names.insert(&series.name) {
                return Err(StageError::new(format!("two series are called {}", series.name)));
            }
            check(series, settings)
        })?;
    }
    Ok(all.to_vec())
}

fn check(series: &NavSeries, settings: &Settings) -> Result<(), StageError> {
    let name = &series.name;
    let needed = settings.lookback.max(settings.holdout + 2);
    if series.nav.len() < needed {
        return Err(StageError::new(format!(
            "{name} has {} bars, which is too short: --holdout and --lookback ask for {needed}",
            series.nav.len()
        )));
    }
    let is_value = |value: &f64| value.is_finite() && *value > 0.0;
    if let Some(bar) = series.nav.iter().position(|value| !is_value(value)) {
        return Err(StageError::new(format!(
            "{name} has {} at bar {bar}: a net asset value is above 0",
            series.nav[bar]
        )));
    }
    match series.times.windows(2).position(|pair| pair[0] >= pair[1]) {
        Some(bar) => Err(StageError::new(format!(
            "{name} goes back in time after bar {bar}"
        ))),
        None => Ok(()),
    }
}
