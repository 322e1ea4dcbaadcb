//! What is to be verified: a run, or an evidence pack that holds one.
//!
//! A run is found even if its manifest is broken, as long as it has a seal: that it is broken is then a finding.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use telensic::{RunDir, RunId};
use telensic_forensics::pack::{is_pack, unpack};
use telensic_run::{Entry, Finding, Seal};
use tempfile::TempDir;

use crate::exit::Failure;
use crate::runs::DataArgument;

/// A run that can be verified.
pub(crate) struct Subject {
    pub(crate) run: RunDir,
    /// The pack that it came out of.
    pub(crate) pack: Option<PathBuf>,
    /// Symbolic links and special files, by the seal, which no pack holds.
    not_held: HashSet<String>,
    /// Removed with this.
    _unpacked: Option<TempDir>,
}

impl Subject {
    /// The one that this text names.
    pub(crate) fn find(named: &str, data: &DataArgument) -> Result<Self, Failure> {
        let path = Path::new(named);
        if path.is_file() && is_pack(path) {
            return Self::unpacked(path);
        }
        let run = match data.find(named) {
            Ok(run) => run,
            Err(failure) => sealed(named, data).ok_or(failure)?,
        };
        Ok(Self {
            run,
            pack: None,
            not_held: HashSet::new(),
            _unpacked: None,
        })
    }

    fn unpacked(pack: &Path) -> Result<Self, Failure> {
        let directory = tempfile::tempdir().map_err(|error| {
            Failure::Told(format!(
                "cannot make a temporary directory to unpack {}: {error}: set TMPDIR to a writable directory",
                pack.display()
            ))
        })?;
        let held = unpack(pack, directory.path())?;
        let Some(seal) = seal_in(directory.path()) else {
            return Err(Failure::Told(format!(
                "{} holds no run with a seal: get another copy",
                pack.display()
            )));
        };
        // What the pack says that it leaves out must be what it may leave out.
        let named: HashSet<String> = held.not_held.into_iter().collect();
        let links = seal.entries.iter().filter_map(|entry| match entry {
            Entry::Symlink { path, .. } | Entry::Special { path } => Some(path.clone()),
            Entry::File { .. } | Entry::Tape { .. } => None,
        });
        Ok(Self {
            run: RunDir::at(directory.path(), seal.statement.run_id),
            pack: Some(pack.to_owned()),
            not_held: links.filter(|path| named.contains(path)).collect(),
            _unpacked: Some(directory),
        })
    }

    /// What is to be shown as its place.
    pub(crate) fn place(&self) -> String {
        self.pack
            .as_deref()
            .unwrap_or(self.run.path())
            .display()
            .to_string()
    }

    /// Takes out of the findings what is merely not held by the pack, and names it.
    pub(crate) fn excuse(&self, findings: &mut Vec<Finding>) -> Vec<String> {
        let mut excused = Vec::new();
        findings.retain(|finding| match finding {
            Finding::Missing { file } if self.not_held.contains(file) => {
                excused.push(file.clone());
                false
            }
            _ => true,
        });
        excused
    }
}

/// A directory with a seal, though its manifest cannot be read.
fn sealed(named: &str, data: &DataArgument) -> Option<RunDir> {
    let root = data.root();
    let id = match named {
        "latest" => root.latest_id().ok().flatten(),
        _ => named.parse::<RunId>().ok(),
    };
    if let Some(run) = id.map(|id| root.run(id)) {
        return run.seal().is_file().then_some(run);
    }
    let path = Path::new(named);
    seal_in(path).map(|seal| RunDir::at(path, seal.statement.run_id))
}

fn seal_in(directory: &Path) -> Option<Seal> {
    // Only the place of the seal is asked for; whose it is stands in it.
    let place = RunDir::at(directory, RunId::new()).seal();
    serde_json::from_slice(&fs::read(place).ok()?).ok()
}
