//! The stage: its steps, in order.

use telensic::pipeline::{StageError, Task};
use telensic::{Run, Severity, log};

use super::hypotheses::{Examination, Hypotheses};
use super::{dimensions, distributions, memory, regimes};
use crate::examination::Panel;
use crate::ith::NavSeries;
use crate::settings::Settings;
use crate::stages::Features;

/// Examines the features.
pub fn examination(
    task: &mut Task,
    run: &Run,
    series: &[NavSeries],
    features: &Features,
    settings: &Settings,
) -> Result<Examination, StageError> {
    run.seed(distributions::BOOTSTRAP, settings.seed)?;
    let with_rows = series
        .iter()
        .filter_map(|series| Some((series, features.get(&series.name)?.as_slice())));
    let panel = Panel::of(with_rows, settings.lookback);
    let mut hypotheses = Hypotheses::register(settings.lookback);
    task.step("distributions", |_| {
        distributions::examine(&panel, settings.seed, &mut hypotheses);
        Ok(())
    })?;
    task.step("regimes", |_| {
        regimes::examine(&panel, &mut hypotheses);
        Ok(())
    })?;
    task.step("dimensions", |_| {
        dimensions::examine(&panel, &mut hypotheses);
        Ok(())
    })?;
    task.step("memory", |_| {
        memory::examine(&panel, &mut hypotheses);
        Ok(())
    })?;
    let examination = hypotheses.conclude();
    task.set("hypotheses", examination.tested);
    task.set("rejected", examination.rejected);
    let Examination {
        tested,
        rejected,
        not_applicable,
    } = examination;
    log(
        Severity::Info,
        &format!(
            "tested {tested} hypotheses: {rejected} rejected, before any correction for their number; {not_applicable} not applicable"
        ),
    )
    .emit();
    Ok(examination)
}
