//! How a span ends, in the words of Python.

use pyo3::intern;
use pyo3::prelude::*;
use telensic::Status;

use crate::value;

/// The status of a word (`"ok"`, `"error"`, `"unset"`), of OpenTelemetry's `StatusCode`, or of its `Status`.
pub(crate) fn of(status: &Bound<'_, PyAny>, description: Option<&Bound<'_, PyAny>>) -> Status {
    let py = status.py();
    // A `Status` of the API has both.
    let code = status.getattr(intern!(py, "status_code"));
    let own = status.getattr(intern!(py, "description"));
    let (code, own) = match &code {
        Ok(code) => (code, own.ok()),
        Err(_) => (status, None),
    };
    let description = description.or(own.as_ref()).filter(|text| !text.is_none());
    // A `StatusCode` is an enumeration.
    let name = code.getattr(intern!(py, "name"));
    let name = value::text(name.as_ref().unwrap_or(code));
    match name.to_ascii_lowercase().as_str() {
        "ok" => Status::Ok,
        "unset" => Status::Unset,
        // Whatever else was meant, it is no success.
        _ => Status::error(description.map(value::text).unwrap_or_default()),
    }
}
