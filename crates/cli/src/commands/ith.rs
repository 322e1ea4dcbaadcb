//! `telensic ith`: the example pipeline, as the demonstration and the tutorial run it.

use ith::arguments::Arguments;
use ith::program;

use crate::exit::{Failure, Outcome};
use crate::screen::Screen;

/// What the pipeline is called here; a worker of it is started by the same name.
pub(crate) const SUBCOMMAND: &str = "ith";

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let arguments = Arguments {
        subcommand: Some(SUBCOMMAND),
        ..arguments.clone()
    };
    match program::run(&arguments) {
        Ok(()) => Ok(Outcome::Fine),
        Err(error) => {
            screen.complain(&error)?;
            Ok(Outcome::FoundWrong)
        }
    }
}
