//! From what the user named to tapes: those of runs, of directories, or files.

use std::path::{Path, PathBuf};

use telensic::RunDir;

use crate::exit::Failure;
use crate::runs::DataArgument;
use crate::tape::tapes_of;

/// The tapes that these words mean, each once.
pub(crate) fn tapes_meant(named: &[String], data: &DataArgument) -> Result<Vec<PathBuf>, Failure> {
    let mut tapes = Vec::new();
    for text in named {
        let path = Path::new(text);
        let is_run = || RunDir::open(path).is_ok();
        let is_tape = path.extension().is_some_and(|extension| extension == "tape");
        let found = if is_tape || (path.is_dir() && !is_run()) {
            tapes_of(path).map_err(Failure::Told)?
        } else {
            data.find(text)?.list_tapes()?
        };
        tapes.extend(
            found
                .into_iter()
                .map(|tape| (tape.canonicalize().unwrap_or_else(|_| tape.clone()), tape)),
        );
    }
    let mut seen = std::collections::HashSet::new();
    tapes.retain(|(real, _)| seen.insert(real.clone()));
    Ok(tapes.into_iter().map(|(_, tape)| tape).collect())
}
