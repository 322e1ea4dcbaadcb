//! Typed events: domain facts, held against the schema of their type.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use telensic::events::{Fields, HypothesisId};
use telensic::{__door as door, names};

use crate::boundary::quietly;
use crate::keys::key;
use crate::owned::Owned;
use crate::{current, span, value};

/// Records an event of this type. One that does not fit the schema of its type is recorded as `event.invalid`, with the
/// reason and all that it held. A field that is `None` is not there.
#[pyfunction]
#[pyo3(signature = (name, fields=None, *, timestamp=None))]
pub(crate) fn record_event(
    py: Python<'_>,
    name: &Bound<'_, PyAny>,
    fields: Option<&Bound<'_, PyDict>>,
    timestamp: Option<u64>,
) {
    if !door::is_active() {
        return;
    }
    quietly(py, || {
        let begun = value::with_text(name, |name| current::entered(py, || telensic::event(name)));
        let mut record = match timestamp {
            Some(at) => begun.at(span::time(at)),
            None => begun,
        };
        for (name, field) in fields.into_iter().flatten() {
            value::with_text(&name, |name| {
                value::lend(&field, |field| record.set(key(name), field))
            });
        }
        // Held against a schema, which takes its time only if there is one.
        record.emit();
        Ok(())
    });
}

/// Adds the schema (JSON Schema, draft 2020-12) of an event type of one's own.
#[pyfunction]
pub(crate) fn register_schema(name: &str, schema: &Bound<'_, PyAny>) -> PyResult<()> {
    let schema = value::owned(schema).to_json();
    telensic::register_schema(name, schema).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// The name of a hypothesis: the same in every run. It is made of what is tested, never of when or with which outcome.
/// Without an experiment, that of the environment counts, or the profile of the run.
#[pyfunction]
#[pyo3(signature = (test_name, variable, context=None, experiment=None))]
pub(crate) fn hypothesis_id(
    test_name: &str,
    variable: &str,
    context: Option<&Bound<'_, PyDict>>,
    experiment: Option<String>,
) -> PyResult<String> {
    let context = context.map_or(Owned::Map(Vec::new()), |context| value::owned(context));
    let fields = match context.to_json() {
        serde_json::Value::Object(members) => Fields::from(members),
        _ => Fields::default(),
    };
    let of_environment = || {
        let id = std::env::var(names::env::EXPERIMENT_ID).ok();
        id.filter(|id| !id.is_empty())
    };
    let experiment = experiment.or_else(of_environment);
    let experiment = experiment
        .or_else(|| door::profile().map(str::to_owned))
        .unwrap_or_default();
    Ok(HypothesisId::of(&experiment, test_name, variable, &fields)
        .as_str()
        .to_owned())
}
