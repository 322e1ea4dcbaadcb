//! The CPU profile of this process as a part of a run.

use std::path::Path;

use telensic_forensics::profile::{CpuProfile, encode};
use telensic_run::{RunDir, RunError, names};

use super::{CpuProfileOptions, CpuProfiler, ProfileError};
use crate::recorder::Recorder;
use crate::say::say;

/// A profile that is being taken for a run.
pub(crate) struct Recording {
    profiler: CpuProfiler,
    run: RunDir,
    pid: u32,
}

impl Recording {
    /// Begins one with these settings, or if the environment asks for one. Why there is none is said in a line.
    pub(crate) fn begin(asked: Option<CpuProfileOptions>, run: &RunDir) -> Option<Self> {
        let options = asked.or_else(CpuProfileOptions::of_env)?;
        match CpuProfiler::start(options) {
            Ok(profiler) => Some(Self {
                profiler,
                run: run.clone(),
                pid: std::process::id(),
            }),
            // The guard of `init` has begun it, for the same run.
            Err(ProfileError::Running) => None,
            Err(error) => {
                say(&error.to_string());
                None
            }
        }
    }

    /// Begins one if the environment asks for it and names the run that this process belongs to.
    pub(crate) fn of_worker() -> Option<Self> {
        let path = std::env::var_os(names::env::RUN_DIR).filter(|path| !path.is_empty())?;
        let id = std::env::var(names::env::RUN_ID).ok()?.parse().ok()?;
        Self::begin(None, &RunDir::at(path, id))
    }

    /// Ends it and writes it into the run.
    pub(crate) fn end(self) {
        if self.pid != std::process::id() {
            // The child of a fork: the profile is its parent's.
            std::mem::forget(self.profiler);
            return;
        }
        let outside = Recorder::current()
            .and_then(|recorder| recorder.origin().span())
            .map(|span| (span.trace_id(), span.span_id()));
        let mut profile = self.profiler.finish_in(outside);
        if let Some(recorder) = Recorder::current() {
            profile.facts.host.clone_from(&recorder.settings.identity.host);
        }
        if let Err(error) = keep(&self.run, &profile) {
            say(&format!("the CPU profile cannot be kept: {error}"));
        }
    }
}

/// The program's name, as it may stand in the name of a file.
pub(super) fn package() -> String {
    let program = std::env::current_exe().ok();
    let stem = program.as_deref().and_then(Path::file_stem);
    stem.map_or_else(
        || "program".to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    )
}

fn keep(run: &RunDir, profile: &CpuProfile) -> Result<(), RunError> {
    let path = run.new_cpu_profile(&profile.facts.package, profile.started)?;
    let file = encode(profile).map_err(|error| RunError::io("write", &path, error))?;
    run.write(&path, &file)
}
