//! `telensic ls`: the runs, the newest last.

use std::io::Write;

use serde::Serialize;
use telensic::{Manifest, RunDir, RunError, UnixNanos};

use crate::exit::{Failure, Outcome};
use crate::json;
use crate::runs::{DataArgument, Standing, standing};
use crate::screen::{FAINT, STRONG, Screen};
use crate::units;
use telensic_run::Visible;

/// List the runs, the newest last
///
/// A run whose process died stands as `died` until `telensic recover` has concluded it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    data: DataArgument,
    /// List only runs of this profile
    #[arg(long)]
    profile: Option<String>,
    /// List only the newest N
    #[arg(long, short = 'n', value_name = "N")]
    last: Option<usize>,
    /// Print JSON, a line each
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line<'m> {
    run_id: &'m str,
    status: Standing,
    profile: &'m str,
    started: String,
    duration_ns: Option<u64>,
    is_sealed: bool,
    is_latest: bool,
    error: Option<&'m str>,
    path: String,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let root = arguments.data.root();
    let latest = root.latest_id()?;
    let mut unreadable: Vec<RunError> = Vec::new();
    let mut runs: Vec<(RunDir, Manifest)> = Vec::new();
    for run in root.list()? {
        match run.manifest() {
            Ok(manifest) => runs.push((run, manifest)),
            Err(error) => unreadable.push(error),
        }
    }
    if let Some(profile) = &arguments.profile {
        runs.retain(|(_, manifest)| manifest.profile == *profile);
    }
    let skipped = arguments.last.map_or(0, |last| runs.len().saturating_sub(last));
    for (run, manifest) in &runs[skipped..] {
        let line = Line {
            run_id: manifest.run_id.as_str(),
            status: standing(manifest),
            profile: &manifest.profile,
            started: manifest.started().to_string(),
            duration_ns: manifest
                .ended()
                .map(|ended| ended.0.saturating_sub(manifest.started_unix_nano)),
            is_sealed: run.seal().exists(),
            is_latest: latest == Some(run.id()),
            error: manifest.error.as_deref(),
            path: run.path().display().to_string(),
        };
        if arguments.json {
            json::write_line(screen, &line)?;
        } else {
            show(screen, &line, manifest.started())?;
        }
    }
    if runs.is_empty() && unreadable.is_empty() && !arguments.json {
        let place = root.runs().display().to_string();
        screen.complain(&format!(
            "there are no runs under {place}: `telensic run -- CMD` records one"
        ))?;
    }
    for error in &unreadable {
        screen.complain(error)?;
    }
    Ok(if unreadable.is_empty() {
        Outcome::Fine
    } else {
        Outcome::NotDone
    })
}

fn show(screen: &mut Screen, line: &Line<'_>, started: UnixNanos) -> Result<(), Failure> {
    let id = screen.paint(STRONG, line.run_id);
    let status = screen.paint(line.status.style(), format!("{:<11}", line.status.text()));
    let when = screen.paint(FAINT, started.to_string());
    let duration = line.duration_ns.map(units::duration).unwrap_or_default();
    write!(
        screen,
        "{id}  {status}  {when}  {duration:>14}  {}",
        Visible(line.profile)
    )?;
    if line.is_latest {
        write!(screen, "  {}", screen.paint(FAINT, "latest"))?;
    }
    if line.status == Standing::Died {
        write!(screen, "  `telensic recover {}` concludes it", line.run_id)?;
    } else if let Some(error) = line.error {
        write!(screen, "  {}", Visible(error))?;
    }
    writeln!(screen)?;
    Ok(())
}
