//! Opening a run to be read.

use telensic::RunDir;
use telensic_forensics::{RunView, Timeline};

use crate::exit::{Failure, Outcome};
use crate::progress::Progress;
use crate::screen::Screen;

/// Reads a run, however long that takes.
pub(crate) fn open(run: RunDir) -> Result<RunView, Failure> {
    let _progress = Progress::of(format!("reading run {}", run.id()));
    Ok(RunView::open(run)?)
}

/// Says which tapes a reading lacks, a line each.
pub(crate) fn tell_unreadable(screen: &mut Screen, timeline: &Timeline) -> Result<Outcome, Failure> {
    for tape in timeline.unreadable() {
        screen.complain(&tape.reason)?;
    }
    Ok(Outcome::fine_if(timeline.unreadable().is_empty()))
}
