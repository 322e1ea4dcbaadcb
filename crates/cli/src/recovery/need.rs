//! What a run needs: to be concluded, to be sealed, or nothing.

use telensic::{Manifest, RunDir, RunStatus};
use telensic_tape::{Tape, WriterState};

use crate::exit::Failure;
use crate::runs::{Standing, standing};

/// What a run needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// It is sealed.
    Nothing,
    /// Its process died.
    Conclusion,
    /// It has ended, but its process died before it was sealed.
    Seal,
    /// It goes on, or may, and why.
    Patience(String),
}

/// What this run needs.
pub(crate) fn need(run: &RunDir, manifest: &Manifest) -> Result<Need, Failure> {
    if run.seal().exists() {
        return Ok(Need::Nothing);
    }
    if manifest.status == RunStatus::Running && standing(manifest) == Standing::Running {
        return Ok(Need::Patience(if manifest.host == telensic_tape::host_name() {
            format!("process {} goes on", manifest.pid)
        } else {
            format!(
                "it was started on {}, whose processes cannot be seen from here",
                manifest.host
            )
        }));
    }
    for path in run.list_tapes()? {
        // One that is no tape is told of by the health report.
        let Ok(tape) = Tape::open(&path) else { continue };
        if tape.writer_state() == WriterState::Live {
            let pid = tape.head().pid();
            return Ok(Need::Patience(format!("process {pid} still writes a tape of it")));
        }
    }
    Ok(match manifest.status {
        RunStatus::Running => Need::Conclusion,
        _ => Need::Seal,
    })
}
