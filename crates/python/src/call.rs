//! What the arguments of a decorated function say of its span: they fill the placeholders of its name, and become attributes.
//!
//! Which argument is where is found once, when the function is decorated; a call only picks. Invariant: what a call was given
//! counts before defaults, and no argument is recorded that was not named.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use telensic::__private::{Site, Start};
use telensic::metrics::{self, AdapterOperation};
use telensic::{__door as door, Key, ScopeId, SpanKind, names};

use crate::boundary::safely;
use crate::keys;
use crate::metric::AdapterPart;
use crate::span::PySpan;
use crate::start::{self, Said, Scope, nothing};
use crate::{current, value};

const PROVIDER: Key<'static> = Key::new(names::key::PROVIDER);
const OPERATION: Key<'static> = Key::new(names::key::OPERATION);

/// How to begin the span of each call of one function.
#[pyclass(frozen, module = "telensic._telensic")]
pub(crate) struct Call {
    /// Constant pieces, and between each two of them the text of an argument.
    name: Vec<String>,
    fills: Vec<Picked>,
    attributes: Vec<(String, Picked)>,
    said: Said,
    /// Found by the constant beginning of the name; none if it has none, so that each name has to be looked at.
    site: Option<Site>,
    tells_errors: bool,
    adapter: Option<AdapterMethod>,
}

/// A method of a client of a data provider.
struct AdapterMethod {
    provider: String,
    name: String,
    metrics: AdapterOperation,
    classify: Option<Py<PyAny>>,
}

impl AdapterMethod {
    /// A call of it begins.
    #[inline]
    fn part(&self, py: Python<'_>) -> AdapterPart {
        AdapterPart {
            call: self.metrics.begin(),
            classify: self.classify.as_ref().map(|classify| classify.clone_ref(py)),
        }
    }
}

/// An argument, or something it has.
struct Picked {
    argument: Py<PyString>,
    /// Among the positional ones, if it can be there.
    position: Option<usize>,
    default: Option<Py<PyAny>>,
    /// Attributes of attributes of it.
    path: Vec<Py<PyString>>,
    /// What makes its text, if `str` does not.
    format: Option<Py<PyAny>>,
}

/// The argument's name, position and default (in a tuple), what is picked of it, and how it is made a text.
type Pick<'py> = (
    Py<PyString>,
    Option<usize>,
    Option<Bound<'py, PyTuple>>,
    Vec<Py<PyString>>,
    Option<Py<PyAny>>,
);

impl Picked {
    fn new(pick: Pick<'_>) -> PyResult<Self> {
        let (argument, position, default, path, format) = pick;
        Ok(Self {
            argument,
            position,
            default: default
                .map(|default| default.get_item(0))
                .transpose()?
                .map(Bound::unbind),
            path,
            format,
        })
    }

    #[inline]
    fn of<'py>(
        &self,
        given: &Bound<'py, PyTuple>,
        named: &Bound<'py, PyDict>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let py = given.py();
        let positional = self.position.and_then(|position| given.get_item(position).ok());
        let found = match positional {
            Some(found) => Some(found),
            None => match named.get_item(&self.argument)? {
                Some(found) => Some(found),
                None => self.default.as_ref().map(|default| default.bind(py).clone()),
            },
        };
        let Some(mut picked) = found else { return Ok(None) };
        for step in &self.path {
            picked = picked.getattr(step)?;
        }
        Ok(Some(picked))
    }

    fn push_text(&self, name: &mut String, picked: &Bound<'_, PyAny>) -> PyResult<()> {
        match &self.format {
            None => value::with_text(picked, |text| name.push_str(text)),
            Some(format) => name.push_str(&value::text(&format.bind(picked.py()).call1((picked,))?)),
        }
        Ok(())
    }
}

#[pymethods]
impl Call {
    #[new]
    #[pyo3(signature = (name, fills, attributes, kind, scope, tells_errors, adapter=None))]
    fn new(
        name: Vec<String>,
        fills: Vec<Pick<'_>>,
        attributes: Vec<(String, Pick<'_>)>,
        kind: u8,
        scope: Option<&Bound<'_, Scope>>,
        tells_errors: bool,
        adapter: Option<(String, String, Option<Py<PyAny>>)>,
    ) -> PyResult<Self> {
        let keys: Vec<&str> = attributes.iter().map(|(key, _)| key.as_str()).collect();
        let beginning = name.first().filter(|beginning| !beginning.is_empty());
        let site = beginning.map(|beginning| Site::new(beginning, &keys));
        let fills = fills.into_iter().map(Picked::new).collect::<PyResult<Vec<_>>>()?;
        let attributes = attributes
            .into_iter()
            .map(|(key, pick)| Ok((key, Picked::new(pick)?)));
        Ok(Self {
            name,
            fills,
            attributes: attributes.collect::<PyResult<Vec<_>>>()?,
            said: Said {
                kind: start::kind_of(kind),
                scope: scope.map_or(ScopeId::default(), |scope| scope.get().0),
                at: None,
            },
            site,
            tells_errors,
            adapter: adapter.map(|(provider, name, classify)| AdapterMethod {
                metrics: metrics::adapter(&provider).operation(&name),
                provider,
                name,
                classify,
            }),
        })
    }

    /// Starts the span of a call with these arguments.
    fn begin<'py>(&self, py: Python<'py>, given: &Bound<'py, PyTuple>, named: &Bound<'py, PyDict>) -> PySpan {
        let span = if door::is_active() {
            safely(py, || Ok(self.start(py, given, named)), nothing)
        } else {
            nothing()
        };
        match &self.adapter {
            Some(adapter) => span.of_adapter(adapter.part(py)),
            None => span,
        }
    }
}

impl Call {
    fn start<'py>(&self, py: Python<'py>, given: &Bound<'py, PyTuple>, named: &Bound<'py, PyDict>) -> PySpan {
        let made;
        let name = match self.name.as_slice() {
            [constant] => constant,
            _ => {
                made = self.name_of(given, named);
                &made
            }
        };
        let mut span = match &self.site {
            Some(site) => current::with(py, |parent| {
                let start = Start::new().kind(self.said.kind).scope(self.said.scope);
                site.start(name, parent.map_or(start, |parent| start.parent(parent)))
            }),
            None => start::begin(py, name, None, self.said, || self.keys()),
        };
        if span.is_recording() {
            if let Some(adapter) = &self.adapter {
                span.set(PROVIDER, adapter.provider.as_str());
                span.set(OPERATION, adapter.name.as_str());
            }
            for (name, picked) in &self.attributes {
                // An attribute that cannot be had is none.
                if let Ok(Some(found)) = picked.of(given, named) {
                    let key: Key<'_> = keys::key(name);
                    value::lend(&found, |value| span.set(key, value));
                }
            }
        }
        let span = PySpan::new(span);
        if self.tells_errors {
            span
        } else {
            span.without_errors()
        }
    }

    fn keys(&self) -> Vec<&str> {
        self.attributes.iter().map(|(key, _)| key.as_str()).collect()
    }

    #[inline]
    fn name_of<'py>(&self, given: &Bound<'py, PyTuple>, named: &Bound<'py, PyDict>) -> String {
        let mut name = String::with_capacity(48);
        for (index, constant) in self.name.iter().enumerate() {
            name.push_str(constant);
            let Some(fill) = self.fills.get(index) else { break };
            let pushed = fill.of(given, named).and_then(|picked| match picked {
                Some(picked) => fill.push_text(&mut name, &picked),
                None => Ok(()),
            });
            if pushed.is_err() {
                name.push('?');
            }
        }
        name
    }
}

/// The kind of a span by its name.
#[pyfunction]
pub(crate) fn span_kind(name: &str) -> Option<u8> {
    const KINDS: [(&str, SpanKind); 5] = [
        ("internal", SpanKind::Internal),
        ("server", SpanKind::Server),
        ("client", SpanKind::Client),
        ("producer", SpanKind::Producer),
        ("consumer", SpanKind::Consumer),
    ];
    let kind = KINDS.iter().find(|(known, _)| *known == name)?;
    // As the API of OpenTelemetry numbers them in Python.
    Some(kind.1 as u8 - 1)
}
