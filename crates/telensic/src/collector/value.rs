//! Values of an event's data, owned and safe to be kept.

use telensic_redact::{KEEP_ARRAY_ELEMENTS, KeyClass, Redactor, fingerprint, fingerprint_bytes};

use crate::Value;

/// A value of an event's data. Lists are text: short ones as they are written, long ones as their fingerprint.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EventValue {
    /// Text.
    Str(Box<str>),
    /// A truth value.
    Bool(bool),
    /// A whole number.
    I64(i64),
    /// Any number.
    F64(f64),
}

/// Calls `put` with the value, or with each value in a map, by keys with dots, redacted.
pub(super) fn put_safe(
    redactor: &Redactor,
    key: &str,
    value: Value<'_>,
    put: &mut impl FnMut(Box<str>, EventValue),
) {
    if let Value::Map(pairs) = value {
        for (inner, value) in pairs {
            put_safe(redactor, &format!("{key}.{inner}"), *value, put);
        }
        return;
    }
    let class = redactor.key_class(key);
    put(
        redactor.text(KeyClass::Plain, key).into(),
        safe(redactor, class, value),
    );
}

fn safe(redactor: &Redactor, class: KeyClass, value: Value<'_>) -> EventValue {
    let text = |text: &str| EventValue::Str(redactor.text(class, text).into());
    match value {
        Value::Str(plain) => text(plain),
        _ if class == KeyClass::Secret => {
            EventValue::Str(redactor.mask_of(format!("{value:?}").as_bytes()).into())
        }
        Value::Bool(truth) => EventValue::Bool(truth),
        Value::I64(number) => EventValue::I64(number),
        Value::F64(number) => EventValue::F64(number),
        Value::Bytes(bytes) => EventValue::Str(fingerprint_bytes("bytes", bytes.len(), bytes).into()),
        Value::Strs(items) if is_long(items) => EventValue::Str(fingerprint(items).into()),
        Value::Strings(items) if is_long(items) => EventValue::Str(fingerprint(items).into()),
        Value::Bools(items) if is_long(items) => EventValue::Str(fingerprint(items).into()),
        Value::I64s(items) if is_long(items) => EventValue::Str(fingerprint(items).into()),
        Value::F64s(items) if is_long(items) => EventValue::Str(fingerprint(items).into()),
        Value::Strs(items) => text(&format!("{items:?}")),
        Value::Strings(items) => text(&format!("{items:?}")),
        Value::Bools(items) => text(&format!("{items:?}")),
        Value::I64s(items) => text(&format!("{items:?}")),
        Value::F64s(items) => text(&format!("{items:?}")),
        other => text(&format!("{other:?}")),
    }
}

fn is_long<T>(items: &[T]) -> bool {
    items.len() > KEEP_ARRAY_ELEMENTS
}
