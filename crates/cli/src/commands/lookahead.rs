//! `telensic lookahead`: decisions that rest on something that was known only later.

use serde::Serialize;
use telensic_forensics::lookahead::{Lookahead, Parting};

use crate::exit::{Failure, Outcome};
use crate::json;
use crate::readings::{open, tell_unreadable, verdict};
use crate::runs::RunArgument;
use crate::screen::Screen;

/// Find decisions that consumed something known only later, and where a backtest parts from a live run
///
/// Exit code 1 means that a decision was flagged, or that the two runs part.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    run: RunArgument,
    /// The live run that this backtest is held against
    #[arg(long, value_name = "RUN")]
    against: Option<String>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document<'d> {
    is_clean: bool,
    lookahead: &'d Lookahead,
    #[serde(skip_serializing_if = "Option::is_none")]
    parting: Option<&'d Parting>,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let view = open(arguments.run.find()?)?;
    let live = match &arguments.against {
        Some(live) => Some(open(arguments.run.data.find(live)?)?),
        None => None,
    };
    let lookahead = Lookahead::of(&view);
    let parting = live.as_ref().map(|live| Parting::of(live, &view));
    let flagged = Outcome::fine_if(lookahead.is_clean());
    let parted = Outcome::fine_if(parting.as_ref().is_none_or(Parting::is_same));
    if arguments.json {
        let document = Document {
            is_clean: flagged.max(parted) == Outcome::Fine,
            lookahead: &lookahead,
            parting: parting.as_ref(),
        };
        json::write_line(screen, &document)?;
    } else {
        verdict(screen, flagged, &lookahead)?;
        if let Some(parting) = &parting {
            verdict(screen, parted, parting)?;
        }
    }
    let mut unread = tell_unreadable(screen, &view.timeline)?;
    if let Some(live) = &live {
        unread = unread.max(tell_unreadable(screen, &live.timeline)?);
    }
    Ok(flagged.max(parted).max(unread))
}
