//! `telensic show`: a run at a glance.

use crate::exit::{Failure, Outcome};
use crate::glance::{Glance, print};
use crate::json;
use crate::runs::RunArgument;
use crate::screen::Screen;

/// Show a run at a glance: how it stands, what it rests on, its stages, first error, open spans, seal and files
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    run: RunArgument,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let glance = Glance::at(&arguments.run.find()?)?;
    if arguments.json {
        json::write_line(screen, &glance)?;
    } else {
        print(screen, &glance)?;
    }
    for error in &glance.unreadable {
        screen.complain(error)?;
    }
    Ok(Outcome::fine_if(glance.unreadable.is_empty()))
}
