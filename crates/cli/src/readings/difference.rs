//! How two runs differ, noise being what earlier runs of the profile show.

use telensic::RunError;
use telensic_forensics::diff::{Diff, StageHistory};
use telensic_forensics::health::StageStatus;
use telensic_forensics::{RunSummary, RunView};
use telensic_run::names::span;

use super::{HISTORY, home};
use crate::exit::Failure;
use crate::progress::Progress;

/// Two runs, compared.
pub(crate) struct Difference {
    pub(crate) diff: Diff,
    /// Earlier runs of which it is not known how long their stages took.
    pub(crate) unreadable: Vec<RunError>,
}

/// Compares two runs.
pub(crate) fn difference(first: &RunView, second: &RunView) -> Result<Difference, Failure> {
    let _progress = Progress::of(format!("comparing {} and {}", first.id(), second.id()));
    let (history, unreadable) = history(first, second)?;
    Ok(Difference {
        diff: Diff::with_history(first, second, &history),
        unreadable,
    })
}

/// How long the stages of earlier runs of the second one's profile took.
fn history(first: &RunView, second: &RunView) -> Result<(StageHistory, Vec<RunError>), Failure> {
    let mut history = StageHistory::default();
    let Some(root) = home(&second.dir) else {
        return Ok((history, Vec::new()));
    };
    let (earlier, unreadable) = RunSummary::earlier(&root, &second.manifest, HISTORY)?;
    let others = earlier.iter().filter(|run| run.run_id != first.id());
    let stages = others.flat_map(|run| &run.stages);
    // One that failed took as long as it took to fail.
    for stage in stages.filter(|stage| stage.status == StageStatus::Ok) {
        // A summary names a stage by its id, a diff by its span; in a run without stages the two are one.
        history.add_duration(span::stage(&stage.id), stage.duration_ns);
        history.add_duration(&stage.id, stage.duration_ns);
    }
    Ok((history, unreadable))
}
