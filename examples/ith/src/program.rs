//! The whole program, whatever it is called by: `ith` itself, or another one that has it as a subcommand.
//!
//! As the pipeline it prints the result, and in the last line where the record lies; as a worker the result of its sleeve.

use std::error::Error;
use std::io::Write;

use serde_json::Value;
use telensic::events::{AlgorithmResult, Fields};
use telensic::{DataRoot, Run, attach, record};

use crate::arguments::Arguments;
use crate::graph::{self, PROFILE, recorder};
use crate::market_data::{self, MarketData, Service};
use crate::source::Source;
use crate::{synthetic, table, worker};

/// Why it ended early, in a line.
pub type Failure = Box<dyn Error + Send + Sync>;

/// Runs the pipeline, or the sleeve that the pipeline has started this process for.
pub fn run(arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.sleeve {
        Some(name) => worker::work(arguments, name),
        None => drive(arguments),
    }
}

fn drive(arguments: &Arguments) -> Result<(), Failure> {
    let mut run = Run::builder(PROFILE).kind("backtest").recorder(recorder("ith"));
    if let Some(data) = &arguments.data {
        run = run.root(DataRoot::new(data));
    }
    let run = run.start()?;
    let (settings, path) = (arguments.settings(), run.dir().path().to_owned());
    run.config(Value::Object(settings.as_json()))?;

    let service = serve_unless_there_is_a_file(arguments)?;
    let url = service.as_ref().map(Service::url);
    let source = match (&arguments.nav, &url) {
        (Some(file), _) => Source::File(file.clone()),
        (None, url) => Source::MarketData(MarketData::at(url.as_deref().unwrap_or_default())?),
    };

    let finished = graph::execute(&run, arguments, &source, url.as_deref())?;
    let mut out = std::io::stdout();
    let ends = (
        finished.examination.get(),
        finished.selection.get(),
        finished.report.get(),
    );
    if let (Some(examination), Some(selection), Some(report)) = ends {
        let _root = attach(run.context());
        let metrics = Fields::from([
            ("decisions", selection.sleeves.len() as f64),
            ("hypotheses", examination.tested as f64),
            ("profit", report.total()),
        ]);
        record(&AlgorithmResult::new(metrics).output_hash(selection.output_hash.as_str()));
        table::write(&mut out, selection, report)?;
    }
    // All that records has ended when the run does.
    drop(source);
    drop(service);
    finished.outcome.conclude(run)?;
    writeln!(out, "{}", path.display())?;
    Ok(finished.outcome.check()?)
}

/// Synthetic values come from a market data service of our own.
fn serve_unless_there_is_a_file(arguments: &Arguments) -> std::io::Result<Option<Service>> {
    if arguments.nav.is_some() {
        return Ok(None);
    }
    let series = (0..arguments.sleeves)
        .map(|number| synthetic::series(arguments.seed, number, arguments.bars))
        .collect();
    market_data::serve(series, arguments.faults.clone()).map(Some)
}
