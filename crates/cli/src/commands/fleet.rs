//! `telensic fleet`: the last runs of a profile next to one another.

use telensic::{RunDir, RunStatus};
use telensic_forensics::{Fleet, Health, RunSummary};

use crate::exit::{Failure, Outcome};
use crate::fleet::print;
use crate::json;
use crate::readings::open;
use crate::runs::DataArgument;
use crate::screen::Screen;

/// Show the last runs of a profile next to one another: durations, trends, critical path, outliers
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The profile; by default that of the latest run
    #[arg(long)]
    profile: Option<String>,
    /// How many of the latest runs
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    last: u64,
    #[command(flatten)]
    data: DataArgument,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let root = arguments.data.root();
    let profile = match &arguments.profile {
        Some(profile) => profile.clone(),
        None => arguments.data.find("latest")?.manifest()?.profile,
    };
    let mut outcome = Outcome::Fine;
    let mut summaries = Vec::new();
    for run in root.list()?.into_iter().rev() {
        if summaries.len() as u64 == arguments.last {
            break;
        }
        match summary(run, &profile) {
            Ok(summary) => summaries.extend(summary),
            Err(Failure::Told(message)) => {
                screen.complain(&message)?;
                outcome = Outcome::NotDone;
            }
            Err(failure) => return Err(failure),
        }
    }
    if summaries.is_empty() {
        return Err(Failure::Told(format!(
            "there are no runs of the profile {profile} under {}: `telensic ls` lists the runs",
            root.runs().display()
        )));
    }
    let fleet = Fleet::of(&summaries);
    if arguments.json {
        json::write_line(screen, &fleet)?;
    } else {
        print(screen, &fleet)?;
    }
    Ok(outcome)
}

/// The run in short, if it is of this profile; of one that has no health report, or goes on, from its record.
fn summary(run: RunDir, profile: &str) -> Result<Option<RunSummary>, Failure> {
    let manifest = run.manifest()?;
    if manifest.profile != profile {
        return Ok(None);
    }
    if manifest.status != RunStatus::Running
        && let Some(summary) = RunSummary::read(&run)?
    {
        return Ok(Some(summary));
    }
    let view = open(run)?;
    Ok(Some(Health::of(&view.timeline, &view.manifest, &[]).summary()))
}
