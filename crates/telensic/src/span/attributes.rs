//! Writing attributes: classified, redacted, limited, without duplicates, encoded.

use std::borrow::Cow;

use telensic_redact::{KEEP_ARRAY_ELEMENTS, KeyClass, Redactor, fingerprint};
use telensic_tape::Value;
use telensic_tape::otlp::{self, FieldValue, field};

use crate::Key;

/// The attributes of a span, an event, a link or a log record while it is made.
///
/// They lie in the record's own buffer, encoded. A key that is set again replaces the earlier value.
#[derive(Debug, Default)]
pub(crate) struct Attributes {
    pub(crate) count: u32,
    pub(crate) dropped: u32,
    /// A bit for each key's hash: a key whose bit is not set is new for certain.
    seen: u64,
}

/// What limits and protects one record's attributes.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    pub(crate) redactor: &'a Redactor,
    /// The field number of the `KeyValue`s in the record.
    pub(crate) field: u32,
    pub(crate) most: u32,
    pub(crate) value_length: u32,
}

impl Attributes {
    /// Appends an attribute to the record in `buffer`, or replaces it.
    #[inline]
    pub(crate) fn set(&mut self, buffer: &mut Vec<u8>, rules: Rules<'_>, key: Key<'_>, value: Value<'_>) {
        let (class, bit) = key.resolve(rules.redactor);
        let bit = 1u64 << bit;
        if self.seen & bit != 0 && remove(buffer, rules.field, key.name()) {
            self.count -= 1;
        } else if self.count >= rules.most {
            self.dropped += 1;
            return;
        }
        self.seen |= bit;
        self.count += 1;
        put(buffer, rules, class, key.name(), value);
    }
}

#[inline]
fn put(buffer: &mut Vec<u8>, rules: Rules<'_>, class: KeyClass, key: &str, value: Value<'_>) {
    match value {
        Value::Str(text) => {
            let safe = rules.redactor.text(class, text);
            otlp::put_attribute(
                buffer,
                rules.field,
                key,
                Value::Str(cut(&safe, rules.value_length)),
            );
        }
        _ if class != KeyClass::Secret && value.is_scalar() => {
            otlp::put_attribute(buffer, rules.field, key, value);
        }
        _ => put_rarer(buffer, rules, class, key, value),
    }
}

/// Numbers under a secret's name, arrays, bytes and maps.
#[cold]
fn put_rarer(buffer: &mut Vec<u8>, rules: Rules<'_>, class: KeyClass, key: &str, value: Value<'_>) {
    let mut put = |value: Value<'_>| otlp::put_attribute(buffer, rules.field, key, value);
    with_safe(rules, class, value, &mut put);
}

/// Calls `put` with the value as it may be written.
pub(crate) fn with_safe(rules: Rules<'_>, class: KeyClass, value: Value<'_>, put: &mut dyn FnMut(Value<'_>)) {
    let redactor = rules.redactor;
    match value {
        Value::Str(text) => put(Value::Str(cut(&redactor.text(class, text), rules.value_length))),
        _ if class == KeyClass::Secret => put(Value::Str(&redactor.mask_of(format!("{value:?}").as_bytes()))),
        Value::Strs(items) if items.len() > KEEP_ARRAY_ELEMENTS => put(Value::Str(&fingerprint(items))),
        Value::Strings(items) if items.len() > KEEP_ARRAY_ELEMENTS => put(Value::Str(&fingerprint(items))),
        Value::Bools(items) if items.len() > KEEP_ARRAY_ELEMENTS => put(Value::Str(&fingerprint(items))),
        Value::I64s(items) if items.len() > KEEP_ARRAY_ELEMENTS => put(Value::Str(&fingerprint(items))),
        Value::F64s(items) if items.len() > KEEP_ARRAY_ELEMENTS => put(Value::Str(&fingerprint(items))),
        Value::Bytes(bytes) => put(Value::Bytes(&redactor.bytes(class, bytes))),
        Value::Strs(items) => put_texts(rules, class, items.iter().copied(), put),
        Value::Strings(items) => put_texts(rules, class, items.iter().map(String::as_str), put),
        Value::Map(pairs) => put_map(rules, pairs, put),
        Value::List(items) => put_list(rules, class, items, put),
        _ => put(value),
    }
}

fn put_texts<'a>(
    rules: Rules<'_>,
    class: KeyClass,
    items: impl Iterator<Item = &'a str>,
    put: &mut dyn FnMut(Value<'_>),
) {
    let safe: Vec<Cow<'_, str>> = items.map(|item| rules.redactor.text(class, item)).collect();
    let safe: Vec<&str> = safe.iter().map(|item| cut(item, rules.value_length)).collect();
    put(Value::Strs(&safe));
}

/// Nested values are made safe innermost first: each level hands its safe version to the one above.
fn put_map(rules: Rules<'_>, pairs: &[(&str, Value<'_>)], put: &mut dyn FnMut(Value<'_>)) {
    fn next(rules: Rules<'_>, rest: &[(&str, Value<'_>)], done: &mut Vec<u8>) {
        for (key, value) in rest {
            let class = rules.redactor.key_class(key);
            with_safe(rules, class, *value, &mut |safe| {
                otlp::put_attribute(done, 1, key, safe)
            });
        }
    }
    let mut encoded = Vec::new();
    next(rules, pairs, &mut encoded);
    put(Value::EncodedMap(&encoded));
}

fn put_list(rules: Rules<'_>, class: KeyClass, items: &[Value<'_>], put: &mut dyn FnMut(Value<'_>)) {
    let mut encoded = Vec::new();
    for item in items {
        with_safe(rules, class, *item, &mut |safe| safe.put(&mut encoded, 1));
    }
    put(Value::EncodedList(&encoded));
}

/// The text's first characters.
#[inline]
fn cut(text: &str, most: u32) -> &str {
    if text.len() <= most as usize {
        return text;
    }
    match text.char_indices().nth(most as usize) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}

/// Takes the attribute with this key out of the record; false if there is none.
#[cold]
fn remove(buffer: &mut Vec<u8>, number: u32, key: &str) -> bool {
    let mut fields = otlp::Fields::new(buffer);
    loop {
        let start = buffer.len() - fields.rest().len();
        match fields.next() {
            Some(Ok((field, FieldValue::Len(pair)))) if field == number => {
                let is_it = matches!(
                    otlp::Fields::new(pair).next(),
                    Some(Ok((field::key_value::KEY, FieldValue::Len(name)))) if name == key.as_bytes()
                );
                if is_it {
                    let end = buffer.len() - fields.rest().len();
                    buffer.drain(start..end);
                    return true;
                }
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return false,
        }
    }
}

/// Attributes of an event or a link, while it is added to a span.
pub struct Fields<'a> {
    pub(crate) buffer: &'a mut Vec<u8>,
    pub(crate) attributes: Attributes,
    pub(crate) rules: Rules<'a>,
}

impl Fields<'_> {
    /// Adds an attribute, or replaces the one with this key.
    pub fn set<'k, 'v>(&mut self, key: impl Into<Key<'k>>, value: impl Into<Value<'v>>) -> &mut Self {
        self.attributes
            .set(self.buffer, self.rules, key.into(), value.into());
        self
    }
}
