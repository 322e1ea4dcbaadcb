//! `telensic diff`: how two runs differ, and why.

use serde::Serialize;
use telensic_forensics::diff::{Diff, StageHistory};
use telensic_forensics::health::StageStatus;
use telensic_forensics::{RunSummary, RunView};
use telensic_run::names::span;

use crate::exit::{Failure, Outcome};
use crate::json;
use crate::progress::Progress;
use crate::readings::{HISTORY, home, open, tell_unreadable, verdict};
use crate::runs::DataArgument;
use crate::screen::Screen;

/// Compare two runs: what went in, what happened, how long it took, what came out, and where they part
///
/// Exit code 0: the same but for noise in durations; 1: they differ.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The first run: an id, the beginning of one, latest, latest~1, or a path
    #[arg(value_name = "A", default_value = "latest~1")]
    first: String,
    /// The second run
    #[arg(value_name = "B", default_value = "latest")]
    second: String,
    #[command(flatten)]
    data: DataArgument,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Document<'d> {
    is_same: bool,
    #[serde(flatten)]
    diff: &'d Diff,
}

pub(crate) fn run(arguments: &Arguments, screen: &mut Screen) -> Result<Outcome, Failure> {
    let first = open(arguments.data.find(&arguments.first)?)?;
    let second = open(arguments.data.find(&arguments.second)?)?;
    let history = history(&second, screen)?;
    let diff = {
        let _progress = Progress::of(format!("comparing {} and {}", first.id(), second.id()));
        Diff::with_history(&first, &second, &history)
    };
    let outcome = Outcome::fine_if(diff.is_same());
    if arguments.json {
        let document = Document {
            is_same: diff.is_same(),
            diff: &diff,
        };
        json::write_line(screen, &document)?;
    } else {
        verdict(screen, outcome, &diff)?;
    }
    let unread = tell_unreadable(screen, &first.timeline)?.max(tell_unreadable(screen, &second.timeline)?);
    Ok(outcome.max(unread))
}

/// How long the stages of earlier runs took.
fn history(run: &RunView, screen: &mut Screen) -> Result<StageHistory, Failure> {
    let mut history = StageHistory::default();
    let Some(root) = home(&run.dir) else {
        return Ok(history);
    };
    let (earlier, unreadable) = RunSummary::earlier(&root, &run.manifest, HISTORY)?;
    let stages = earlier.iter().flat_map(|run| &run.stages);
    // One that failed took as long as it took to fail.
    for stage in stages.filter(|stage| stage.status == StageStatus::Ok) {
        // A summary names a stage by its id, a diff by its span; in a run without stages the two are one.
        history.add_duration(span::stage(&stage.id), stage.duration_ns);
        history.add_duration(&stage.id, stage.duration_ns);
    }
    for error in unreadable {
        screen.complain(&error)?;
    }
    Ok(history)
}
