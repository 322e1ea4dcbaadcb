//! Where the measured runs and files lie. Invariant: every process of a measurement finds the same paths.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use telensic_benches::Outcome;
use telensic_run::{DataRoot, RunDir, RunId, SigningKey};
use telensic_tape::UnixNanos;

/// When the first measured run begins, in nanoseconds of Unix time; each begins a day after the one before.
const BEGIN: u64 = 1_800_000_000_000_000_000;
const DAY: u64 = 86_400_000_000_000;

/// A directory with everything that is measured.
pub(crate) struct Site {
    directory: PathBuf,
}

impl Site {
    pub(crate) fn at(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.directory
    }

    /// The data root of all runs.
    pub(crate) fn root(&self) -> DataRoot {
        DataRoot::new(self.directory.join("data"))
    }

    /// The run that is sealed, verified and read.
    pub(crate) fn large(&self) -> RunDir {
        self.root().run(run_id(0))
    }

    /// The runs that are compared.
    pub(crate) fn pair(&self) -> [RunDir; 2] {
        [1, 2].map(|number| self.root().run(run_id(number)))
    }

    /// What went into each of the compared runs.
    pub(crate) fn pair_inputs(&self) -> [PathBuf; 2] {
        ["before", "after"].map(|name| self.directory.join(name).join(INPUT))
    }

    /// The key that seals.
    pub(crate) fn key(&self) -> Outcome<SigningKey> {
        Ok(SigningKey::load_or_create_at(&self.directory.join("seal.key"))?)
    }

    pub(crate) fn csv(&self) -> PathBuf {
        self.directory.join("bars.csv")
    }

    pub(crate) fn parquet(&self) -> PathBuf {
        self.directory.join("bars.parquet")
    }

    /// The elements of an array of float64, little-endian, as a file of no known format.
    pub(crate) fn array(&self) -> PathBuf {
        self.directory.join("array.bin")
    }

    /// Where a case may write.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.directory.join("scratch")
    }
}

/// The name of the input of the compared runs.
pub(crate) const INPUT: &str = "history.csv";

/// The id of the run of this number.
pub(crate) fn run_id(number: u16) -> RunId {
    RunId::of(UnixNanos(begin(number)), number)
}

/// When the run of this number begins.
pub(crate) fn begin(number: u16) -> u64 {
    BEGIN + u64::from(number) * DAY
}

/// The files of a run.
#[derive(Default)]
pub(crate) struct Files {
    pub(crate) paths: Vec<PathBuf>,
    /// How long they are together.
    pub(crate) bytes: u64,
    /// What of that is stored; the rest is holes, where a tape has cells to spare.
    pub(crate) stored: u64,
}

impl Files {
    /// Every file of a run but its seal.
    pub(crate) fn of(run: &RunDir) -> Outcome<Self> {
        /// What `stat` counts in, whatever the file system's own blocks are.
        const BLOCK: u64 = 512;
        let mut files = Self::default();
        let mut directories = vec![run.path().to_owned()];
        while let Some(directory) = directories.pop() {
            for entry in fs::read_dir(directory)? {
                let entry = entry?;
                let (path, metadata) = (entry.path(), entry.metadata()?);
                if metadata.is_dir() {
                    directories.push(path);
                } else if path != run.seal() {
                    files.bytes += metadata.len();
                    files.stored += metadata.blocks() * BLOCK;
                    files.paths.push(path);
                }
            }
        }
        files.paths.sort_unstable();
        Ok(files)
    }
}
