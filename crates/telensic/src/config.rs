//! What the recorder is asked to do: defaults, then the environment, then the builder.

mod builder;
mod env;
mod limits;
mod resource;

pub use builder::{Builder, Durability};
pub use limits::Limits;

pub(crate) use env::Env;
pub(crate) use resource::{Identity, resource_bytes};

use std::path::PathBuf;
#[cfg(feature = "run")]
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "run")]
use telensic_run::RunDir;
use telensic_tape::Mode;

use crate::Severity;
use crate::context::Propagators;
use crate::sampler::Sampler;
use crate::sink::{LogFilesOptions, LogLayout};

/// Everything that is settled once a recorder starts.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) identity: Identity,
    pub(crate) tape_dir: PathBuf,
    pub(crate) mode: Mode,
    /// The environment says which run this process belongs to; the span that it was started in is there too.
    pub(crate) joins: bool,
    pub(crate) open_spans: u32,
    pub(crate) durability: Durability,
    pub(crate) limits: Limits,
    pub(crate) sampler: Sampler,
    pub(crate) propagators: Propagators,
    pub(crate) log_level: Severity,
    pub(crate) log_layout: LogLayout,
    /// Where NDJSON files go: usually one directory, in a run also the run's own.
    pub(crate) log_files: Vec<LogFilesOptions>,
    pub(crate) console: bool,
    #[cfg(feature = "otlp")]
    pub(crate) export: crate::export::ExportSettings,
    #[cfg(feature = "metrics")]
    pub(crate) metrics: crate::metrics::MetricSettings,
    pub(crate) shutdown: Duration,
    pub(crate) panics: bool,
}

impl Settings {
    /// The same, but for what is recorded into a run of this process's own.
    #[cfg(feature = "run")]
    pub(crate) fn within(mut self, run: &RunDir) -> Self {
        self.identity.facts = Arc::default();
        self.identity.run_id = Some(run.id().to_string());
        self.tape_dir = run.tapes();
        self.mode = Mode::Run;
        self.joins = false;
        if let Some(files) = self.log_files.first().cloned() {
            self.log_files = vec![files, LogFilesOptions::new(run.logs()).layout(self.log_layout)];
        }
        self
    }
}
