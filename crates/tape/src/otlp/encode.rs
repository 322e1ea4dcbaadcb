//! Appending OTLP fields to a byte buffer.
//!
//! Every function appends complete fields, so whatever is in the buffer between two calls is a valid
//! protobuf message. Lengths are computed before the bytes are written; nothing is patched afterwards.

#![expect(
    unsafe_code,
    reason = "pieces of known lengths are written into what was reserved for them"
)]

use super::tail::Tail;
use super::{Value, field};

/// The longest varint: ten groups of seven bits.
pub const MAX_VARINT: usize = 10;

pub(super) const VARINT: u32 = 0;
pub(super) const FIXED64: u32 = 1;
pub(super) const LEN: u32 = 2;
pub(super) const FIXED32: u32 = 5;

pub(super) const fn tag(number: u32, wire_type: u32) -> u64 {
    ((number << 3) | wire_type) as u64
}

/// The number of bytes that `value` takes as a varint.
#[inline]
pub const fn varint_len(value: u64) -> usize {
    // ceil(bits / 7), with 9/64 for 1/7: exact for every bit count from 1 to 64.
    ((64 - (value | 1).leading_zeros() as usize) * 9 + 64) / 64
}

/// The bytes of a varint of at most eight, in little-endian order, without a loop.
#[inline]
const fn spread(value: u64) -> u64 {
    let halves = (value & 0x0fff_ffff) | (value & 0x00ff_ffff_f000_0000) << 4;
    let quarters = (halves & 0x0000_3fff_0000_3fff) | (halves & 0x0fff_c000_0fff_c000) << 2;
    let sevens = (quarters & 0x007f_007f_007f_007f) | (quarters & 0x3f80_3f80_3f80_3f80) << 1;
    let continued = (1u64 << (8 * (varint_len(value) as u32 - 1))) - 1;
    sevens | 0x8080_8080_8080_8080 & continued
}

/// A varint of at most eight bytes as a little-endian word, and how many of its bytes count.
#[inline]
pub(crate) const fn varint_word(value: u64) -> (u64, usize) {
    debug_assert!(value < EIGHT_BYTES);
    (spread(value), varint_len(value))
}

/// Values below this take at most eight bytes as a varint.
const EIGHT_BYTES: u64 = 1 << 56;

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
    } else if value < EIGHT_BYTES {
        let end = out.len() + varint_len(value);
        out.extend_from_slice(&spread(value).to_le_bytes());
        out.truncate(end);
    } else {
        let mut bytes = [0; MAX_VARINT];
        let len = varint_to(&mut bytes, value);
        out.extend_from_slice(&bytes[..len]);
    }
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
    if number < 16 && bytes.len() < 0x80 {
        let mut tail = Tail::reserve(out, 2 + bytes.len());
        // SAFETY: as much as was reserved.
        unsafe {
            tail.put([tag(number, LEN) as u8, bytes.len() as u8]);
            tail.put_slice(bytes);
        }
        return;
    }
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

/// A truth value or a number, about to be encoded as an `AnyValue`.
#[derive(Clone, Copy, Debug)]
pub struct Scalar {
    bits: u64,
    kind: ScalarKind,
}

#[derive(Clone, Copy, Debug)]
enum ScalarKind {
    Bool,
    Int,
    Double,
}

impl Scalar {
    /// The scalar, if the value is one.
    #[inline(always)]
    pub fn of(value: Value<'_>) -> Option<Self> {
        let (bits, kind) = match value {
            Value::Bool(truth) => (u64::from(truth), ScalarKind::Bool),
            Value::I64(int) => (int as u64, ScalarKind::Int),
            Value::F64(float) => (float.to_bits(), ScalarKind::Double),
            _ => return None,
        };
        Some(Self { bits, kind })
    }

    /// The encoded `AnyValue`, and how many of the bytes count.
    #[inline(always)]
    fn encoded(self) -> ([u8; 16], usize) {
        const BOOL: u128 = tag(field::any::BOOL, VARINT) as u128;
        const INT: u128 = tag(field::any::INT, VARINT) as u128;
        const DOUBLE: u128 = tag(field::any::DOUBLE, FIXED64) as u128;
        let (bytes, len) = match self.kind {
            ScalarKind::Bool => (BOOL | u128::from(self.bits) << 8, 2),
            ScalarKind::Double => (DOUBLE | u128::from(self.bits) << 8, 9),
            ScalarKind::Int if self.bits < EIGHT_BYTES => {
                let (varint, len) = varint_word(self.bits);
                (INT | u128::from(varint) << 8, len + 1)
            }
            // Negative, or huge: eight groups of seven bits, all continued, and what is above them.
            ScalarKind::Int => {
                let low = spread(self.bits & (EIGHT_BYTES - 1)) | 0x8080_8080_8080_8080;
                let high = self.bits >> 56;
                let (ninth, tenth) = (u128::from(high & 0x7f), u128::from(high >> 7));
                let continued = if tenth == 0 { 0 } else { 0x80 };
                (
                    INT | u128::from(low) << 8 | (ninth | continued) << 72 | tenth << 80,
                    10 + (tenth as usize),
                )
            }
        };
        (bytes.to_le_bytes(), len)
    }
}

impl From<Scalar> for Value<'_> {
    fn from(scalar: Scalar) -> Self {
        match scalar.kind {
            ScalarKind::Bool => Self::Bool(scalar.bits != 0),
            ScalarKind::Int => Self::I64(scalar.bits as i64),
            ScalarKind::Double => Self::F64(f64::from_bits(scalar.bits)),
        }
    }
}

/// With key and text below this, every length of the `KeyValue` fits one byte.
const SHORT_PAYLOAD: usize = 112;

/// Appends one `KeyValue` as field `number`.
#[inline]
pub fn put_attribute(out: &mut Vec<u8>, number: u32, key: &str, value: Value<'_>) {
    match (value, Scalar::of(value)) {
        (Value::Str(text), _) => put_text(out, number, key, text),
        (_, Some(scalar)) => put_scalar(out, number, key, scalar),
        _ => long_attribute(out, number, key, value),
    }
}

/// Appends a `KeyValue` with a text.
///
/// Inlined always: where the key is a constant, its bytes and those around it are too.
#[inline(always)]
pub fn put_text(out: &mut Vec<u8>, number: u32, key: &str, text: &str) {
    if key.len() + text.len() >= SHORT_PAYLOAD || number >= 16 {
        return long_attribute(out, number, key, Value::Str(text));
    }
    let any_len = text.len() + 2;
    let mut tail = Tail::reserve(out, key.len() + text.len() + 8);
    // SAFETY: four bytes, the key, four bytes, the text: as reserved.
    unsafe {
        tail.put([
            tag(number, LEN) as u8,
            (key.len() + any_len + 4) as u8,
            tag(field::key_value::KEY, LEN) as u8,
            key.len() as u8,
        ]);
        tail.put_slice(key.as_bytes());
        tail.put([
            tag(field::key_value::VALUE, LEN) as u8,
            any_len as u8,
            tag(field::any::STRING, LEN) as u8,
            text.len() as u8,
        ]);
        tail.put_slice(text.as_bytes());
    }
}

/// Appends a `KeyValue` whose `AnyValue` is encoded already.
pub fn put_encoded(out: &mut Vec<u8>, number: u32, key: &str, any: &[u8]) {
    put_message(out, number, |pair| {
        put_bytes(pair, field::key_value::KEY, key.as_bytes());
        put_bytes(pair, field::key_value::VALUE, any);
    });
}

/// Appends a `KeyValue` with a truth value or a number.
///
/// Inlined always: where key and kind are constants, half of the bytes are too.
#[inline(always)]
pub fn put_scalar(out: &mut Vec<u8>, number: u32, key: &str, scalar: Scalar) {
    let (any, any_len) = scalar.encoded();
    if key.len() >= SHORT_PAYLOAD || number >= 16 {
        return long_scalar(out, number, key, scalar);
    }
    let mut tail = Tail::reserve(out, key.len() + any_len + 6);
    // SAFETY: four bytes, the key, two bytes, the value, which has at most sixteen: as reserved.
    unsafe {
        tail.put([
            tag(number, LEN) as u8,
            (key.len() + any_len + 4) as u8,
            tag(field::key_value::KEY, LEN) as u8,
            key.len() as u8,
        ]);
        tail.put_slice(key.as_bytes());
        tail.put([tag(field::key_value::VALUE, LEN) as u8, any_len as u8]);
        tail.put_first(any, any_len);
    }
}

#[cold]
fn long_scalar(out: &mut Vec<u8>, number: u32, key: &str, scalar: Scalar) {
    let (any, any_len) = scalar.encoded();
    put_encoded(out, number, key, &any[..any_len]);
}

#[cold]
fn long_attribute(out: &mut Vec<u8>, number: u32, key: &str, value: Value<'_>) {
    put_message(out, number, |pair| {
        put_bytes(pair, field::key_value::KEY, key.as_bytes());
        put_message(pair, field::key_value::VALUE, |any| put_any(any, value));
    });
}

/// Appends the content of an `AnyValue`.
pub fn put_any(out: &mut Vec<u8>, value: Value<'_>) {
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
        Value::List(items) => put_array(out, items.iter().copied()),
        Value::Map(pairs) => put_message(out, field::any::KEY_VALUES, |map| {
            for (key, value) in pairs {
                put_attribute(map, ITEMS, key, *value);
            }
        }),
    }
}

/// `ArrayValue.values` and `KeyValueList.values`.
const ITEMS: u32 = 1;

fn put_array<'a>(out: &mut Vec<u8>, items: impl Iterator<Item = Value<'a>>) {
    put_message(out, field::any::ARRAY, |array| {
        for item in items {
            put_message(array, ITEMS, |any| put_any(any, item));
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
            Value::I64(i64::MIN),
            Value::I64(i64::MAX),
            Value::I64(1 << 56),
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
