//! How a run stands: as its manifest says, unless its process is gone.

use serde::Serialize;
use telensic::{Manifest, RunStatus};

use crate::screen::{BAD, FAINT, GOOD, WARNING};

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Standing {
    /// It is being written.
    Running,
    /// It ended as it should.
    Succeeded,
    /// It ended with an error.
    Failed,
    /// It was stopped from outside.
    Interrupted,
    /// Its process died.
    Crashed,
    /// Its process died, and nobody has recovered it yet.
    Died,
}

/// How the run of this manifest stands.
pub(crate) fn standing(manifest: &Manifest) -> Standing {
    match manifest.status {
        RunStatus::Running if is_dead(manifest) => Standing::Died,
        RunStatus::Running => Standing::Running,
        RunStatus::Succeeded => Standing::Succeeded,
        RunStatus::Failed => Standing::Failed,
        RunStatus::Interrupted => Standing::Interrupted,
        RunStatus::Crashed => Standing::Crashed,
    }
}

/// Whether the process that started it is known to be gone; of another host nobody here knows.
fn is_dead(manifest: &Manifest) -> bool {
    manifest.host == telensic_tape::host_name() && telensic_tape::process_runs(manifest.pid) == Some(false)
}

impl Standing {
    /// In a word.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
            Self::Crashed => "crashed",
            Self::Died => "died",
        }
    }

    /// How it is shown.
    pub(crate) fn style(self) -> anstyle::Style {
        match self {
            Self::Running => FAINT,
            Self::Succeeded => GOOD,
            Self::Interrupted => WARNING,
            Self::Failed | Self::Crashed | Self::Died => BAD,
        }
    }
}
