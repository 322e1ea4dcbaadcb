//! Values as they may be written: redacted, cut, and large arrays as their fingerprints.

use telensic_redact::{KEEP_ARRAY_ELEMENTS, KeyClass, fingerprint};
use telensic_tape::Value;
use telensic_tape::otlp::{self, field};

use super::Rules;

/// The field number of the items of an `ArrayValue` and of a `KeyValueList`.
const ITEMS: u32 = 1;

/// What is nested deeper is left out: protobuf libraries give up at a hundred messages within one another, of which
/// each level takes two, and then the whole record would be lost to them.
const DEEPEST: u32 = 32;

/// The encoded content of the value's `AnyValue`, safe to be written under a key of this class.
pub(super) fn safe_any(rules: &Rules, class: KeyClass, value: Value<'_>) -> Vec<u8> {
    let mut any = Vec::new();
    put_any(&mut any, rules, class, value, 0);
    any
}

fn put_any(any: &mut Vec<u8>, rules: &Rules, class: KeyClass, value: Value<'_>, depth: u32) {
    let redactor = rules.redactor;
    let is_large = |len: usize| len > KEEP_ARRAY_ELEMENTS;
    let text = |any: &mut Vec<u8>, text: &str| otlp::put_bytes(any, field::any::STRING, text.as_bytes());
    match value {
        Value::Str(plain) => text(any, cut(&redactor.text(class, plain), rules.value_length)),
        _ if class == KeyClass::Secret => text(any, &redactor.mask_of(format!("{value:?}").as_bytes())),
        Value::Bytes(bytes) => otlp::put_bytes(any, field::any::BYTES, &redactor.bytes(class, bytes)),
        Value::Strs(items) if is_large(items.len()) => text(any, &fingerprint(items)),
        Value::Strings(items) if is_large(items.len()) => text(any, &fingerprint(items)),
        Value::Bools(items) if is_large(items.len()) => text(any, &fingerprint(items)),
        Value::I64s(items) if is_large(items.len()) => text(any, &fingerprint(items)),
        Value::F64s(items) if is_large(items.len()) => text(any, &fingerprint(items)),
        Value::Strs(items) => put_list(
            any,
            rules,
            class,
            items.iter().map(|item| Value::Str(item)),
            depth,
        ),
        Value::Strings(items) => put_list(
            any,
            rules,
            class,
            items.iter().map(|item| Value::Str(item)),
            depth,
        ),
        Value::List(items) => put_list(any, rules, class, items.iter().copied(), depth),
        Value::Map(pairs) => put_map(any, rules, pairs, depth),
        _ => otlp::put_any(any, value),
    }
}

fn put_list<'a>(
    any: &mut Vec<u8>,
    rules: &Rules,
    class: KeyClass,
    items: impl Iterator<Item = Value<'a>>,
    depth: u32,
) {
    otlp::put_message(any, field::any::ARRAY, |list| {
        for value in items.filter(|_| depth < DEEPEST) {
            otlp::put_message(list, ITEMS, |item| put_any(item, rules, class, value, depth + 1));
        }
    });
}

fn put_map(any: &mut Vec<u8>, rules: &Rules, pairs: &[(&str, Value<'_>)], depth: u32) {
    otlp::put_message(any, field::any::KEY_VALUES, |map| {
        for (key, value) in pairs.iter().filter(|_| depth < DEEPEST) {
            let class = rules.redactor.key_class(key);
            let key = rules.redactor.text(KeyClass::Plain, key);
            otlp::put_message(map, ITEMS, |pair| {
                otlp::put_bytes(pair, field::key_value::KEY, key.as_bytes());
                otlp::put_message(pair, field::key_value::VALUE, |item| {
                    put_any(item, rules, class, *value, depth + 1);
                });
            });
        }
    });
}

/// The text's first characters.
#[inline]
pub(super) fn cut(text: &str, most: u32) -> &str {
    if text.len() <= most as usize {
        return text;
    }
    match text.char_indices().nth(most as usize) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
