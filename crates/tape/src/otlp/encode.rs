//! Appending OTLP fields to a byte buffer.
//!
//! Every function appends complete fields, so whatever is in the buffer between two calls is a valid
//! protobuf message. Lengths are computed before the bytes are written; nothing is patched afterwards.

use super::{Value, field};

/// The longest varint: ten groups of seven bits.
pub const MAX_VARINT: usize = 10;

const VARINT: u32 = 0;
const FIXED64: u32 = 1;
const LEN: u32 = 2;
const FIXED32: u32 = 5;

const fn tag(number: u32, wire_type: u32) -> u64 {
    ((number << 3) | wire_type) as u64
}

/// The number of bytes that `value` takes as a varint.
#[inline]
pub const fn varint_len(value: u64) -> usize {
    // ceil(bits / 7), with 9/64 for 1/7: exact for every bit count from 1 to 64.
    ((64 - (value | 1).leading_zeros() as usize) * 9 + 64) / 64
}

/// Writes `value` to the front of `out` and returns how many bytes it took.
#[inline]
pub fn varint_to(out: &mut [u8; MAX_VARINT], mut value: u64) -> usize {
    let mut len = 0;
    while value >= 0x80 && len < MAX_VARINT - 1 {
        out[len] = value as u8 | 0x80;
        value >>= 7;
        len += 1;
    }
    out[len] = value as u8;
    len + 1
}

/// Appends a bare varint.
#[inline]
pub fn put_varint(out: &mut Vec<u8>, value: u64) {
    if value < 0x80 {
        out.push(value as u8);
        return;
    }
    let mut bytes = [0; MAX_VARINT];
    let len = varint_to(&mut bytes, value);
    out.extend_from_slice(&bytes[..len]);
}

/// Appends a varint field (ints, bools, enums).
#[inline]
pub fn put_varint_field(out: &mut Vec<u8>, number: u32, value: u64) {
    put_varint(out, tag(number, VARINT));
    put_varint(out, value);
}

/// Appends a fixed64 field (times, doubles).
#[inline]
pub fn put_fixed64(out: &mut Vec<u8>, number: u32, value: u64) {
    put_varint(out, tag(number, FIXED64));
    out.extend_from_slice(&value.to_le_bytes());
}

/// Appends a fixed32 field (flags).
#[inline]
pub fn put_fixed32(out: &mut Vec<u8>, number: u32, value: u32) {
    put_varint(out, tag(number, FIXED32));
    out.extend_from_slice(&value.to_le_bytes());
}

/// Appends a length-delimited field: text, bytes or an already encoded message.
#[inline]
pub fn put_bytes(out: &mut Vec<u8>, number: u32, bytes: &[u8]) {
    put_varint(out, tag(number, LEN));
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Appends a message field whose content `fill` appends to a scratch buffer.
pub fn put_message(out: &mut Vec<u8>, number: u32, fill: impl FnOnce(&mut Vec<u8>)) {
    let mut message = Vec::new();
    fill(&mut message);
    put_bytes(out, number, &message);
}

/// Appends the encoded `InstrumentationScope` of this name and version, as the body of its field.
pub fn put_scope(out: &mut Vec<u8>, name: &str, version: &str) {
    put_bytes(out, field::scope::NAME, name.as_bytes());
    if !version.is_empty() {
        put_bytes(out, field::scope::VERSION, version.as_bytes());
    }
}

/// Appends one `KeyValue` as field `number`.
///
/// Short keys with scalar values, nearly all there are, take one bounded write of a stack buffer:
/// measured, that halves the cost against a check of the capacity at every field.
#[inline]
pub fn put_attribute(out: &mut Vec<u8>, number: u32, key: &str, value: Value<'_>) {
    match value {
        Value::Str(text) if key.len() + text.len() < SHORT_PAYLOAD => short_text(out, number, key, text),
        Value::Bool(truth) if key.len() < SHORT_PAYLOAD => {
            short_scalar(
                out,
                number,
                key,
                &[tag(field::any::BOOL, VARINT) as u8, u8::from(truth)],
            );
        }
        Value::I64(int) if key.len() < SHORT_PAYLOAD => {
            let mut bytes = [0; MAX_VARINT];
            let len = varint_to(&mut bytes, int as u64);
            let mut any = [tag(field::any::INT, VARINT) as u8; 1 + MAX_VARINT];
            any[1..=MAX_VARINT].copy_from_slice(&bytes);
            short_scalar(out, number, key, &any[..=len]);
        }
        Value::F64(float) if key.len() < SHORT_PAYLOAD => {
            let mut any = [tag(field::any::DOUBLE, FIXED64) as u8; 9];
            any[1..].copy_from_slice(&float.to_le_bytes());
            short_scalar(out, number, key, &any);
        }
        _ => long_attribute(out, number, key, value),
    }
}

/// With key and text below this, every length of the `KeyValue` fits one byte.
const SHORT_PAYLOAD: usize = 112;

#[inline]
fn short_text(out: &mut Vec<u8>, number: u32, key: &str, text: &str) {
    let (key, text) = (key.as_bytes(), text.as_bytes());
    let any_len = text.len() + 2;
    out.reserve(key.len() + text.len() + 8);
    out.extend_from_slice(&[
        tag(number, LEN) as u8,
        (key.len() + any_len + 4) as u8,
        tag(field::key_value::KEY, LEN) as u8,
        key.len() as u8,
    ]);
    out.extend_from_slice(key);
    out.extend_from_slice(&[
        tag(field::key_value::VALUE, LEN) as u8,
        any_len as u8,
        tag(field::any::STRING, LEN) as u8,
        text.len() as u8,
    ]);
    out.extend_from_slice(text);
}

#[inline]
fn short_scalar(out: &mut Vec<u8>, number: u32, key: &str, any: &[u8]) {
    let key = key.as_bytes();
    out.reserve(key.len() + any.len() + 6);
    out.extend_from_slice(&[
        tag(number, LEN) as u8,
        (key.len() + any.len() + 4) as u8,
        tag(field::key_value::KEY, LEN) as u8,
        key.len() as u8,
    ]);
    out.extend_from_slice(key);
    out.extend_from_slice(&[tag(field::key_value::VALUE, LEN) as u8, any.len() as u8]);
    out.extend_from_slice(any);
}

#[cold]
fn long_attribute(out: &mut Vec<u8>, number: u32, key: &str, value: Value<'_>) {
    put_message(out, number, |pair| {
        put_bytes(pair, field::key_value::KEY, key.as_bytes());
        put_message(pair, field::key_value::VALUE, |any| put_any(any, value));
    });
}

/// Appends the content of an `AnyValue`.
pub(super) fn put_any(out: &mut Vec<u8>, value: Value<'_>) {
    match value {
        Value::Str(text) => put_bytes(out, field::any::STRING, text.as_bytes()),
        Value::Bool(truth) => put_varint_field(out, field::any::BOOL, u64::from(truth)),
        Value::I64(int) => put_varint_field(out, field::any::INT, int as u64),
        Value::F64(float) => put_fixed64(out, field::any::DOUBLE, float.to_bits()),
        Value::Bytes(bytes) => put_bytes(out, field::any::BYTES, bytes),
        Value::Strs(items) => put_array(out, items.iter().map(|item| Value::Str(item))),
        Value::Strings(items) => put_array(out, items.iter().map(|item| Value::Str(item))),
        Value::Bools(items) => put_array(out, items.iter().map(|item| Value::Bool(*item))),
        Value::I64s(items) => put_array(out, items.iter().map(|item| Value::I64(*item))),
        Value::F64s(items) => put_array(out, items.iter().map(|item| Value::F64(*item))),
    }
}

fn put_array<'a>(out: &mut Vec<u8>, items: impl Iterator<Item = Value<'a>>) {
    const ARRAY_VALUES: u32 = 1;
    put_message(out, field::any::ARRAY, |array| {
        for item in items {
            put_message(array, ARRAY_VALUES, |any| put_any(any, item));
        }
    });
}

impl Value<'_> {
    /// Appends this value as the `AnyValue` field `number` (the body of a log record).
    pub fn put(self, out: &mut Vec<u8>, number: u32) {
        if let Value::Str(text) = self {
            put_varint(out, tag(number, LEN));
            put_varint(out, (1 + varint_len(text.len() as u64) + text.len()) as u64);
            put_bytes(out, field::any::STRING, text.as_bytes());
        } else {
            put_message(out, number, |any| put_any(any, self));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varint_lengths_are_exact_at_every_power_of_two() {
        for shift in 0..64 {
            for value in [(1u64 << shift) - 1, 1 << shift, (1 << shift) + 1, u64::MAX] {
                let mut out = Vec::new();
                put_varint(&mut out, value);
                assert_eq!(out.len(), varint_len(value), "{value}");
            }
        }
    }

    #[test]
    fn short_and_long_encodings_of_a_pair_agree() {
        let values = [
            Value::Str("BTCUSDT"),
            Value::Bool(true),
            Value::I64(-1),
            Value::I64(300),
            Value::F64(f64::NAN),
        ];
        for value in values {
            let (mut short, mut long) = (Vec::new(), Vec::new());
            put_attribute(&mut short, field::span::ATTRIBUTE, "symbol", value);
            long_attribute(&mut long, field::span::ATTRIBUTE, "symbol", value);
            assert_eq!(short, long, "{value:?}");
        }
    }
}
