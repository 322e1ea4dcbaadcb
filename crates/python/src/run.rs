//! A run as Python sees it.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use telensic::{__door as door, Concluded, DataRoot, Ending, Run, RunStatus};
use telensic_run::{FileFingerprint, Fingerprint, Provenance, ProvenancePart, RunDir};

use crate::boundary::quietly;
use crate::context::PyContext;
use crate::fingerprint::{Hashed, json};
use crate::keys::key;
use crate::{exception, lifecycle, value};

create_exception!(
    telensic,
    RunError,
    PyException,
    "A run could not be started, told of, or concluded."
);

fn failed(error: telensic::RunError) -> PyErr {
    RunError::new_err(error.to_string())
}

/// A run in progress.
#[pyclass(frozen, name = "Run", module = "telensic._telensic")]
pub(crate) struct PyRun {
    run: Mutex<Option<Run>>,
    dir: RunDir,
    context: telensic::context::Context,
}

impl PyRun {
    fn run(&self) -> MutexGuard<'_, Option<Run>> {
        self.run.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, py: Python<'_>, part: ProvenancePart) -> PyResult<()> {
        py.detach(|| Provenance::add(&self.dir, &part)).map_err(failed)
    }
}

/// Starts a run of this profile, or joins the one that the environment names.
#[pyfunction]
#[pyo3(signature = (profile, kind=None, experiment=None, session=None, directory=None, service_name=None, settings=None))]
#[expect(clippy::too_many_arguments, reason = "named arguments, in Python")]
pub(crate) fn start_run(
    py: Python<'_>,
    profile: &str,
    kind: Option<String>,
    experiment: Option<String>,
    session: Option<&str>,
    directory: Option<PathBuf>,
    service_name: Option<String>,
    settings: Option<&Bound<'_, PyDict>>,
) -> PyResult<PyRun> {
    let service = service_name.unwrap_or_else(|| profile.to_owned());
    let mut builder = Run::builder(profile).recorder(lifecycle::builder(py, Some(service), settings)?);
    if let Some(kind) = kind {
        builder = builder.kind(kind);
    }
    if let Some(experiment) = experiment {
        builder = builder.experiment(experiment);
    }
    if let Some(session) = session {
        builder = builder.session(session.parse().map_err(failed)?);
    }
    if let Some(directory) = directory {
        builder = builder.root(DataRoot::new(directory));
    }
    let run = py.detach(|| builder.start()).map_err(failed)?;
    Ok(PyRun {
        dir: run.dir().clone(),
        context: run.context(),
        run: Mutex::new(Some(run)),
    })
}

#[pymethods]
impl PyRun {
    /// Its name.
    #[getter]
    fn id(&self) -> String {
        self.dir.id().to_string()
    }

    /// Its directory, as it was given.
    #[getter]
    fn directory(&self) -> PathBuf {
        self.dir.path().to_owned()
    }

    /// The context of its root span.
    #[getter]
    fn context(&self) -> PyContext {
        PyContext::new(self.context.clone())
    }

    /// Adds an attribute to its root span.
    fn set(&self, py: Python<'_>, name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) {
        let (name, value) = (value::text(name), value::owned(value));
        quietly(py, || {
            // The lock may be held by a thread that hashes a file.
            py.detach(|| {
                value.lend(|value| {
                    if let Some(run) = &mut *self.run() {
                        run.set(key(&name), value);
                    }
                });
            });
            Ok(())
        });
    }

    /// Says with which seed a component's random numbers begin.
    fn seed(&self, py: Python<'_>, component: &str, seed: &Bound<'_, PyAny>) -> PyResult<()> {
        let seed = value::text(seed);
        py.detach(|| {
            self.run()
                .as_ref()
                .map_or(Ok(()), |run| run.seed(component, seed))
        })
        .map_err(failed)
    }

    /// Says in which state a component's generator is, by the SHA-256 of that state.
    fn random_state(&self, py: Python<'_>, component: &str, sha256: &str) -> PyResult<()> {
        let sha256 = sha256.parse().map_err(failed)?;
        self.add(
            py,
            ProvenancePart::RandomState {
                component: component.to_owned(),
                sha256,
            },
        )
    }

    /// Keeps the configuration, its secrets masked, and its hash.
    fn config(&self, py: Python<'_>, config: &Bound<'_, PyAny>) -> PyResult<()> {
        let config = value::owned(config).to_json();
        py.detach(|| self.run().as_ref().map_or(Ok(()), |run| run.config(config)))
            .map_err(failed)
    }

    /// Takes the fingerprint of a file that is about to be read, and records it as `data.load`.
    fn input_file(&self, py: Python<'_>, path: PathBuf) -> PyResult<String> {
        let taken = py.detach(|| {
            let run = self.run();
            run.as_ref()
                .map_or_else(|| Ok(FileFingerprint::of(&path)), |run| run.input(&path))
        });
        json(&taken.map_err(failed)?)
    }

    /// Takes the fingerprint of a file that was written.
    fn output_file(&self, py: Python<'_>, path: PathBuf) -> PyResult<String> {
        let fingerprint = py.detach(|| FileFingerprint::of(&path));
        self.add(py, ProvenancePart::Output(Fingerprint::File(fingerprint.clone())))?;
        json(&fingerprint)
    }

    /// Takes the fingerprint of an array or a table that goes in.
    fn input_array(&self, py: Python<'_>, name: &str, array: &Bound<'_, PyAny>) -> PyResult<String> {
        let fingerprint = Hashed::of(array, name)?;
        let document = fingerprint.json()?;
        self.add(py, ProvenancePart::Input(fingerprint.into_fingerprint()))?;
        Ok(document)
    }

    /// Takes the fingerprint of an array or a table that came out.
    fn output_array(&self, py: Python<'_>, name: &str, array: &Bound<'_, PyAny>) -> PyResult<String> {
        let fingerprint = Hashed::of(array, name)?;
        let document = fingerprint.json()?;
        self.add(py, ProvenancePart::Output(fingerprint.into_fingerprint()))?;
        Ok(document)
    }

    /// Ends it with this status (`succeeded`, `failed`, `interrupted`); what became of it as JSON, or nothing in a worker.
    #[pyo3(signature = (status, reason=None, error=None))]
    fn conclude(
        &self,
        py: Python<'_>,
        status: &str,
        reason: Option<String>,
        error: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Option<String>> {
        let Some(mut run) = self.run().take() else {
            return Ok(None);
        };
        if let Some(error) = error.filter(|error| !error.is_none()) {
            let (kind, message, stack) = exception::described(error, door::value_lengths().map(|of| of.0));
            door::record_exception_of_run(&mut run, kind, message, stack);
        }
        let ending = Ending::of(match status {
            "succeeded" => RunStatus::Succeeded,
            "interrupted" => RunStatus::Interrupted,
            _ => RunStatus::Failed,
        });
        let ending = match reason {
            Some(reason) => ending.because(reason),
            None => ending,
        };
        let concluded = py.detach(|| run.conclude(ending)).map_err(failed)?;
        concluded.map(|concluded| told(&concluded)).transpose()
    }
}

/// What became of a run.
fn told(concluded: &Concluded) -> PyResult<String> {
    json(&serde_json::json!({
        "run_id": concluded.run.id().to_string(),
        "directory": concluded.run.path(),
        "status": concluded.status,
        "duration_ns": concluded.duration,
        "spans": concluded.spans,
        "logs": concluded.logs,
        "troubles": concluded.troubles,
    }))
}
