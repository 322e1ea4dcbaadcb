//! `telensic recover`: concludes runs whose process died.

use std::io::Write;

use telensic::{Manifest, RunDir};

use crate::exit::{Failure, Outcome};
use crate::json;
use crate::recovery::{Need, Recovered, need, recover};
use crate::runs::DataArgument;
use crate::screen::{STRONG, Screen};
use crate::units::duration;
use telensic_run::Visible;

/// Conclude and seal runs whose process died; what they had recorded is kept, spans that were open are named
///
/// A run that goes on is refused. Exit code 2: a run could not be recovered.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Runs: an id, the beginning of one, latest, latest~1, or a path
    #[arg(value_name = "RUN", required_unless_present = "all", conflicts_with = "all")]
    runs: Vec<String>,
    /// Recover every run that needs it
    #[arg(long)]
    all: bool,
    /// Take a run for dead whose process is on another host or seems to go on
    #[arg(long, conflicts_with = "all")]
    force: bool,
    #[command(flatten)]
    data: DataArgument,
    /// Print JSON, a line a run
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Fine;
    let found: Vec<Result<RunDir, Failure>> = if arguments.all {
        arguments.data.root().list()?.into_iter().map(Ok).collect()
    } else {
        arguments
            .runs
            .iter()
            .map(|run| arguments.data.find(run))
            .collect()
    };
    for run in found {
        match run.and_then(|run| one(&run, arguments)) {
            Ok(Some(recovered)) => print(screen, arguments, &recovered)?,
            Ok(None) => {}
            Err(Failure::Told(message)) => {
                screen.complain(&message)?;
                outcome = Outcome::NotDone;
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(outcome)
}

/// What became of a run; with --all, those that need nothing, or patience, are passed over.
fn one(run: &RunDir, arguments: &Arguments) -> Result<Option<Recovered>, Failure> {
    let manifest: Manifest = run.manifest()?;
    let need = need(run, &manifest)?;
    match &need {
        Need::Nothing | Need::Patience(_) if arguments.all => return Ok(None),
        Need::Patience(why) if !arguments.force => {
            return Err(Failure::Told(format!(
                "run {} is not recovered: {why}; wait for its end, or insist with --force if that process is dead",
                run.id()
            )));
        }
        _ => {}
    }
    recover(run, manifest, &need).map(Some)
}

fn print(screen: &mut Screen, arguments: &Arguments, recovered: &Recovered) -> Result<(), Failure> {
    if arguments.json {
        json::write_line(screen, recovered)?;
    } else {
        write!(
            screen,
            "{}  {}",
            screen.paint(STRONG, recovered.run_id),
            recovered.done
        )?;
        if let Some(took) = recovered.duration_ns {
            write!(screen, "; it took {}", duration(took))?;
        }
        if let Some(error) = &recovered.error {
            write!(screen, "; {}", Visible(error))?;
        }
        writeln!(screen)?;
    }
    for trouble in &recovered.troubles {
        screen.complain(trouble)?;
    }
    Ok(())
}
