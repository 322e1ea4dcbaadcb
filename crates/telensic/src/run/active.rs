//! A run in progress.

use std::error::Error;
use std::process::Command;

use telensic_run::{DataRoot, Manifest, RunDir, RunError, RunId, RunStatus, names};

use super::builder::RunBuilder;
use super::conclude::{Concluded, Ending, conclude};
use super::session::Session;
use crate::context::{Context, EnvCarrier};
use crate::say::say;
use crate::{Span, Status, inject};

/// A run in progress; dropped without [`Run::finish`] it counts as failed.
///
/// ```
/// # let root = telensic::DataRoot::new(std::env::temp_dir().join(format!("run-doc-sdk-{}", std::process::id())));
/// use telensic::{Run, RunStatus};
///
/// let run = Run::builder("nightly").root(root.clone()).start()?;
/// {
///     let _stage = telensic::span("run_stage:load").with("stage_id", "load").entered();
/// }
/// let concluded = run.finish()?.expect("this process started it");
/// assert_eq!(concluded.status, RunStatus::Succeeded);
/// # std::fs::remove_dir_all(root.path()).ok();
/// # Ok::<(), telensic::RunError>(())
/// ```
#[must_use = "a run that is dropped at once has failed"]
pub struct Run {
    dir: RunDir,
    profile: String,
    /// Of the process that started the run; a worker has none.
    owner: Option<Owner>,
    span: Option<Span>,
    session: Option<Session>,
    pid: u32,
    #[cfg(feature = "profile")]
    profiling: Option<crate::profile::Recording>,
}

/// What only the process has that started the run.
pub(super) struct Owner {
    pub(super) root: DataRoot,
    pub(super) manifest: Manifest,
}

impl Run {
    /// Starts a run of this profile with the environment's settings.
    pub fn start(profile: &str) -> Result<Self, RunError> {
        RunBuilder::new(profile).start()
    }

    /// Settings for a run of this profile.
    pub fn builder(profile: &str) -> RunBuilder {
        RunBuilder::new(profile)
    }

    pub(super) fn begun(
        dir: RunDir,
        profile: String,
        owner: Option<Owner>,
        span: Span,
        session: Session,
    ) -> Self {
        Self {
            dir,
            profile,
            owner,
            span: Some(span),
            session: Some(session),
            pid: std::process::id(),
            #[cfg(feature = "profile")]
            profiling: None,
        }
    }

    /// The same, with the profile that is being taken of it.
    #[cfg(feature = "profile")]
    pub(super) fn profiled(mut self, profiling: Option<crate::profile::Recording>) -> Self {
        self.profiling = profiling;
        self
    }

    /// Its name.
    pub fn id(&self) -> RunId {
        self.dir.id()
    }

    /// Its directory.
    pub fn dir(&self) -> &RunDir {
        &self.dir
    }

    /// The pipeline profile.
    pub fn profile(&self) -> &str {
        &self.profile
    }

    /// The context of its root span, for threads that are in another one.
    pub fn context(&self) -> Context {
        self.span.as_ref().map(Span::context).unwrap_or_default()
    }

    /// Adds an attribute to its root span.
    pub fn set<'k, 'v>(&mut self, key: impl Into<crate::Key<'k>>, value: impl Into<crate::Value<'v>>) {
        if let Some(span) = &mut self.span {
            span.set(key, value);
        }
    }

    /// Its root span, until it ends.
    pub(crate) fn span_mut(&mut self) -> Option<&mut Span> {
        self.span.as_mut()
    }

    /// Makes a program that is to be started a worker of this run, in the context that this thread is in.
    pub fn hand_over<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        hand_over(&self.dir, command)
    }

    /// Ends it as succeeded. A worker only closes its tape and gets `None`.
    pub fn finish(self) -> Result<Option<Concluded>, RunError> {
        self.conclude(Ending::of(RunStatus::Succeeded))
    }

    /// Ends it as failed, for this reason. A worker only closes its tape and gets `None`.
    pub fn fail<E: Error + ?Sized>(mut self, error: &E) -> Result<Option<Concluded>, RunError> {
        if let Some(span) = &mut self.span {
            span.record_error(error);
        }
        self.end(Ending::of(RunStatus::Failed).because(error.to_string()))
    }

    /// Ends it in another way. A worker only closes its tape and gets `None`.
    pub fn conclude(mut self, ending: Ending) -> Result<Option<Concluded>, RunError> {
        if let Some(span) = &mut self.span {
            span.set_status(match (ending.status(), ending.reason()) {
                (RunStatus::Succeeded, _) => Status::Ok,
                (_, reason) => Status::Error {
                    message: reason.unwrap_or_default().to_owned(),
                },
            });
        }
        self.end(ending)
    }

    fn end(&mut self, ending: Ending) -> Result<Option<Concluded>, RunError> {
        let (span, session) = (self.span.take(), self.session.take());
        if self.pid != std::process::id() {
            // The child of a fork: the run is its parent's.
            std::mem::forget((span, session));
            return Ok(None);
        }
        #[cfg(feature = "profile")]
        if let Some(profiling) = self.profiling.take() {
            profiling.end();
        }
        drop(span);
        if let Some(session) = session {
            session.end();
        }
        #[cfg(feature = "metrics")]
        self.write_metrics();
        match self.owner.take() {
            Some(owner) => conclude(&self.dir, Some(&owner.root), owner.manifest, ending).map(Some),
            None => Ok(None),
        }
    }
}

/// Makes a program that is to be started a worker of this run, in the context that this thread is in.
pub(crate) fn hand_over<'c>(run: &RunDir, command: &'c mut Command) -> &'c mut Command {
    // A worker need not have the same working directory.
    let dir = std::path::absolute(run.path()).unwrap_or_else(|_| run.path().to_owned());
    let mut variables = EnvCarrier::new();
    inject(&crate::current_context(), &mut variables);
    command
        .env(names::env::RUN_ID, run.id().as_str())
        .env(names::env::RUN_DIR, dir)
        .envs(variables)
}

#[cfg(feature = "metrics")]
impl Run {
    /// Keeps the last state of this process's metrics in the run; a worker's are on its tape.
    fn write_metrics(&self) {
        let text = crate::metrics::render(crate::metrics::Format::Prometheus);
        if self.owner.is_some()
            && let Err(error) = self.dir.write(&self.dir.metrics(), text.as_bytes())
        {
            say(&format!("the run has no metrics.prom: {error}"));
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if self.session.is_none() {
            return;
        }
        let reason = if std::thread::panicking() {
            "a panic ended it"
        } else {
            "it was dropped without finish()"
        };
        if let Some(span) = &mut self.span {
            span.set_status(Status::Error {
                message: reason.into(),
            });
        }
        if let Err(error) = self.end(Ending::of(RunStatus::Failed).because(reason)) {
            say(&format!(
                "run {} could not be concluded: {error}; `telensic recover {}` does it",
                self.id(),
                self.id()
            ));
        }
    }
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run")
            .field("dir", &self.dir)
            .finish_non_exhaustive()
    }
}
