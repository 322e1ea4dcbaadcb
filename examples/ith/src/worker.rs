//! A sleeve in a process of its own.
//!
//! All that it takes to belong to the run is its environment: [`Run::start`] finds the run's directory there, writes a tape
//! of its own into it, and continues the trace of whoever started it.

use std::error::Error;
use std::io::Write;
use std::process::Command;
use std::time::Duration;

use telensic::{Run, Status, spans};

use crate::arguments::Arguments;
use crate::graph::{PROFILE, recorder};
use crate::market_data::MarketData;
use crate::sleeve;
use crate::source::Source;

/// The command that runs this sleeve.
pub fn command(arguments: &Arguments, market_data: Option<&str>, name: &str) -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(arguments.subcommand);
    command.args(["--sleeve", name]);
    command.args(["--seed", &arguments.seed.to_string()]);
    command.args(["--bars", &arguments.bars.to_string()]);
    command.args(["--lookback", &arguments.lookback.to_string()]);
    command.args(["--holdout", &arguments.holdout.to_string()]);
    command.args(["--pace", &arguments.pace.to_string()]);
    if let Some(method) = arguments.hurdle {
        command.args(["--hurdle", method.name()]);
    }
    if arguments.lookahead {
        command.arg("--lookahead");
    }
    if let Some(file) = &arguments.nav {
        command.arg("--nav").arg(file);
    }
    if let Some(url) = market_data {
        command.args(["--market-data", url]);
    }
    // Its log files belong where the pipeline's do.
    if let Some(data) = &arguments.data {
        command.env("TELENSIC_DIR", data);
    }
    Ok(command)
}

/// Runs the sleeve of this name, and writes its result to stdout.
pub fn work(arguments: &Arguments, name: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
    let run = Run::builder(PROFILE).recorder(recorder("ith-worker")).start()?;
    let mut span = spans::run_pipeline(PROFILE, "127.0.0.1")
        .with("sleeve", name)
        .entered();
    let source = match (&arguments.nav, &arguments.market_data) {
        (Some(file), _) => Source::File(file.clone()),
        (None, Some(url)) => Source::MarketData(MarketData::at(url)?),
        (None, None) => return Err("a worker needs --nav or --market-data: let the pipeline start it".into()),
    };
    let result = source.series(name).and_then(|series| {
        sleeve::run(
            &series,
            &arguments.settings(),
            Duration::from_millis(arguments.pace),
        )
    });
    match &result {
        Ok(result) => {
            span.set_status(Status::Ok);
            serde_json::to_writer(std::io::stdout(), result)?;
            std::io::stdout().flush()?;
        }
        Err(error) => span.record_error(error.error()),
    }
    drop(span);
    run.finish()?;
    result.map(drop).map_err(|error| error.to_string().into())
}
