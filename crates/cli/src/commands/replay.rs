//! `telensic replay`: epochs, decisions and tests, rebuilt from the record alone.

use telensic_forensics::replay::{CheckStatus, Replay};

use crate::exit::{Failure, Outcome};
use crate::json;
use crate::readings::{open, tell_unreadable, verdict};
use crate::runs::RunArgument;
use crate::screen::Screen;

/// Rebuild epochs, decisions and hypothesis tests from the record, and check them against the recorded results
///
/// Nothing is executed. Exit code 1 means that a check failed.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    run: RunArgument,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let view = open(arguments.run.find()?)?;
    let replay = Replay::of(&view);
    let has_failed = replay
        .checks
        .iter()
        .any(|check| check.status == CheckStatus::Failed);
    let outcome = Outcome::fine_if(!has_failed);
    if arguments.json {
        json::write_line(screen, &replay)?;
    } else {
        verdict(screen, outcome, &replay)?;
    }
    Ok(outcome.max(tell_unreadable(screen, &view.timeline)?))
}
