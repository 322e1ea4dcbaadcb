//! Where everything of a run lies. No other module, and no other crate, puts such a path together.
//!
//! ```text
//! <root>/                                data/ by default
//!   logs/                                NDJSON logs outside a run
//!   artifacts/summaries/runs/
//!     LEDGER.jsonl                       one line a finished run, chained
//!     LEDGER.torn                        what crashes left of lines, if any did
//!     latest -> <RUN_ID>                 the last run that succeeded
//!     <RUN_ID>/
//!       run.json                         the manifest
//!       events.jsonl   metrics.prom   seal.json (seal.pending until the ledger has its line)
//!       data/forensic_trace.json   data/provenance.json   data/provenance.d/ until the end
//!       tape/<host>-<pid>-<n>.tape       what every process recorded
//!       profiles/<package>-<time>.pb.gz and .svg   profiles/<profile>-<time>.<stage>.svg   profiles/INDEX.json
//!       logs/   reports/health.md   reports/health.json   reports/report.html
//! ```

mod profiles;

use std::fs::{self, DirBuilder, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::{Manifest, RunError, RunErrorKind, RunId, atomic, names};

/// The directory under which everything is written: `data/` by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataRoot(PathBuf);

impl DataRoot {
    /// The name of the default root, in the working directory.
    pub const DEFAULT: &'static str = "data";

    /// This directory; it need not be there yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The root that TELENSIC_DIR names, or the default one.
    pub fn from_env() -> Self {
        match std::env::var_os(names::env::DATA_DIR) {
            Some(path) if !path.is_empty() => Self::new(path),
            _ => Self::new(Self::DEFAULT),
        }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The NDJSON logs of what runs outside a run.
    pub fn logs(&self) -> PathBuf {
        self.0.join("logs")
    }

    /// The directory of all runs.
    pub fn runs(&self) -> PathBuf {
        self.0.join("artifacts").join("summaries").join("runs")
    }

    /// The ledger of all finished runs.
    pub fn ledger(&self) -> PathBuf {
        self.runs().join("LEDGER.jsonl")
    }

    /// What was left of lines of the ledger whose writer died within them.
    pub(crate) fn torn_ledger_lines(&self) -> PathBuf {
        self.runs().join("LEDGER.torn")
    }

    /// The link to the last run that succeeded.
    pub fn latest(&self) -> PathBuf {
        self.runs().join("latest")
    }

    /// Where the run of this name lies, whether it is there or not.
    pub fn run(&self, id: RunId) -> RunDir {
        RunDir {
            path: self.runs().join(id.as_str()),
            id,
        }
    }

    /// Makes the directory of a new run; one that is there already is an error, never taken over.
    pub fn create_run(&self, id: RunId) -> Result<RunDir, RunError> {
        self.make_runs()?;
        let run = self.run(id);
        run.make()?;
        Ok(run)
    }

    /// Makes the directory of a new run with its manifest, at once for whoever looks; one that is there already is an
    /// error, never taken over.
    pub fn begin_run(&self, manifest: &Manifest) -> Result<RunDir, RunError> {
        self.make_runs()?;
        let run = self.run(manifest.run_id);
        let name = format!(".begin-{}-{}", run.id, std::process::id());
        let staged = RunDir::at(self.runs().join(name), run.id);
        let begun = staged
            .make()
            .and_then(|()| staged.write_manifest(manifest))
            .and_then(|()| fs::rename(&staged.path, &run.path).map_err(RunError::on("make", &run.path)));
        if let Err(error) = begun {
            // Nothing was recorded there.
            let _ = fs::remove_dir_all(&staged.path);
            return Err(error);
        }
        Ok(run)
    }

    fn make_runs(&self) -> Result<(), RunError> {
        let runs = self.runs();
        make_private(&runs, true).map_err(RunError::on("make", &runs))
    }

    /// All runs, the oldest first; what is not a run's directory is passed over.
    pub fn list(&self) -> Result<Vec<RunDir>, RunError> {
        let runs = self.runs();
        let entries = match fs::read_dir(&runs) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(RunError::io("list", &runs, error)),
        };
        let mut ids = Vec::new();
        for entry in entries {
            let entry = entry.map_err(RunError::on("list", &runs))?;
            ids.extend(
                entry
                    .file_name()
                    .to_str()
                    .and_then(|name| name.parse::<RunId>().ok()),
            );
        }
        ids.sort_unstable();
        Ok(ids.into_iter().map(|id| self.run(id)).collect())
    }

    /// Makes `latest` lead to this run, unless it leads to a later one already.
    pub fn point_latest_to(&self, id: RunId) -> Result<(), RunError> {
        let latest = self.latest();
        if let Ok(Some(current)) = self.latest_id()
            && current >= id
        {
            return Ok(());
        }
        let temporary = self.runs().join(format!(".latest.{}", std::process::id()));
        // One that a dead process of this number left.
        let _ = fs::remove_file(&temporary);
        link(id.as_str(), &temporary)
            .and_then(|()| fs::rename(&temporary, &latest))
            .map_err(RunError::on("make the link", &latest))
    }

    /// The last run that succeeded.
    pub fn latest_id(&self) -> Result<Option<RunId>, RunError> {
        let latest = self.latest();
        match fs::read_link(&latest) {
            Ok(target) => Ok(target.to_str().and_then(|name| name.parse().ok())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(RunError::io("read the link", &latest, error)),
        }
    }
}

/// The directory of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunDir {
    path: PathBuf,
    id: RunId,
}

impl RunDir {
    /// The manifest's file within the directory of a run.
    pub(crate) const MANIFEST: &'static str = "run.json";
    /// The directory of the tapes within that of a run.
    pub const TAPES: &'static str = "tape";
    /// The directory of the NDJSON logs within that of a run.
    pub const LOGS: &'static str = "logs";

    /// The run in this directory, wherever it was copied to: its name is that of its manifest.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, RunError> {
        let path = path.into();
        let id = Manifest::read(&path)?.run_id;
        Ok(Self { path, id })
    }

    /// The run of this name in this directory, which need not be there yet: a worker's, on another disk.
    pub fn at(path: impl Into<PathBuf>, id: RunId) -> Self {
        Self {
            path: path.into(),
            id,
        }
    }

    /// Makes its directories.
    fn make(&self) -> Result<(), RunError> {
        let parts = [
            self.tapes(),
            self.logs(),
            self.data(),
            self.profiles(),
            self.reports(),
        ];
        for directory in std::iter::once(&self.path).chain(&parts) {
            make_private(directory, false).map_err(RunError::on("make", directory))?;
        }
        Ok(())
    }

    /// Its name.
    pub fn id(&self) -> RunId {
        self.id
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The manifest's file.
    pub fn manifest_path(&self) -> PathBuf {
        self.path.join(Self::MANIFEST)
    }

    /// What the run is and how it ended.
    pub fn manifest(&self) -> Result<Manifest, RunError> {
        Manifest::read(&self.path)
    }

    /// Replaces the manifest.
    pub fn write_manifest(&self, manifest: &Manifest) -> Result<(), RunError> {
        atomic::write(&self.manifest_path(), &manifest.to_bytes())
    }

    /// The tapes of all its processes.
    pub fn tapes(&self) -> PathBuf {
        self.path.join(Self::TAPES)
    }

    /// Every tape, sorted by name.
    pub fn list_tapes(&self) -> Result<Vec<PathBuf>, RunError> {
        let tapes = self.tapes();
        let mut found = Vec::new();
        let entries = match fs::read_dir(&tapes) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            Err(error) => return Err(RunError::io("list", &tapes, error)),
        };
        for entry in entries {
            let path = entry.map_err(RunError::on("list", &tapes))?.path();
            if path.extension().is_some_and(|extension| extension == "tape") {
                found.push(path);
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Its NDJSON logs.
    pub fn logs(&self) -> PathBuf {
        self.path.join(Self::LOGS)
    }

    /// Traces and provenance.
    pub fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    /// All spans of all processes, merged.
    pub fn forensic_trace(&self) -> PathBuf {
        self.data().join("forensic_trace.json")
    }

    /// What went in and came out, from which code, where.
    pub fn provenance(&self) -> PathBuf {
        self.data().join("provenance.json")
    }

    /// What is added to the provenance while the run goes on.
    pub fn provenance_parts(&self) -> PathBuf {
        self.data().join("provenance.d")
    }

    /// All typed events, merged.
    pub fn events(&self) -> PathBuf {
        self.path.join("events.jsonl")
    }

    /// The last state of the metrics.
    pub fn metrics(&self) -> PathBuf {
        self.path.join("metrics.prom")
    }

    /// Reports for people.
    pub fn reports(&self) -> PathBuf {
        self.path.join("reports")
    }

    /// The health report.
    pub fn health_report(&self) -> PathBuf {
        self.reports().join("health.md")
    }

    /// The health report as data; later runs read from it what is usual.
    pub fn health_json(&self) -> PathBuf {
        self.reports().join("health.json")
    }

    /// The report as one HTML file.
    pub fn html_report(&self) -> PathBuf {
        self.reports().join("report.html")
    }

    /// The seal.
    pub fn seal(&self) -> PathBuf {
        self.path.join("seal.json")
    }

    /// A seal that is written, but not yet entered in the ledger.
    pub(crate) fn pending_seal(&self) -> PathBuf {
        self.path.join("seal.pending")
    }

    /// Replaces a file of this run by these bytes, whole or not at all.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), RunError> {
        debug_assert!(path.starts_with(&self.path), "a path of this run");
        atomic::write(path, bytes)
    }

    /// Replaces a file of this run by what is written piece by piece, whole or not at all.
    pub fn write_streamed(
        &self,
        path: &Path,
        fill: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
    ) -> Result<(), RunError> {
        debug_assert!(path.starts_with(&self.path), "a path of this run");
        atomic::stream(path, |file| {
            let mut out = BufWriter::with_capacity(1 << 18, file);
            fill(&mut out)?;
            out.flush()
        })
    }
}

/// Makes a directory that is for its owner alone.
fn make_private(path: &Path, with_parents: bool) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(with_parents);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

#[cfg(unix)]
fn link(target: &str, at: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, at)
}

#[cfg(not(unix))]
fn link(target: &str, at: &Path) -> io::Result<()> {
    std::os::windows::fs::symlink_dir(target, at)
}

impl RunErrorKind {
    /// Whether the caller named something that is not there or not valid, rather than something broken.
    pub fn is_usage(self) -> bool {
        matches!(self, Self::NotFound | Self::Invalid | Self::NotARun)
    }
}
