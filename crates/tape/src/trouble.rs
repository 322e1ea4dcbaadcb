//! What can keep a tape from being written as it should, in words for the one who can mend it.

use std::fmt;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// Why the tape is not, or not only, in a mapped file. Its text is one line: what, where, and the mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    text: String,
}

impl Trouble {
    pub(crate) fn no_file(dir: &Path, error: &io::Error) -> Self {
        let text = format!(
            "cannot create a tape in {}: {error}; recording goes on in memory only and is lost at the end: make the \
             directory writable or set TELENSIC_DIR to one that is",
            dir.display()
        );
        Self { text }
    }

    pub(crate) fn no_room(path: Option<&Path>, error: &io::Error) -> Self {
        let path = path.map_or_else(|| "the tape".to_owned(), |path| path.display().to_string());
        let text = format!(
            "cannot extend {path}: {error}; recording goes on in memory and is written out once there is room: free \
             some disk space or lower TELENSIC_TAPE_BUDGET"
        );
        Self { text }
    }

    pub(crate) fn not_mapped(path: Option<&Path>, error: &io::Error) -> Self {
        let path = path.map_or_else(|| "the tape".to_owned(), |path| path.display().to_string());
        let text = format!(
            "cannot map {path}: {error}; it is written every few milliseconds instead, and a crash loses what came \
             since: set TELENSIC_DIR to a local file system"
        );
        Self { text }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Between two tellings: a disk that has room for a moment now and then is one trouble, not many.
const QUIET: Duration = Duration::from_secs(60);

/// What is yet to be told, and when something was last.
#[derive(Debug, Default)]
pub(crate) struct Told {
    waiting: Option<Trouble>,
    last: Option<Instant>,
}

impl Told {
    /// What is to be told first, if anything.
    pub(crate) fn of(trouble: Option<Trouble>) -> Self {
        Self {
            last: trouble.as_ref().map(|_| Instant::now()),
            waiting: trouble,
        }
    }

    /// Notes a trouble to be told, unless one was told a short while ago.
    pub(crate) fn note(&mut self, trouble: Trouble) {
        if self.last.is_none_or(|last| last.elapsed() >= QUIET) {
            self.last = Some(Instant::now());
            self.waiting = Some(trouble);
        }
    }

    /// What is to be told now.
    pub(crate) fn take(&mut self) -> Option<Trouble> {
        self.waiting.take()
    }
}
