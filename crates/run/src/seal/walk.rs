//! Everything in a run's directory, at any depth, by its relative path. No link is followed.
//!
//! Directories by themselves are not listed: many ways of copying leave empty ones behind.

use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::{RunDir, RunError};

/// Something that lies in a run's directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// As a seal names it.
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File { size: u64, modified: Option<SystemTime> },
    Symlink { target: String },
    Special,
}

/// Everything but the seal itself, sorted by name.
pub(super) fn walk(run: &RunDir) -> Result<Vec<Found>, RunError> {
    let mut found = Vec::new();
    let mut directories = vec![(run.path().to_owned(), String::new())];
    let own = [run.seal(), run.pending_seal()];
    while let Some((directory, prefix)) = directories.pop() {
        for entry in fs::read_dir(&directory).map_err(RunError::on("list", &directory))? {
            let entry = entry.map_err(RunError::on("list", &directory))?;
            let path = entry.path();
            if own.contains(&path) {
                continue;
            }
            let name = format!("{prefix}{}", text(&entry.file_name()));
            let metadata = fs::symlink_metadata(&path).map_err(RunError::on("look at", &path))?;
            if metadata.is_dir() {
                directories.push((path, format!("{name}/")));
                continue;
            }
            let kind = if metadata.is_file() {
                Kind::File {
                    size: metadata.len(),
                    modified: metadata.modified().ok(),
                }
            } else if metadata.is_symlink() {
                let target = fs::read_link(&path).map_err(RunError::on("read the link", &path))?;
                Kind::Symlink {
                    target: text(target.as_os_str()),
                }
            } else {
                Kind::Special
            };
            found.push(Found { name, path, kind });
        }
    }
    found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// Whether a file of this name should be a tape.
pub(super) fn is_tape_name(name: &str) -> bool {
    name.starts_with("tape/")
        && Path::new(name)
            .extension()
            .is_some_and(|extension| extension == "tape")
}

/// A name as text from which it can be had again: `%XX` for `%` itself and for each byte that is no UTF-8.
fn text(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(&chunk.valid().replace('%', "%25"));
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}
