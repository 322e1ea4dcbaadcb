//! The entries of a seal: everything in a run's directory, read once.

use std::path::PathBuf;

use super::hash::{self, Sums};
use super::walk::{Found, Kind, is_tape_name, walk};
use super::{Entry, parallel, tape_facts};
use crate::{RunDir, RunError};

/// Lists the run's directory; an error if anything in it changes meanwhile.
pub(super) fn entries(run: &RunDir) -> Result<Vec<Entry>, RunError> {
    let found = walk(run)?;
    let files: Vec<&Found> = found.iter().filter(|found| is_file(found)).collect();
    let tapes = parallel::map(&files, |file| {
        if is_tape_name(&file.name) {
            tape_facts::of(&file.path)
        } else {
            Ok(None)
        }
    });
    let paths: Vec<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
    let contents = hash::contents(&paths, Sums::Wanted);

    let mut read = Vec::new();
    for ((file, content), tape) in files.iter().zip(contents).zip(tapes) {
        let content = content.map_err(RunError::on("read", &file.path))?;
        let path = file.name.clone();
        read.push(match tape? {
            Some(tape) => Entry::Tape {
                path,
                content,
                tape: Box::new(tape),
            },
            None => Entry::File { path, content },
        });
    }
    refuse_changes(run, &found)?;
    read.extend(found.into_iter().filter_map(|found| match found.kind {
        Kind::File { .. } => None,
        Kind::Symlink { target } => Some(Entry::Symlink {
            path: found.name,
            target,
        }),
        Kind::Special => Some(Entry::Special { path: found.name }),
    }));
    read.sort_unstable_by(|a, b| a.path().cmp(b.path()));
    Ok(read)
}

fn is_file(found: &Found) -> bool {
    matches!(found.kind, Kind::File { .. })
}

/// A seal of files that were still being written would be broken from the start.
fn refuse_changes(run: &RunDir, before: &[Found]) -> Result<(), RunError> {
    let after = walk(run)?;
    let changed = before
        .iter()
        .zip(&after)
        .find(|(before, after)| before != after)
        .map(|(before, _)| before)
        .or_else(|| before.get(after.len()))
        .or_else(|| after.get(before.len()));
    match changed {
        Some(found) => Err(tape_facts::changing(&found.path)),
        None => Ok(()),
    }
}
