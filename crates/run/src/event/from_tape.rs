//! Values of the tape as JSON, exactly, whatever they are.
//!
//! NaN and infinities become texts, bytes become base64, and what is nested without end is cut.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use telensic_tape::otlp::{AnyView, Attributes, Malformed};

use super::Float;
use super::value::{DEEPEST, TOO_DEEP};

/// Attributes as a JSON object, exactly: NaN and infinities are texts, bytes base64.
pub fn attributes_json(attributes: Attributes<'_>) -> Result<Map<String, Value>, Malformed> {
    object(attributes, 0)
}

/// A value as JSON, in the same way.
pub fn value_json(view: AnyView<'_>) -> Result<Value, Malformed> {
    value(view, 0)
}

/// The attributes as an object; of a key that is there twice, the last one counts.
pub(super) fn object(attributes: Attributes<'_>, depth: u32) -> Result<Map<String, Value>, Malformed> {
    attributes
        .map(|pair| {
            let pair = pair?;
            Ok((pair.key.to_owned(), value(pair.value, depth)?))
        })
        .collect()
}

/// The value, at this depth of nesting.
pub(super) fn value(view: AnyView<'_>, depth: u32) -> Result<Value, Malformed> {
    Ok(match view {
        AnyView::Empty => Value::Null,
        AnyView::Str(text) => text.into(),
        AnyView::Bool(truth) => truth.into(),
        AnyView::I64(int) => int.into(),
        AnyView::F64(float) => Float(float).to_json(),
        AnyView::Bytes(bytes) => STANDARD.encode(bytes).into(),
        AnyView::Array(_) | AnyView::KeyValues(_) if depth > DEEPEST => TOO_DEEP.into(),
        AnyView::Array(items) => {
            let items = items.map(|item| value(AnyView::parse(item?)?, depth + 1));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        AnyView::KeyValues(pairs) => Value::Object(object(pairs, depth + 1)?),
    })
}
