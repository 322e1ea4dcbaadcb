//! `telensic report`: the health of a run, computed anew from its record.

use std::io::Write;

use crate::exit::{Failure, Outcome};
use crate::json;
use crate::output_file::OutputFile;
use crate::readings::{Report, tell_unreadable};
use crate::runs::RunArgument;
use crate::screen::{BAD, FAINT, STRONG, Screen};
use telensic_run::Visible;

/// Show the health report of a run: stages, critical path, parallelism, errors, gaps, anomalies
///
/// It is computed anew from the record; the reports within a sealed run are never touched.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    run: RunArgument,
    /// Write the report as one HTML page to this file instead; - is the standard output
    #[arg(long, value_name = "FILE")]
    html: Option<OutputFile>,
    /// Write the report as Markdown to this file instead; - is the standard output
    #[arg(long, value_name = "FILE")]
    md: Option<OutputFile>,
    /// Print one JSON document
    #[arg(long, conflicts_with_all = ["html", "md"])]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    for file in [&arguments.html, &arguments.md].into_iter().flatten() {
        file.check()?;
    }
    let report = Report::of(arguments.run.find()?)?;
    if let Some(file) = &arguments.html {
        file.write(screen, |mut out| report.write_html(&mut out))?;
    }
    if let Some(file) = &arguments.md {
        file.write(screen, |out| out.write_all(report.markdown().as_bytes()))?;
    }
    if arguments.json {
        json::write_line(screen, &report.health)?;
    } else if arguments.html.is_none() && arguments.md.is_none() {
        show(screen, &report.markdown())?;
    }
    for error in &report.unreadable {
        screen.complain(error)?;
    }
    tell_unreadable(screen, &report.view.timeline)
}

/// Markdown reads well as it is; titles and words in capitals are to catch the eye.
fn show(screen: &mut Screen, markdown: &str) -> Result<(), Failure> {
    const LOUD: [&str; 5] = ["| ERROR", "| OPEN", "| FAILED", "| CRASHED", "| INTERRUPTED"];
    for line in markdown.lines() {
        let is_rule = line.starts_with('|') && line.chars().all(|char| matches!(char, '|' | '-' | ':' | ' '));
        let visible = Visible(line);
        if line.starts_with('#') {
            writeln!(screen, "{}", screen.paint(STRONG, visible))?;
        } else if is_rule {
            writeln!(screen, "{}", screen.paint(FAINT, visible))?;
        } else if LOUD.iter().any(|word| line.contains(word)) {
            writeln!(screen, "{}", screen.paint(BAD, visible))?;
        } else {
            writeln!(screen, "{visible}")?;
        }
    }
    Ok(())
}
