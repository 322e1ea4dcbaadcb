//! The command line: the measurement for people, and what it asks of processes of its own.

use std::path::PathBuf;

use telensic_benches::Outcome;

use crate::cases::{self, Case};
use crate::receiving::Form;
use crate::site::Site;

pub(crate) const USAGE: &str = "\
usage: runs [--spans N] [--rounds N] [--only PATTERN] [--markdown FILE]

  --spans N        about so many spans in the run that is measured (default 1000000), a tenth in each of the
                   two that are compared; 42041 at least
  --rounds N       rounds to run; the table shows their median (default 5)
  --only PATTERN   only the cases whose name contains PATTERN
  --markdown FILE  also write the table to FILE, with the machine

Runs and files are written below the temporary directory, some 2 GB; set TMPDIR to choose another.
";

/// What is measured, and how often.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) spans: u64,
    pub(crate) rounds: usize,
    pub(crate) only: Option<String>,
    pub(crate) markdown: Option<PathBuf>,
}

/// What this process was asked to do.
pub(crate) enum Command {
    Help,
    Runs(Options),
    /// One case, once: `runs --measure CASE DIRECTORY`.
    Measure {
        case: &'static Case,
        site: Site,
    },
    /// The client of a receiver: `runs --send ADDRESS FORM`.
    Send {
        address: String,
        form: Form,
    },
}

impl Command {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut options = Options {
            spans: 1_000_000,
            rounds: 5,
            only: None,
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
                "--only" => options.only = Some(value()?),
                "--markdown" => options.markdown = Some(value()?.into()),
                "--spans" => options.spans = above_zero(&argument, &value()?)?,
                "--rounds" => options.rounds = usize::try_from(above_zero(&argument, &value()?)?)?,
                "--measure" => {
                    return Ok(Self::Measure {
                        case: cases::named(&value()?)?,
                        site: Site::at(value()?),
                    });
                }
                "--send" => {
                    return Ok(Self::Send {
                        address: value()?,
                        form: Form::named(&value()?)?,
                    });
                }
                other => return Err(format!("unknown argument `{other}`\n{USAGE}").into()),
            }
        }
        Ok(Self::Runs(options))
    }
}

fn above_zero(option: &str, value: &str) -> Outcome<u64> {
    let number = value.parse().ok().filter(|number| *number > 0);
    Ok(number.ok_or_else(|| format!("{option} needs a number above 0, not `{value}`"))?)
}
