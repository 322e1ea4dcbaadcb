//! `telensic diff`: how two runs differ, and why.

use serde::Serialize;
use telensic_forensics::diff::Diff;

use crate::exit::{Failure, Outcome};
use crate::json;
use crate::readings::{Difference, difference, open, tell_unreadable, verdict};
use crate::runs::DataArgument;
use crate::screen::Screen;

/// Compare two runs: what went in, what happened, how long it took, what came out, and where they part
///
/// Exit code 0: they did the same; 1: they differ. Stages that are slower or faster beyond noise are told, but count
/// with --timing alone.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The first run: an id, the beginning of one, latest, latest~1, or a path
    #[arg(value_name = "A", default_value = "latest~1")]
    first: String,
    /// The second run
    #[arg(value_name = "B", default_value = "latest")]
    second: String,
    #[command(flatten)]
    data: DataArgument,
    /// Let stages that are slower or faster beyond noise make the runs differ
    #[arg(long)]
    timing: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document<'d> {
    is_same: bool,
    has_same_timing: bool,
    #[serde(flatten)]
    diff: &'d Diff,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let first = open(arguments.data.find(&arguments.first)?)?;
    let second = open(arguments.data.find(&arguments.second)?)?;
    let Difference { diff, unreadable } = difference(&first, &second)?;
    for error in unreadable {
        screen.complain(&error)?;
    }
    let diff = diff.counting_timing(arguments.timing);
    let outcome = Outcome::fine_if(diff.is_same());
    if arguments.json {
        let document = Document {
            is_same: diff.is_same(),
            has_same_timing: diff.has_same_timing(),
            diff: &diff,
        };
        json::write_line(screen, &document)?;
    } else {
        verdict(screen, outcome, &diff)?;
    }
    let unread = tell_unreadable(screen, &first.timeline)?.max(tell_unreadable(screen, &second.timeline)?);
    Ok(outcome.max(unread))
}
