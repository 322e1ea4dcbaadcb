//! The command line: its flags, help, man page and completions all come from these types.

use clap::{Parser, Subcommand};

use crate::commands::{completions, doctor, events, logs, ls, man, run, tape, trace};
use crate::exit::{self, Failure, Outcome};
use crate::screen::{Colour, Screen};

/// The flight recorder for quantitative pipelines.
#[derive(Debug, Parser)]
#[command(name = "telensic", version, after_help = exit::HELP, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: Colour,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Arguments),
    Ls(ls::Arguments),
    Trace(trace::Arguments),
    Logs(logs::Arguments),
    Events(events::Arguments),
    Tape(tape::Arguments),
    Doctor(doctor::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

impl Cli {
    /// Does what was asked for.
    pub(crate) fn run(&self) -> Result<Outcome, Failure> {
        let mut screen = Screen::new(self.color);
        let outcome = match &self.command {
            Command::Run(arguments) => run::run(arguments, &mut screen),
            Command::Ls(arguments) => ls::run(arguments, &mut screen),
            Command::Trace(arguments) => trace::run(arguments, &mut screen),
            Command::Logs(arguments) => logs::run(arguments, &mut screen),
            Command::Events(arguments) => events::run(arguments, &mut screen),
            Command::Tape(arguments) => tape::run(arguments, &mut screen),
            Command::Doctor(arguments) => doctor::run(arguments, &mut screen),
            Command::Completions(arguments) => completions::run(arguments, &mut screen),
            Command::Man(arguments) => man::run(arguments),
        }?;
        std::io::Write::flush(&mut screen)?;
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Cli;

    #[test]
    fn the_command_line_does_not_contradict_itself() {
        Cli::command().debug_assert();
    }
}
