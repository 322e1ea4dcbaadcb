//! From what the user named to the tapes that are meant.

use std::io;
use std::path::{Path, PathBuf};

/// Where a data directory and a run's directory keep their tapes.
const TAPE_DIRS: [&str; 2] = ["tapes", "tape"];

/// The tapes that a path means: itself, or all in the directory, by name. An error is one line with the mend.
pub(crate) fn tapes_of(named: &Path) -> Result<Vec<PathBuf>, String> {
    if is_special(named) {
        let named = named.display();
        return Err(format!(
            "{named} is no regular file: name a file that ends in .tape"
        ));
    }
    if !named.is_dir() {
        return Ok(vec![named.to_owned()]);
    }
    let tapes = tapes_in(named)
        .map_err(|error| format!("cannot list {}: {error}: make it readable", named.display()))?;
    if !tapes.is_empty() {
        return Ok(tapes);
    }
    let elsewhere = TAPE_DIRS
        .iter()
        .map(|name| named.join(name))
        .find(|dir| tapes_in(dir).is_ok_and(|tapes| !tapes.is_empty()));
    let mend = elsewhere.map_or_else(
        || "name a file that ends in .tape, or a directory that holds some".to_owned(),
        |dir| format!("there are some in {}", dir.display()),
    );
    Err(format!("no tapes in {}: {mend}", named.display()))
}

/// All `*.tape` in a directory, by name.
pub(crate) fn tapes_in(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut tapes = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let is_tape = path.extension().is_some_and(|extension| extension == "tape");
        if is_tape && !path.is_dir() && !is_special(&path) {
            tapes.push(path);
        }
    }
    tapes.sort_unstable();
    Ok(tapes)
}

/// Whether it is there and neither file nor directory: opening a pipe would wait for a writer for ever.
fn is_special(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}
