//! What a run is asked to be.

use telensic_run::{DataRoot, Manifest, Provenance, RunDir, RunError, RunErrorKind, RunId, SessionId, names};

use super::Run;
use super::active::Owner;
use super::session::{Claim, Session};
use crate::context::{Context, EnvCarrier};
#[cfg(feature = "profile")]
use crate::profile::Recording;
use crate::{Builder, SpanBuilder, extract};

/// Settings of a run: the environment's, but for what is set here.
///
/// ```no_run
/// use telensic::{Builder, Run};
///
/// let run = Run::builder("nightly").kind("backtest").experiment("exp-7").recorder(Builder::new("pricing")).start()?;
/// run.finish()?;
/// # Ok::<(), telensic::RunError>(())
/// ```
#[derive(Default)]
pub struct RunBuilder {
    profile: String,
    kind: Option<String>,
    experiment: Option<String>,
    session: Option<SessionId>,
    command: Option<Vec<String>>,
    root: Option<DataRoot>,
    recorder: Option<Builder>,
    #[cfg(feature = "profile")]
    profile_cpu: Option<crate::profile::CpuProfileOptions>,
}

impl RunBuilder {
    pub(super) fn new(profile: &str) -> Self {
        Self {
            profile: profile.to_owned(),
            ..Self::default()
        }
    }

    /// What kind of run it is: live, backtest, research (the root span's `type`; "run").
    #[must_use]
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = Some(kind.into());
        self
    }

    /// The experiment whose hypotheses are counted together (TELENSIC_EXPERIMENT_ID).
    #[must_use]
    pub fn experiment(mut self, experiment: impl Into<String>) -> Self {
        self.experiment = Some(experiment.into());
        self
    }

    /// The session that it belongs to (TELENSIC_SESSION_ID, `sess_YYYYMMDD_HHMMSS` of its start).
    #[must_use]
    pub fn session(mut self, session: SessionId) -> Self {
        self.session = Some(session);
        self
    }

    /// The program that it wraps, its secrets masked.
    #[must_use]
    pub fn command(mut self, command: Vec<String>) -> Self {
        self.command = Some(command);
        self
    }

    /// The root under which the run's directory is made (TELENSIC_DIR, `data`).
    #[must_use]
    pub fn root(mut self, root: DataRoot) -> Self {
        self.root = Some(root);
        self
    }

    /// The recorder's settings, if none is in force; its service is the profile otherwise.
    #[must_use]
    pub fn recorder(mut self, recorder: Builder) -> Self {
        self.recorder = Some(recorder);
        self
    }

    /// Takes a CPU profile of this process (TF_PROFILE_ENABLED, TF_PROFILE_RATE, TF_PROFILE_DURATION).
    #[cfg(feature = "profile")]
    #[must_use]
    pub fn profile_cpu(mut self, options: crate::profile::CpuProfileOptions) -> Self {
        self.profile_cpu = Some(options);
        self
    }

    /// Starts the run: in a directory of its own, or in the one that TELENSIC_RUN_DIR names, as a worker of it.
    pub fn start(self) -> Result<Run, RunError> {
        let claim = Claim::take()?;
        let builder = self.recorder.unwrap_or_else(|| Builder::new(&self.profile));
        if let Some(path) = set(names::env::RUN_DIR) {
            let dir = joined(path)?;
            #[cfg(feature = "profile")]
            let profiling = Recording::begin(self.profile_cpu, &dir);
            let session = Session::begin(claim, &dir, builder);
            session.settle_profile(&self.profile);
            // On another disk than the engine's there is none.
            if let Ok(provenance) = Provenance::read(&dir) {
                session.settle_facts(&provenance);
            }
            let parent = extract(&EnvCarrier::from_process());
            let span = root_span(&self.profile, self.kind.as_deref(), dir.id(), &parent);
            session.settle_origin(span.context());
            let run = Run::begun(dir, self.profile, None, span, session);
            #[cfg(feature = "profile")]
            let run = run.profiled(profiling);
            return Ok(run);
        }
        let root = self.root.unwrap_or_else(DataRoot::from_env);
        let builder = builder.dir_if_unset(root.path());
        let given = self
            .session
            .map_or_else(session_of_env, |session| Ok(Some(session)))?;
        let mut manifest = Manifest::begin(RunId::new(), &self.profile);
        manifest.experiment_id = self.experiment.or_else(|| set(names::env::EXPERIMENT_ID));
        manifest.command = self.command;
        let own = SessionId::of(manifest.started());
        manifest.session_id = Some(given.unwrap_or(own).to_string());
        // Before anything is recorded: whoever finds the directory knows what it is.
        let dir = begin(&root, &mut manifest)?;
        let mut provenance = Provenance::capture(".");
        provenance.session_id = given.unwrap_or(own);
        provenance.experiment_id.clone_from(&manifest.experiment_id);
        provenance.write(&dir)?;
        #[cfg(feature = "profile")]
        let profiling = Recording::begin(self.profile_cpu, &dir);
        let session = Session::begin(claim, &dir, builder);
        session.settle_profile(&self.profile);
        session.settle_facts(&provenance);
        let span = root_span(&self.profile, self.kind.as_deref(), dir.id(), &Context::new());
        session.settle_origin(span.context());
        if let Some(ids) = span.span_context() {
            manifest.trace_id = Some(ids.trace_id().to_string());
            manifest.root_span_id = Some(ids.span_id().to_string());
        }
        dir.write_manifest(&manifest)?;
        let run = Run::begun(dir, self.profile, Some(Owner { root, manifest }), span, session);
        #[cfg(feature = "profile")]
        let run = run.profiled(profiling);
        Ok(run)
    }
}

/// The value of a variable that is not empty.
fn set(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.is_empty())
}

/// The directory of the run, of a name that no other run has, not even one started at the same moment.
fn begin(root: &DataRoot, manifest: &mut Manifest) -> Result<RunDir, RunError> {
    const TRIES: usize = 16;
    for _ in 1..TRIES {
        match root.begin_run(manifest) {
            Err(error) if error.is_taken() => manifest.run_id = RunId::new(),
            begun => return begun,
        }
    }
    root.begin_run(manifest)
}

/// The run of another process that this one belongs to.
fn joined(path: String) -> Result<RunDir, RunError> {
    match set(names::env::RUN_ID).map(|id| id.parse::<RunId>()) {
        Some(Ok(id)) => Ok(RunDir::at(path, id)),
        _ => RunDir::open(&path).map_err(|error| {
            RunError::new(
                RunErrorKind::Invalid,
                format!("TELENSIC_RUN_DIR is set to {path}, but RUN_ID is no run's name and {error}"),
            )
        }),
    }
}

/// The session that TELENSIC_SESSION_ID names.
fn session_of_env() -> Result<Option<SessionId>, RunError> {
    set(names::env::SESSION_ID).map(|id| id.parse()).transpose()
}

fn root_span(profile: &str, kind: Option<&str>, id: RunId, parent: &Context) -> crate::Span {
    SpanBuilder::new(&names::span::pipeline(profile))
        .parent(parent)
        .start()
        .with(names::key::PROFILE, profile)
        .with(names::key::RUN_ID, id.as_str())
        .with(names::key::TYPE, kind.unwrap_or("run"))
}
