//! `telensic lineage`: from a fill or a figure back to the decision, its features, model, data and code.

use telensic_forensics::lineage::Lineage;

use crate::exit::{Failure, Outcome};
use crate::json;
use crate::readings::{open, tell_unreadable, verdict};
use crate::runs::DataArgument;
use crate::screen::Screen;

/// Show what a fill, a P&L figure or a decision rests on: decision, features, thresholds, model, data, code
///
/// Exit code 1 means that a link of the way is not recorded.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The run: an id, the beginning of one, latest, latest~1, or a path
    #[arg(value_name = "RUN")]
    run: String,
    /// The fill, figure or decision, by its id
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    data: DataArgument,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let view = open(arguments.data.find(&arguments.run)?)?;
    let unread = tell_unreadable(screen, &view.timeline)?;
    let lineage = Lineage::of(&view, &arguments.id)?;
    let outcome = Outcome::fine_if(lineage.is_complete());
    if arguments.json {
        json::write_line(screen, &lineage)?;
    } else {
        verdict(screen, outcome, &lineage)?;
    }
    Ok(outcome.max(unread))
}
