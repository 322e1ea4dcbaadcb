//! The file of the sealing key: one line, `telensic-seal-key-1 <64 hex digits>`, for its owner alone.
//!
//! Whoever makes it holds the lock of `<file>.lock` meanwhile, so two processes that need it at once get the same.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::digest::{hex, unhex};
use crate::{RunError, RunErrorKind, atomic};

/// What the line begins with.
const TITLE: &str = "telensic-seal-key-1 ";

/// The secret in this file; `None` if there is no such file.
pub(super) fn read(path: &Path) -> Result<Option<[u8; 32]>, RunError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(RunError::io("read the sealing key", path, error)),
    };
    refuse_if_exposed(path)?;
    let secret = std::str::from_utf8(&bytes)
        .ok()
        .and_then(|text| unhex(text.strip_prefix(TITLE)?.strip_suffix('\n')?));
    match secret {
        Some(secret) => Ok(Some(secret)),
        None => Err(RunError::new(
            RunErrorKind::Invalid,
            format!(
                "{} is no sealing key: restore it from a copy, or move it away and a new key is made",
                path.display()
            ),
        )),
    }
}

/// The secret in this file, which is made of `new_secret` if nobody has made it yet; and whether it was made now.
pub(super) fn read_or_make(
    path: &Path,
    new_secret: impl FnOnce() -> Result<[u8; 32], RunError>,
) -> Result<([u8; 32], bool), RunError> {
    if let Some(secret) = read(path)? {
        return Ok((secret, false));
    }
    make_directory(path)?;
    let _lock = lock(path)?;
    if let Some(secret) = read(path)? {
        return Ok((secret, false));
    }
    let secret = new_secret()?;
    atomic::write(path, format!("{TITLE}{}\n", hex(&secret)).as_bytes())?;
    Ok((secret, true))
}

fn make_directory(path: &Path) -> Result<(), RunError> {
    let Some(directory) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) else {
        return Ok(());
    };
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder
        .create(directory)
        .map_err(RunError::on("make the directory of the sealing key", directory))
}

fn lock(path: &Path) -> Result<File, RunError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let file = atomic::private(OpenOptions::new().write(true).create(true).truncate(false))
        .open(&name)
        .map_err(RunError::on("make", &name))?;
    file.lock().map_err(RunError::on("lock", &name))?;
    Ok(file)
}

/// As ssh does: a key that others can read proves nothing.
#[cfg(unix)]
fn refuse_if_exposed(path: &Path) -> Result<(), RunError> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::metadata(path).map_err(RunError::on("look at the sealing key", path))?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(RunError::new(
        RunErrorKind::Invalid,
        format!(
            "the sealing key {} is open to others (mode {mode:04o}): run `chmod 600` on it, and consider a new one",
            path.display()
        ),
    ))
}

#[cfg(not(unix))]
fn refuse_if_exposed(_: &Path) -> Result<(), RunError> {
    Ok(())
}
