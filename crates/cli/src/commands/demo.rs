//! `telensic demo`: what Telensic is for, shown on runs that are recorded while one watches.

use std::path::PathBuf;

use crate::demo::{Place, Teller, tell};
use crate::exit::{Failure, Outcome};
use crate::json;
use crate::screen::Screen;

/// Show what Telensic is for: record a pipeline, change its input, kill it, and answer what comes up
///
/// It takes some ten seconds and nothing but this program. The pipeline runs three times: undisturbed, with a cell of
/// its input file changed, and killed in the middle. Exit code 1: something did not come out as it should.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Where its runs and its input file are kept, instead of telensic-demo in the working directory
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print one JSON document, at the end
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let place = Place::of(arguments.data.as_deref())?;
    let told = (!arguments.json).then_some(&mut *screen);
    let story = tell(&place, &mut Teller::new(told, &place))?;
    if arguments.json {
        json::write_line(screen, &story)?;
    }
    for unexpected in &story.unexpected {
        screen.complain(&format!(
            "{unexpected}: this is a fault of Telensic, please report it"
        ))?;
    }
    Ok(Outcome::fine_if(story.is_as_expected))
}
