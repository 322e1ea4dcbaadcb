//! Attributes of spans, events and links.

use opentelemetry::{Array, KeyValue, Value as ApiValue};
use telensic_tape::Value;

use crate::Key;

/// Hands out an attribute in our words.
#[inline]
pub(super) fn put(attribute: &KeyValue, set: impl FnOnce(Key<'_>, Value<'_>)) {
    let key = Key::dynamic(attribute.key.as_str());
    match &attribute.value {
        ApiValue::Bool(truth) => set(key, Value::Bool(*truth)),
        ApiValue::I64(int) => set(key, Value::I64(*int)),
        ApiValue::F64(float) => set(key, Value::F64(*float)),
        ApiValue::String(text) => set(key, Value::Str(text.as_str())),
        ApiValue::Array(Array::Bool(items)) => set(key, Value::Bools(items)),
        ApiValue::Array(Array::I64(items)) => set(key, Value::I64s(items)),
        ApiValue::Array(Array::F64(items)) => set(key, Value::F64s(items)),
        ApiValue::Array(Array::String(items)) => {
            let texts: Vec<&str> = items.iter().map(|text| text.as_str()).collect();
            set(key, Value::Strs(&texts));
        }
        // A kind that a later version of the API adds: as the text that it displays as.
        other => set(key, Value::Str(&other.as_str())),
    }
}
