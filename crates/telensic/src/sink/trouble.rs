//! Saying what went wrong: once per kind, however often it happens.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Takes one line of text for the user.
pub(crate) type Report = Arc<dyn Fn(&str) + Send + Sync>;

/// What the sink was about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doing {
    Opening,
    Locking,
    Writing,
    Repairing,
    Rotating,
    Compressing,
    Deleting,
    Listing,
    Starting,
    Losing,
    Console,
}

impl Doing {
    /// The sentence's beginning and, for the one who can mend it, its end.
    fn words(self) -> (&'static str, &'static str) {
        const KEPT: &str = "lines wait in memory and are tried again every second";
        match self {
            Self::Opening => ("cannot open log file", KEPT),
            Self::Locking => ("cannot lock log file", KEPT),
            Self::Writing => ("cannot write log file", KEPT),
            Self::Repairing => ("half a line at the end of log file", "see the cause"),
            Self::Rotating => ("cannot rotate log file", "it grows on"),
            Self::Compressing => ("cannot compress log file", "it stays uncompressed"),
            Self::Deleting => ("cannot delete old log file", "delete it by hand"),
            Self::Listing => (
                "cannot list log directory",
                "old files in it are neither compressed nor deleted",
            ),
            Self::Starting => (
                "cannot start a thread to compress and delete old files in log directory",
                "it is tried again at the next rotation",
            ),
            Self::Losing => ("log lines are lost in", "make room or make it writable"),
            Self::Console => ("cannot write log lines to", "they are counted as lost"),
        }
    }
}

/// Reports each kind of trouble once and counts them all; shared with the thread that sweeps.
pub(super) struct Troubles {
    report: Report,
    told: Mutex<Vec<(Doing, io::ErrorKind)>>,
}

impl Troubles {
    pub(super) fn new(report: Report) -> Self {
        Self {
            report,
            told: Mutex::new(Vec::new()),
        }
    }

    /// Reports this trouble, if no other of its kind was.
    pub(super) fn tell(&self, doing: Doing, place: &Path, error: &io::Error) {
        let kind = (doing, error.kind());
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.contains(&kind) {
            return;
        }
        told.push(kind);
        drop(told);
        let (what, then) = doing.words();
        (self.report)(&format!("{what} {}: {error}; {then}", place.display()));
    }
}
