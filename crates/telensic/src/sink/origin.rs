//! Who is logging: what is the same for every line of the process.

use std::sync::{Arc, OnceLock};

#[cfg(feature = "run")]
use telensic_run::Provenance;

/// The fields of a line that no record brings with it. An attribute `run_id` or `provenance.*` of a record
/// overrides what is here.
#[derive(Clone, Debug, Default)]
pub(crate) struct LogOrigin {
    /// `service.name`.
    pub(crate) service: String,
    /// `deployment.environment`.
    pub(crate) env: Option<String>,
    /// `host.name`.
    pub(crate) host: Option<String>,
    /// `process.pid`.
    pub(crate) pid: u32,
    /// The run, if the process is part of one.
    pub(crate) run_id: Option<String>,
    /// What is known of the run's provenance by now.
    pub(crate) facts: Arc<RunFacts>,
}

/// What lines of a log say of the provenance of their run. Each is settled once, when it becomes known.
#[derive(Debug, Default)]
pub(crate) struct RunFacts {
    /// The profile of the run. No line says it; the standard spans do.
    pub(crate) profile: OnceLock<String>,
    /// `sess_YYYYMMDD_HHMMSS`.
    pub(crate) session_id: OnceLock<String>,
    /// The commit of the program's code.
    pub(crate) git_sha: OnceLock<String>,
    /// SHA-256 of the run's first input.
    pub(crate) input_hash: OnceLock<String>,
    /// The first seed that the run named.
    pub(crate) random_seed: OnceLock<i64>,
}

impl RunFacts {
    /// Takes what is known when a run begins.
    #[cfg(feature = "run")]
    pub(crate) fn settle(&self, provenance: &Provenance) {
        self.session_id.get_or_init(|| provenance.session_id.to_string());
        if let Some(sha) = provenance.git.as_ref().and_then(|git| git.sha.clone()) {
            self.git_sha.get_or_init(|| sha);
        }
    }
}
