//! A directory that is there while something is tried, and gone afterwards.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::surroundings::nearest_existing;

/// Removed with all that is in it when it is dropped.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// Made in `dir`, or, where that is still missing, in the nearest directory above it that exists: whoever can
    /// make a directory there can make `dir` too. An error comes with the place where it could not be made.
    pub(super) fn within(dir: &Path) -> Result<Self, (PathBuf, io::Error)> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let parent = nearest_existing(dir);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = parent.join(format!(".telensic-doctor-{}-{number}", std::process::id()));
        match std::fs::create_dir(&path) {
            Ok(()) => Ok(Self(path)),
            Err(error) => Err((parent, error)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed has a name that tells whose it is.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
