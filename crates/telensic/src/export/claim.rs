//! The right to send a tape's records of one signal: an advisory lock on a file beside the cursor.
//!
//! It ends with the process, however that ends, so who gets it knows that nobody else is at work.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use super::cursor::private;

/// Held until it is dropped.
#[derive(Debug)]
pub(super) struct Claim {
    file: File,
    path: PathBuf,
}

impl Claim {
    /// Takes the right to the cursor at this path; `None` if another has it, or the file system has no locks.
    pub(super) fn take(cursor: &Path) -> Option<Self> {
        let path = cursor.with_extension("lock");
        let file = private(&path).ok()?;
        match file.try_lock() {
            // Who gave it up removed the file: the lock must be on the one that others find.
            Ok(()) if leads_to(&path, &file) => Some(Self { file, path }),
            Ok(()) | Err(TryLockError::WouldBlock | TryLockError::Error(_)) => None,
        }
    }

    /// Gives it up for good: nothing is left to be sent.
    pub(super) fn end(self) {
        // Should it stay, it is an empty file.
        let _ = std::fs::remove_file(&self.path);
        drop(self.file);
    }
}

#[cfg(unix)]
fn leads_to(path: &Path, file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (path.metadata(), file.metadata()) {
        (Ok(there), Ok(here)) => (there.dev(), there.ino()) == (here.dev(), here.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn leads_to(path: &Path, _: &File) -> bool {
    path.exists()
}
