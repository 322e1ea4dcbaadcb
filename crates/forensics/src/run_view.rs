//! A run, read: what every comparison begins with.

use telensic_run::{Manifest, Provenance, RunDir, RunError, RunId};

use crate::Timeline;

/// A run with all that its directory says of it.
#[derive(Debug)]
pub struct RunView {
    /// Where it lies.
    pub dir: RunDir,
    /// What it is and how it ended.
    pub manifest: Manifest,
    /// All that its processes recorded.
    pub timeline: Timeline,
    /// What went in and came out, from which code; a run that was cut short has none.
    pub provenance: Option<Provenance>,
}

impl RunView {
    /// Reads the run in this directory. Missing provenance is no error, broken provenance is.
    pub fn open(dir: RunDir) -> Result<Self, RunError> {
        let provenance = match Provenance::gather(&dir) {
            Ok(provenance) => Some(provenance),
            Err(error) if error.is_missing_file() => None,
            Err(error) => return Err(error),
        };
        Ok(Self {
            manifest: dir.manifest()?,
            timeline: Timeline::read(&dir)?,
            provenance,
            dir,
        })
    }

    /// Its name.
    pub fn id(&self) -> RunId {
        self.dir.id()
    }
}
