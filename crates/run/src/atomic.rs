//! Files that are there whole or not at all: written under another name, synced, then renamed.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::RunError;

/// Replaces the file by these bytes; a reader sees the old ones or the new ones. Mode 0600.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    stream(path, |file| file.write_all(bytes))
}

/// A new file with these bytes, whole or not there. It survives the process, but is not synced to the disk.
pub(crate) fn write_unsynced(path: &Path, bytes: &[u8]) -> Result<(), RunError> {
    let temporary = temporary(path);
    let mut options = OpenOptions::new();
    let written = private(options.write(true).create(true).truncate(true))
        .open(&temporary)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| std::fs::rename(&temporary, path));
    written.map_err(RunError::on("write", path))
}

fn temporary(path: &Path) -> PathBuf {
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".{}.tmp", std::process::id()));
    temporary.into()
}

/// Replaces the file by what is written piece by piece; a reader sees the old content or all of the new. Mode 0600.
pub(crate) fn stream(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), RunError> {
    let temporary = temporary(path);
    let written = fill_synced(&temporary, fill).and_then(|()| std::fs::rename(&temporary, path));
    if let Err(error) = written {
        // What is left of it is of no use; that it cannot be removed either changes nothing.
        let _ = std::fs::remove_file(&temporary);
        return Err(RunError::io("write", path, error));
    }
    sync_directory(path);
    Ok(())
}

fn fill_synced(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let mut file = private(OpenOptions::new().write(true).create(true).truncate(true)).open(path)?;
    fill(&mut file)?;
    file.sync_all()
}

/// Files of a run are for their owner alone.
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// Makes a rename durable. Some file systems cannot sync a directory; the rename itself has succeeded.
fn sync_directory(path: &Path) {
    if let Some(Ok(directory)) = path.parent().map(File::open) {
        let _ = directory.sync_all();
    }
}
