//! `load`: all series, and what they came from.

use telensic::events::{AlgorithmInit, Fields};
use telensic::pipeline::{StageError, Task};
use telensic::{ArrayDtype, ArrayView, Run, Severity, log, record};

use crate::ith::NavSeries;
use crate::nav::read_file;
use crate::settings::Settings;
use crate::source::Source;
use crate::synthetic;

/// Loads all series, and keeps a fingerprint of each.
pub fn load(
    task: &mut Task,
    run: &Run,
    source: &Source,
    settings: &Settings,
) -> Result<Vec<NavSeries>, StageError> {
    let series = match source {
        Source::File(path) => {
            run.input(path)?;
            task.step("read", |_| Ok(read_file(path)?))?
        }
        Source::MarketData(service) => {
            run.seed(synthetic::NAME, settings.seed)?;
            let config = Fields::from([("bars", settings.bars), ("series", settings.sleeves)]);
            let init = AlgorithmInit::new(synthetic::NAME, synthetic::VERSION);
            record(&init.random_seed(settings.seed).config(config));
            let names = task.retried_step("list", &Source::retry(), |_| Ok(service.names()?))?;
            let fetch = |name: &String| {
                task.retried_step("fetch", &Source::retry(), |span| {
                    span.set("symbol", name.as_str());
                    Ok(service.nav(name)?)
                })
            };
            names.iter().map(fetch).collect::<Result<_, _>>()?
        }
    };
    for series in &series {
        let bytes = series.bytes();
        run.input_array(
            &series.name,
            &ArrayView::contiguous(&bytes, &[series.nav.len()], ArrayDtype::Float64)?,
        )?;
    }
    task.set("series", series.len());
    let bars: usize = series.iter().map(|series| series.nav.len()).sum();
    log(
        Severity::Info,
        &format!("loaded {} series of {bars} bars", series.len()),
    )
    .emit();
    Ok(series)
}
