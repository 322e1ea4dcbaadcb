//! `telensic doctor`: what this machine and environment give, and what to mend.

use std::io::{self, Write};
use std::path::PathBuf;

use serde::Serialize;

use crate::doctor::{Finding, Level, Surroundings, examine};
use crate::exit::{Failure, Outcome};
use crate::json;
use crate::screen::{BAD, FAINT, GOOD, Screen, WARNING};
use telensic_run::Visible;

/// Look at what this machine and its environment variables give a program that records
///
/// Writes to the directories to see whether that works, and leaves nothing behind. Values of variables are shown
/// with their secrets masked. A failure means exit code 1; a warning does not.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The data directory, instead of TELENSIC_DIR or ./data
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Report<'a> {
    outcome: Level,
    findings: &'a [Finding],
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let findings = examine(&Surroundings::of_process(arguments.dir.as_deref()));
    let worst = findings
        .iter()
        .map(|finding| finding.level)
        .max()
        .unwrap_or(Level::Ok);
    if arguments.json {
        let report = Report {
            outcome: worst,
            findings: &findings,
        };
        json::write_line(screen, &report)?;
    } else {
        findings.iter().try_for_each(|finding| print(screen, finding))?;
    }
    Ok(if worst == Level::Fail {
        Outcome::FoundWrong
    } else {
        Outcome::Fine
    })
}

fn print(screen: &mut Screen, finding: &Finding) -> io::Result<()> {
    let (level, style) = match finding.level {
        Level::Ok => ("ok  ", GOOD),
        Level::Warn => ("warn", WARNING),
        Level::Fail => ("fail", BAD),
    };
    let level = screen.paint(style, level);
    let topic = screen.paint(FAINT, format!("{:<11}", finding.topic));
    write!(screen, "{level}  {topic}  {}", Visible(&finding.finding))?;
    if let Some(mend) = &finding.mend {
        write!(screen, " \u{2014} {}", Visible(mend))?;
    }
    writeln!(screen)
}
