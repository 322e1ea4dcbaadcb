//! The cursor of one tape and signal on disk: `<dir>/export/<tape id>.<signal>.json`.
//!
//! Written whole under another name and renamed, after each acknowledgement; there as long as something of the tape is
//! unsent, so that whoever comes later finds it. It lies outside of runs: a sealed run must not change.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use telensic_tape::Signal;

use super::positions::Positions;

/// How far the sending of a tape has come.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// The tape's id, 32 hex digits: another tape may come to have the same path.
    pub(super) tape_id: String,
    /// Where the tape lies.
    pub(super) tape: PathBuf,
    pub(super) positions: Positions,
}

/// Where the cursor of this tape and signal is.
pub(super) fn path(dir: &Path, tape_id: &str, signal: Signal) -> PathBuf {
    dir.join(format!("{tape_id}.{}.json", signal.name()))
}

/// Where the cursors of a signal are that somebody left in this directory.
pub(super) fn list(dir: &Path, signal: Signal) -> Vec<PathBuf> {
    let ending = format!(".{}.json", signal.name());
    // A directory that is missing has none.
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            path.file_name()
                .is_some_and(|name| name.to_string_lossy().ends_with(&ending))
        })
        .collect();
    paths.sort();
    paths
}

impl Cursor {
    /// Reads one.
    pub(super) fn read(path: &Path) -> io::Result<Self> {
        serde_json::from_slice(&std::fs::read(path)?).map_err(io::Error::from)
    }

    /// Replaces the file; a reader sees the old one or the new one.
    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
        let written = private(&temporary)
            .and_then(|mut file| file.write_all(&serde_json::to_vec(self)?))
            .and_then(|()| std::fs::rename(&temporary, path));
        if written.is_err() {
            // What is left of it is of no use.
            let _ = std::fs::remove_file(&temporary);
        }
        written
    }
}

/// An empty file for its owner alone.
pub(super) fn private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
