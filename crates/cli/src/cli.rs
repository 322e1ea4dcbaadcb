//! The command line: its flags, help, man page and completions all come from these types.

use clap::{CommandFactory, Parser, Subcommand};

use crate::commands::{
    completions, demo, diff, doctor, events, export, fleet, hypotheses, import, ith, lineage, logs,
    lookahead, ls, man, merge, pack, recover, replay, report, run, schema, show, tape, trace, verify,
};
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
    Show(show::Arguments),
    Report(report::Arguments),
    Trace(trace::Arguments),
    Logs(logs::Arguments),
    Events(events::Arguments),
    Verify(verify::Arguments),
    Diff(diff::Arguments),
    Replay(replay::Arguments),
    Lookahead(lookahead::Arguments),
    Hypotheses(hypotheses::Arguments),
    Fleet(fleet::Arguments),
    Lineage(lineage::Arguments),
    Merge(merge::Arguments),
    Recover(recover::Arguments),
    Pack(pack::Arguments),
    Export(export::Arguments),
    Import(import::Arguments),
    Schema(schema::Arguments),
    Tape(tape::Arguments),
    Doctor(doctor::Arguments),
    Demo(demo::Arguments),
    #[command(hide = true)]
    Ith(::ith::arguments::Arguments),
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
            Command::Show(arguments) => show::run(arguments, &mut screen),
            Command::Report(arguments) => report::run(arguments, &mut screen),
            Command::Trace(arguments) => trace::run(arguments, &mut screen),
            Command::Logs(arguments) => logs::run(arguments, &mut screen),
            Command::Events(arguments) => events::run(arguments, &mut screen),
            Command::Verify(arguments) => verify::run(arguments, &mut screen),
            Command::Diff(arguments) => diff::run(arguments, &mut screen),
            Command::Replay(arguments) => replay::run(arguments, &mut screen),
            Command::Lookahead(arguments) => lookahead::run(arguments, &mut screen),
            Command::Hypotheses(arguments) => hypotheses::run(arguments, &mut screen),
            Command::Fleet(arguments) => fleet::run(arguments, &mut screen),
            Command::Lineage(arguments) => lineage::run(arguments, &mut screen),
            Command::Merge(arguments) => merge::run(arguments, &mut screen),
            Command::Recover(arguments) => recover::run(arguments, &mut screen),
            Command::Pack(arguments) => pack::run(arguments, &mut screen),
            Command::Export(arguments) => export::run(arguments, &mut screen),
            Command::Import(arguments) => import::run(arguments, &mut screen),
            Command::Schema(arguments) => schema::run(arguments, &mut screen),
            Command::Tape(arguments) => tape::run(arguments, &mut screen),
            Command::Doctor(arguments) => doctor::run(arguments, &mut screen),
            Command::Demo(arguments) => demo::run(arguments, &mut screen),
            Command::Ith(arguments) => ith::run(arguments, &mut screen),
            Command::Completions(arguments) => completions::run(arguments, Self::command(), &mut screen),
            Command::Man(arguments) => man::run(arguments, Self::command()),
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
