//! The command line: a race for people, and one heat of it, which the race asks of itself.

use std::path::PathBuf;

use crate::Outcome;
use crate::contenders::{self, Contender};
use crate::scenario::Scenario;

pub(crate) const USAGE: &str = "\
usage: race [--rounds N] [--only PATTERN] [--json] [--markdown FILE]

  --rounds N       rounds to run; the table shows their median (default 9)
  --only PATTERN   only the cells whose `scenario/contender` contains PATTERN
  --json           print the cells as JSON in place of the table
  --markdown FILE  also write the table to FILE, with machine and versions

Records are written below the temporary directory; set TMPDIR to choose another.
";

/// How to run the race.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) rounds: usize,
    pub(crate) only: Option<String>,
    pub(crate) json: bool,
    pub(crate) markdown: Option<PathBuf>,
}

/// What this process was asked to do.
pub(crate) enum Command {
    Help,
    Race(Options),
    /// The child's side of the race: `race --heat SCENARIO CONTENDER DIRECTORY`.
    Heat {
        scenario: Scenario,
        contender: &'static Contender,
        directory: PathBuf,
    },
}

impl Command {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut options = Options {
            rounds: 9,
            only: None,
            json: false,
            markdown: None,
        };
        while let Some(argument) = arguments.next() {
            let mut value = || {
                arguments
                    .next()
                    .ok_or_else(|| format!("{argument} needs a value\n{USAGE}"))
            };
            match argument.as_str() {
                "--help" | "-h" => return Ok(Self::Help),
                "--json" => options.json = true,
                "--only" => options.only = Some(value()?),
                "--markdown" => options.markdown = Some(value()?.into()),
                "--rounds" => {
                    options.rounds = value()?
                        .parse()
                        .ok()
                        .filter(|rounds| *rounds > 0)
                        .ok_or("--rounds needs a number above 0")?;
                }
                "--heat" => {
                    let scenario = Scenario::named(&value()?)?;
                    let contender = contenders::named(&value()?)?;
                    return Ok(Self::Heat {
                        scenario,
                        contender,
                        directory: value()?.into(),
                    });
                }
                other => return Err(format!("unknown argument `{other}`\n{USAGE}").into()),
            }
        }
        Ok(Self::Race(options))
    }
}
