//! Values of Python as values of the tape.
//!
//! Texts, numbers and truth values are lent as they lie in Python's memory; everything else is first copied into an
//! [`Owned`] tree. Invariant: every object has a value, and nothing raises: what tells nothing of itself is named by its
//! type. Arrays and tables become their fingerprints: measured data is not recorded.

use pyo3::exceptions::PyOverflowError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PySet, PyString, PyTuple,
    PyType,
};
use telensic::Value;
use telensic::redact::KEEP_ARRAY_ELEMENTS;

use crate::fingerprint;
use crate::owned::Owned;

/// What is nested deeper is left out, which also ends what contains itself: readers of OTLP take some thirty levels.
const DEEPEST: u32 = 24;

/// Hands out the object's value; `None` is none, and not handed out.
#[inline]
pub(crate) fn lend(object: &Bound<'_, PyAny>, take: impl FnOnce(Value<'_>)) {
    // Subclasses too: NumPy's doubles are floats, and members of enumerations of texts are texts.
    if let Ok(text) = object.cast::<PyString>()
        && let Ok(text) = text.to_str()
    {
        take(Value::Str(text));
    } else if let Ok(float) = object.cast::<PyFloat>() {
        take(Value::F64(float.value()));
    } else if let Ok(truth) = object.cast::<PyBool>() {
        take(Value::Bool(truth.is_true()));
    } else if object.is_instance_of::<PyInt>()
        && let Ok(int) = object.extract::<i64>()
    {
        take(Value::I64(int));
    } else if !object.is_none() {
        owned(object).lend(take);
    }
}

/// A copy of the object's value.
#[cold]
pub(crate) fn owned(object: &Bound<'_, PyAny>) -> Owned {
    copy(object, 0)
}

fn copy(object: &Bound<'_, PyAny>, depth: u32) -> Owned {
    let known = if depth < DEEPEST {
        of_known(object, depth)
    } else {
        Ok(Some(Owned::Text("[NESTED TOO DEEP]".to_owned())))
    };
    known.ok().flatten().unwrap_or_else(|| Owned::Text(text(object)))
}

/// The value of an object of a type that is known here.
fn of_known(object: &Bound<'_, PyAny>, depth: u32) -> PyResult<Option<Owned>> {
    if object.is_none() {
        return Ok(Some(Owned::Null));
    }
    if let Some(member) = of_enum(object)? {
        return Ok(Some(copy(&member, depth + 1)));
    }
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(Some(Owned::Text(lossy(text))));
    }
    if let Ok(truth) = object.cast::<PyBool>() {
        return Ok(Some(Owned::Bool(truth.is_true())));
    }
    if let Ok(int) = object.cast::<PyInt>() {
        return of_int(int).map(Some);
    }
    if let Ok(float) = object.cast::<PyFloat>() {
        return Ok(Some(Owned::Float(float.value())));
    }
    if let Ok(bytes) = object.cast::<PyBytes>() {
        return Ok(Some(Owned::Bytes(bytes.as_bytes().to_vec())));
    }
    if let Ok(bytes) = object.cast::<PyByteArray>() {
        return Ok(Some(Owned::Bytes(bytes.to_vec())));
    }
    if let Ok(map) = object.cast::<PyDict>() {
        return of_pairs(map.iter(), depth).map(Some);
    }
    let is_sequence = object.is_instance_of::<PyList>()
        || object.is_instance_of::<PyTuple>()
        || object.is_instance_of::<PySet>()
        || object.is_instance_of::<PyFrozenSet>();
    if is_sequence {
        let items = object.try_iter()?.map(|item| Ok(copy(&item?, depth + 1)));
        return items
            .collect::<PyResult<Vec<_>>>()
            .map(|items| Some(Owned::of_items(items)));
    }
    of_described(object, depth)
}

/// The value of an object that says by its attributes what it is.
fn of_described(object: &Bound<'_, PyAny>, depth: u32) -> PyResult<Option<Owned>> {
    let py = object.py();
    if object.is_instance_of::<PyType>() {
        return Ok(None);
    }
    if let Some(data) = of_data(object, depth) {
        return Ok(Some(data));
    }
    if let Ok(fields) = object.getattr(intern!(py, "__dataclass_fields__")) {
        let names = fields.cast_into::<PyDict>()?.keys();
        let pairs = names.iter().map(|name| {
            let value = object.getattr(name.cast::<PyString>()?)?;
            Ok((name, value))
        });
        return of_pairs(pairs.collect::<PyResult<Vec<_>>>()?.into_iter(), depth).map(Some);
    }
    if let Ok(moment) = object.getattr(intern!(py, "isoformat")) {
        return Ok(Some(Owned::Text(moment.call0()?.extract()?)));
    }
    Ok(None)
}

/// What stands for an array, a table or a column: never its text, which would be raw data.
fn of_data(object: &Bound<'_, PyAny>, depth: u32) -> Option<Owned> {
    let py = object.py();
    let nameless = || Some(Owned::Text(format!("[{}]", type_name(object))));
    match fingerprint::array_of(object) {
        Ok(Some(array)) if array.is_scalar() || array.len() <= KEEP_ARRAY_ELEMENTS => {
            let plain = object.call_method0(intern!(py, "tolist"));
            return plain.map_or_else(|_| nameless(), |plain| Some(copy(&plain, depth + 1)));
        }
        Ok(Some(array)) => return Some(Owned::Text(array.short(py))),
        Ok(None) => {}
        Err(_) => return nameless(),
    }
    match fingerprint::table_of(object) {
        Ok(Some(table)) => table
            .short()
            .map_or_else(|_| nameless(), |text| Some(Owned::Text(text))),
        Ok(None) if object.hasattr(intern!(py, "__array__")).unwrap_or(false) => nameless(),
        _ => None,
    }
}

/// What a member of an enumeration stands for.
fn of_enum<'py>(object: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = object.py();
    static ENUM: pyo3::sync::PyOnceLock<Py<PyType>> = pyo3::sync::PyOnceLock::new();
    let enumeration = ENUM.import(py, "enum", "Enum")?;
    if object.is_instance(enumeration)? {
        return object.getattr(intern!(py, "value")).map(Some);
    }
    Ok(None)
}

/// An integer beyond 64 bits is its decimal text.
fn of_int(int: &Bound<'_, PyInt>) -> PyResult<Owned> {
    match int.extract::<i64>() {
        Ok(small) => Ok(Owned::Int(small)),
        Err(error) if error.is_instance_of::<PyOverflowError>(int.py()) => {
            int.str().map(|digits| Owned::Text(lossy(&digits)))
        }
        Err(error) => Err(error),
    }
}

fn of_pairs<'py>(
    pairs: impl Iterator<Item = (Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    depth: u32,
) -> PyResult<Owned> {
    let pairs = pairs.map(|(key, value)| (text(&key), copy(&value, depth + 1)));
    Ok(Owned::Map(pairs.collect()))
}

/// The object's text; of one that has none, its type.
pub(crate) fn text(object: &Bound<'_, PyAny>) -> String {
    match object.str() {
        Ok(text) => lossy(&text),
        Err(_) => format!("<{} that has no text>", type_name(object)),
    }
}

fn type_name(object: &Bound<'_, PyAny>) -> String {
    let name = object.get_type().name();
    name.map_or_else(|_| "an object".to_owned(), |name| lossy(&name))
}

/// The text; half of a surrogate pair, which is no character, is escaped.
fn lossy(text: &Bound<'_, PyString>) -> String {
    if let Ok(text) = text.to_str() {
        return text.to_owned();
    }
    let escaped = text.call_method1("encode", ("utf-8", "backslashreplace"));
    let bytes = escaped.ok().and_then(|bytes| bytes.extract::<Vec<u8>>().ok());
    bytes.map_or_else(
        || text.to_string_lossy().into_owned(),
        |bytes| String::from_utf8_lossy(&bytes).into_owned(),
    )
}

/// Hands out the text of what should be a text.
#[inline]
pub(crate) fn with_text<T>(object: &Bound<'_, PyAny>, take: impl FnOnce(&str) -> T) -> T {
    if let Ok(name) = object.cast::<PyString>()
        && let Ok(name) = name.to_str()
    {
        return take(name);
    }
    take(&text(object))
}
