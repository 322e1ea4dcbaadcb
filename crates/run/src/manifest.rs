//! `run.json`: what a run is and how it ended.
//!
//! Written at the start and replaced at the end, each time whole. A reader refuses a newer version by name and passes
//! over fields it does not know.

use std::fs;
use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use telensic_tape::UnixNanos;

use crate::{RunDir, RunError, RunErrorKind, RunId};

/// The version of the layout of a run's directory and its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ManifestVersion(pub u32);

impl ManifestVersion {
    /// What this build writes, and the newest that it reads.
    pub const CURRENT: Self = Self(1);
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RunStatus {
    /// It is being written, or its process died and nobody has recovered it yet.
    Running,
    /// It ended as it should.
    Succeeded,
    /// It ended with an error.
    Failed,
    /// It was stopped from outside: Ctrl-C, SIGTERM.
    Interrupted,
    /// Its process died.
    Crashed,
}

/// How a wrapped program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exit {
    /// With this status.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

/// What a run's processes used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResourceUse {
    /// Seconds of CPU time in the programs.
    pub cpu_user_s: f64,
    /// Seconds of CPU time in the kernel for them.
    pub cpu_system_s: f64,
    /// The most memory that one process had at once.
    pub peak_memory_bytes: u64,
}

/// What `run.json` says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the directory's layout.
    pub format_version: ManifestVersion,
    /// The run's name.
    pub run_id: RunId,
    /// The pipeline profile that it executes.
    pub profile: String,
    /// How it stands.
    pub status: RunStatus,
    /// Start, Unix nanoseconds.
    pub started_unix_nano: u64,
    /// End, Unix nanoseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_unix_nano: Option<u64>,
    /// The root trace, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// The root span, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_span_id: Option<String>,
    /// `sess_YYYYMMDD_HHMMSS`: what was started together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// The experiment whose hypotheses are counted together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment_id: Option<String>,
    /// The host that the run was started on.
    pub host: String,
    /// The process that started it.
    pub pid: u32,
    /// The wrapped program, its secrets masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// How the wrapped program ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<Exit>,
    /// What it used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_use: Option<ResourceUse>,
    /// Why it did not succeed, in a line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Manifest {
    /// The manifest of a run that starts now, in this process.
    pub fn begin(run_id: RunId, profile: impl Into<String>) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            format_version: ManifestVersion::CURRENT,
            run_id,
            profile: profile.into(),
            status: RunStatus::Running,
            started_unix_nano: now.as_nanos() as u64,
            ended_unix_nano: None,
            trace_id: None,
            root_span_id: None,
            session_id: None,
            experiment_id: None,
            host: telensic_tape::host_name(),
            pid: std::process::id(),
            command: None,
            exit: None,
            resource_use: None,
            error: None,
        }
    }

    /// When it started.
    pub fn started(&self) -> UnixNanos {
        UnixNanos(self.started_unix_nano)
    }

    /// When it ended.
    pub fn ended(&self) -> Option<UnixNanos> {
        self.ended_unix_nano.map(UnixNanos)
    }

    /// Reads `run.json` in this directory.
    pub(crate) fn read(directory: &Path) -> Result<Self, RunError> {
        #[derive(Deserialize)]
        struct Versioned {
            format_version: ManifestVersion,
        }
        let path = directory.join(RunDir::MANIFEST);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return Err(RunError::not_a_run(directory));
            }
            Err(error) => return Err(RunError::io("read", &path, error)),
        };
        let broken = |error: serde_json::Error| {
            RunError::new(
                RunErrorKind::NotARun,
                format!(
                    "{} is no manifest of a run ({error}): restore it from a copy",
                    path.display()
                ),
            )
        };
        // The version first: a newer manifest need not fit the fields known here.
        let version = serde_json::from_slice::<Versioned>(&bytes)
            .map_err(broken)?
            .format_version;
        if version > ManifestVersion::CURRENT {
            return Err(RunError::new(
                RunErrorKind::NewerFormat,
                format!(
                    "{} has run format {}, this build reads up to {}: use a newer telensic",
                    path.display(),
                    version.0,
                    ManifestVersion::CURRENT.0
                ),
            ));
        }
        serde_json::from_slice(&bytes).map_err(broken)
    }

    /// The file's content.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // No map with other keys than text and no failing writer: nothing here can fail.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_reads_back_and_a_newer_one_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        let mut manifest = Manifest::begin(RunId::new(), "nightly");
        manifest.exit = Some(Exit::Signal(9));
        let path = dir.path().join("run.json");
        fs::write(&path, manifest.to_bytes()).unwrap();
        assert_eq!(Manifest::read(dir.path()).unwrap(), manifest);

        fs::write(&path, r#"{"format_version": 2, "shape": "unknown"}"#).unwrap();
        let error = Manifest::read(dir.path()).unwrap_err();
        assert_eq!(error.kind(), RunErrorKind::NewerFormat);
        assert!(error.to_string().contains("run format 2"), "{error}");

        fs::write(&path, &manifest.to_bytes()[..40]).unwrap();
        assert_eq!(
            Manifest::read(dir.path()).unwrap_err().kind(),
            RunErrorKind::NotARun
        );
    }
}
