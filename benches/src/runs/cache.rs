//! Where the system's page cache stands before the clock starts.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use rustix::fs::{Advice, fadvise};
use telensic_benches::Outcome;

/// Whether files are in memory.
#[derive(Clone, Copy)]
pub(crate) enum Cache {
    /// Each was just read to its end.
    Warm,
    /// Each was written out and the system told that it is not needed. What it kept all the same, the figures show.
    Cold,
}

impl Cache {
    /// Brings it about for these files, without keeping any of their bytes in this process.
    pub(crate) fn prepare(self, files: &[PathBuf]) -> Outcome<()> {
        for path in files {
            let mut file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
            match self {
                Self::Warm => {
                    io::copy(&mut file, &mut io::sink())?;
                }
                Self::Cold => {
                    file.sync_all()?;
                    fadvise(&file, 0, None, Advice::DontNeed)?;
                }
            }
        }
        Ok(())
    }
}
