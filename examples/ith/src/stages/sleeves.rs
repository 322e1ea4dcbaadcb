//! `sleeves`: one for each series, on threads or in processes of their own.

use std::time::Duration;

use telensic::pipeline::{Named, Sleeves, StageError, Task};
use telensic::{Severity, log};

use crate::arguments::Arguments;
use crate::ith::NavSeries;
use crate::sleeve::{self, SleeveResult};
use crate::worker;

/// Runs all sleeves. One that fails is told of and left out, as long as there are others.
pub fn sleeves(
    task: &mut Task,
    series: &[NavSeries],
    arguments: &Arguments,
    market_data: Option<&str>,
) -> Result<Named<SleeveResult>, StageError> {
    let sleeves = if arguments.workers == 0 {
        on_threads(task, series, arguments)?
    } else {
        in_processes(task, series, arguments, market_data)?
    };
    for (name, error) in sleeves.failed.iter() {
        log(Severity::Error, &format!("sleeve {name} is missing: {error}"))
            .with("sleeve", name)
            .emit();
    }
    match sleeves.failed.iter().next() {
        Some((_, error)) if sleeves.done.is_empty() => Err(StageError::new(format!(
            "no sleeve is left; the first one failed: {error}"
        ))),
        _ => Ok(sleeves.done),
    }
}

fn on_threads(
    task: &mut Task,
    series: &[NavSeries],
    arguments: &Arguments,
) -> Result<Sleeves<SleeveResult>, StageError> {
    let (settings, pace) = (arguments.settings(), Duration::from_millis(arguments.pace));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let items = series.iter().map(|series| (series.name.clone(), series));
    task.sleeves(threads, items, |_, series| sleeve::run(series, &settings, pace))
}

fn in_processes(
    task: &mut Task,
    series: &[NavSeries],
    arguments: &Arguments,
    market_data: Option<&str>,
) -> Result<Sleeves<SleeveResult>, StageError> {
    let items = series.iter().map(|series| (series.name.clone(), ()));
    let program = |name: &str, ()| Ok(worker::command(arguments, market_data, name)?);
    let written = task.workers(arguments.workers, items, program)?;
    let mut sleeves = Sleeves {
        done: Named::new(),
        failed: written.failed,
    };
    for (name, stdout) in written.done {
        match serde_json::from_slice(&stdout) {
            Ok(result) => sleeves.done.insert(name, result)?,
            Err(error) => sleeves.failed.insert(name, error.into())?,
        }
    }
    Ok(sleeves)
}
