//! Starting spans.
//!
//! A name that is a standard span's (`run_stage:load`) makes it one: it gets the attributes and metrics of its kind.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use telensic::__private::{Site, Start};
use telensic::context::Context;
use telensic::{__door as door, ScopeId, Span, SpanBuilder, SpanKind};

use crate::boundary::safely;
use crate::keys::key;
use crate::span::{PySpan, time};
use crate::{current, value};

/// What is said of a span before it starts.
#[derive(Clone, Copy, Default)]
pub(crate) struct Said {
    pub(crate) kind: SpanKind,
    pub(crate) scope: ScopeId,
    pub(crate) at: Option<u64>,
}

/// Starts a span of this name with these attributes, child of `parent`, or of what is current.
#[inline]
pub(crate) fn begin<'a>(
    py: Python<'_>,
    name: &str,
    parent: Option<&Context>,
    said: Said,
    given: impl Fn() -> Vec<&'a str>,
) -> Span {
    let start = |parent: Option<&Context>| {
        if may_be_standard(name) && said.at.is_none() {
            return at_site(name, parent, said, &given());
        }
        let mut builder = SpanBuilder::new(name).kind(said.kind).scope(said.scope);
        if let Some(parent) = parent {
            builder = builder.parent(parent);
        }
        match said.at {
            Some(at) => builder.start_at(time(at)),
            None => builder.start(),
        }
    };
    match parent {
        Some(parent) => start(Some(parent)),
        None => current::with(py, start),
    }
}

#[cold]
fn at_site(name: &str, parent: Option<&Context>, said: Said, given: &[&str]) -> Span {
    let mut start = Start::new().kind(said.kind).scope(said.scope);
    if let Some(parent) = parent {
        start = start.parent(parent);
    }
    Site::new(name, given).start(name, start)
}

/// Whether the name begins as those of standard spans do.
#[inline]
fn may_be_standard(name: &str) -> bool {
    const BEGINNINGS: [&str; 4] = ["run_", "pipeline:", "execute_", "operation."];
    matches!(name.as_bytes().first(), Some(b'r' | b'p' | b'e' | b'o'))
        && BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

/// A span that belongs to nothing: nothing is recorded in this process.
pub(crate) fn nothing() -> PySpan {
    PySpan::new(Span::none())
}

/// Starts a span of which more is said than its name and attributes.
#[pyfunction]
#[pyo3(signature = (name, *, attributes=None, parent=None, kind=0, scope=None, links=None, start_time=None))]
#[expect(clippy::too_many_arguments, reason = "named arguments, in Python")]
pub(crate) fn start_span(
    py: Python<'_>,
    name: &Bound<'_, PyAny>,
    attributes: Option<&Bound<'_, PyDict>>,
    parent: Option<&Bound<'_, PyAny>>,
    kind: u8,
    scope: Option<&Bound<'_, Scope>>,
    links: Option<Vec<Bound<'_, PyAny>>>,
    start_time: Option<u64>,
) -> PySpan {
    if !door::is_active() {
        let parent = parent.and_then(current::context_of).cloned();
        return parent.map_or_else(nothing, PySpan::of_context);
    }
    let started = || {
        let said = Said {
            kind: kind_of(kind),
            scope: scope.map_or(ScopeId::default(), |scope| scope.get().0),
            at: start_time,
        };
        let parent = parent.and_then(current::context_of);
        value::with_text(name, |name| {
            let mut span = begin(py, name, parent, said, || given(attributes));
            put(&mut span, attributes);
            for link in links.iter().flatten().filter_map(current::context_of) {
                span.link(link);
            }
            Ok(PySpan::new(span))
        })
    };
    safely(py, started, nothing)
}

/// The span that is current. One that stands for nothing, if there is none: it can be said anything, and records nothing.
#[pyfunction]
pub(crate) fn get_current_span(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    if let Some(object) = current::get(py) {
        if object.is_exact_instance_of::<PySpan>() {
            return Ok(object);
        }
        if let Some(context) = current::context_of(&object) {
            return Ok(Bound::new(py, PySpan::of_context(context.clone()))?.into_any());
        }
    }
    Ok(Bound::new(py, PySpan::of_context(telensic::current_context()))?.into_any())
}

/// The names of the attributes that are given.
fn given<'a>(attributes: Option<&'a Bound<'_, PyDict>>) -> Vec<&'a str> {
    // Only standard names matter, and a name that is none of them may be left out.
    let names = attributes.into_iter().flat_map(|attributes| attributes.keys());
    names
        .filter_map(|name| standard_key(&value::text(&name)))
        .collect()
}

/// The standard key of this name.
pub(crate) fn standard_key(name: &str) -> Option<&'static str> {
    use telensic::names::key::{PROFILE, RUN_ID, STAGE_ID, STEP};
    [PROFILE, RUN_ID, STAGE_ID, STEP]
        .into_iter()
        .find(|key| *key == name)
}

/// Adds attributes to a span that nobody else has yet.
#[inline]
pub(crate) fn put(span: &mut Span, attributes: Option<&Bound<'_, PyDict>>) {
    let Some(attributes) = attributes.filter(|_| span.is_recording()) else {
        return;
    };
    for (name, value) in attributes {
        value::with_text(&name, |name| {
            value::lend(&value, |value| span.set(key(name), value))
        });
    }
}

pub(crate) fn kind_of(number: u8) -> SpanKind {
    match number {
        1 => SpanKind::Server,
        2 => SpanKind::Client,
        3 => SpanKind::Producer,
        4 => SpanKind::Consumer,
        _ => SpanKind::Internal,
    }
}

/// Which library or module records.
#[pyclass(frozen, module = "telensic._telensic")]
pub(crate) struct Scope(pub(crate) ScopeId);

#[pymethods]
impl Scope {
    #[new]
    #[pyo3(signature = (name, version=""))]
    fn new(name: &str, version: &str) -> Self {
        Self(ScopeId::named(name, version))
    }
}
