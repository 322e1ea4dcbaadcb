//! The pipeline: which stage needs what.

use telensic::pipeline::{Handle, Outcome, Pipeline, PipelineError};
use telensic::{Builder, Run};

use crate::arguments::Arguments;
use crate::source::Source;
use crate::stages::{self, Examination, Report, Selection};

/// The pipeline's profile.
pub const PROFILE: &str = "ith";

/// How this program records.
pub fn recorder(service: &str) -> Builder {
    Builder::new(service).version(env!("CARGO_PKG_VERSION"))
}

/// What came of the pipeline.
#[derive(Debug)]
pub struct Finished {
    /// How each stage ended.
    pub outcome: Outcome,
    /// Which hypotheses stand.
    pub examination: Handle<Examination>,
    /// The positions.
    pub selection: Handle<Selection>,
    /// What they earned.
    pub report: Handle<Report>,
}

/// Runs it.
pub fn execute(
    run: &Run,
    arguments: &Arguments,
    source: &Source,
    market_data: Option<&str>,
) -> Result<Finished, PipelineError> {
    let settings = &arguments.settings();
    let mut pipeline = Pipeline::new();

    let load = pipeline
        .stage("load")
        .runs(|task| stages::load(task, run, source, settings));
    let valid = pipeline
        .stage("validate")
        .needs(&load)
        .runs(|task, series| stages::validate(task, series, settings));
    let sleeves = pipeline
        .stage("sleeves")
        .needs(&valid)
        .runs(|task, series| stages::sleeves(task, series, arguments, market_data));
    let features = pipeline
        .stage("features")
        .needs(&valid)
        .runs(|task, series| stages::features(task, series, settings));
    let examination = pipeline
        .stage("examination")
        .needs((&valid, &features))
        .runs(|task, (series, features)| stages::examination(task, run, series, features, settings));
    let selection = pipeline
        .stage("selection")
        .needs((&sleeves, &examination))
        .runs(|task, (sleeves, examination)| stages::selection(task, run, sleeves, examination));
    let report = pipeline
        .stage("risk.report_meta")
        .needs((&valid, &selection))
        .runs(|task, (series, selection)| stages::report(task, series, selection));

    Ok(Finished {
        outcome: pipeline.run(run)?,
        examination,
        selection,
        report,
    })
}
