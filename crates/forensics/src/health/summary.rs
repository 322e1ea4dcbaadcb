//! What later runs need to know of a run: the part of its `health.json` that tells what is usual.
//!
//! Invariant: every field here has the name and meaning of the one in [`Health`], so a summary is read from a health report
//! by leaving out the rest.

use std::fs;
use std::io;

use serde::{Deserialize, Serialize};
use telensic_run::{DataRoot, Manifest, RunDir, RunError, RunErrorKind, RunId, RunStatus};

use super::{Health, StageStatus};

/// A run in short.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSummary {
    /// Its name.
    pub run_id: RunId,
    /// The profile that it executed.
    pub profile: String,
    /// How it ended.
    pub status: RunStatus,
    /// When it started, Unix nanoseconds.
    pub started_unix_nano: u64,
    /// How long it took.
    pub wall_ns: u64,
    /// Its stages.
    pub stages: Vec<StageSummary>,
    /// How much of it happened at once.
    pub parallelism: ParallelismSummary,
    /// Its errors by cause.
    pub errors: Vec<ErrorSummary>,
    /// How many spans failed.
    pub error_spans: u64,
    /// How many spans there were.
    pub span_count: u64,
}

/// A stage in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageSummary {
    /// What it is called.
    pub id: String,
    /// How it ended.
    pub status: StageStatus,
    /// How long it took.
    pub duration_ns: u64,
    /// How much of that it spent itself.
    pub self_ns: u64,
    /// How much of that was on the critical path.
    pub path_ns: u64,
    /// How often it was executed.
    pub executions: u64,
    /// How many of these were further tries.
    pub retries: u64,
}

/// Parallelism in short.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParallelismSummary {
    /// Busy time over wall-clock time.
    pub speedup: f64,
    /// The speedup that there could have been.
    pub ideal: u64,
    /// The one over the other.
    pub efficiency: Option<f64>,
}

/// A cause of errors in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorSummary {
    /// The cause in a line.
    pub cause: String,
    /// The span that failed.
    pub span_name: String,
    /// How often.
    pub count: u64,
}

impl Health {
    /// The run in short.
    pub fn summary(&self) -> RunSummary {
        RunSummary {
            run_id: self.run_id,
            profile: self.profile.clone(),
            status: self.status,
            started_unix_nano: self.started_unix_nano,
            wall_ns: self.wall_ns,
            stages: self
                .stages
                .iter()
                .map(|row| StageSummary {
                    id: row.id.clone(),
                    status: row.status,
                    duration_ns: row.duration_ns,
                    self_ns: row.self_ns,
                    path_ns: row.path_ns,
                    executions: row.executions,
                    retries: row.retries,
                })
                .collect(),
            parallelism: ParallelismSummary {
                speedup: self.parallelism.speedup,
                ideal: self.parallelism.ideal,
                efficiency: self.parallelism.efficiency,
            },
            errors: self
                .errors
                .iter()
                .map(|group| ErrorSummary {
                    cause: group.cause.clone(),
                    span_name: group.span_name.clone(),
                    count: group.count,
                })
                .collect(),
            error_spans: self.error_spans,
            span_count: self.span_count,
        }
    }
}

impl RunSummary {
    /// What the run's `health.json` says; none if there is no such file.
    pub fn read(run: &RunDir) -> Result<Option<Self>, RunError> {
        let path = run.health_json();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(RunError::io("read", &path, error)),
        };
        match serde_json::from_slice(&bytes) {
            Ok(summary) => Ok(Some(summary)),
            Err(error) => Err(RunError::new(
                RunErrorKind::Invalid,
                format!(
                    "{} is no health report ({error}): `telensic verify {}` says whether it was changed",
                    path.display(),
                    run.id()
                ),
            )),
        }
    }

    /// The latest runs of the same profile that started before this one, the oldest first, at most so many; and why some
    /// could not be read.
    pub fn earlier(
        root: &DataRoot,
        manifest: &Manifest,
        most: usize,
    ) -> Result<(Vec<Self>, Vec<RunError>), RunError> {
        let (mut found, mut unreadable) = (Vec::new(), Vec::new());
        for run in root.list()?.into_iter().rev() {
            if found.len() == most {
                break;
            }
            if run.id() >= manifest.run_id {
                continue;
            }
            match run.manifest() {
                Ok(other) if other.profile != manifest.profile => continue,
                Ok(_) => {}
                Err(error) => {
                    unreadable.push(error);
                    continue;
                }
            }
            match Self::read(&run) {
                Ok(summary) => found.extend(summary),
                Err(error) => unreadable.push(error),
            }
        }
        found.reverse();
        Ok((found, unreadable))
    }
}
