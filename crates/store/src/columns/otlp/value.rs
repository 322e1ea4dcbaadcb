//! Values and attributes.

use telensic_tape::otlp::{field, put_bytes, put_fixed64, put_varint_field};

use crate::columns::{AttributesColumn, STANDARD, Stored, WordsColumn};
use crate::visitor::Any;

/// The body of an `AnyValue`.
pub(super) fn put_any(out: &mut Vec<u8>, any: Any<'_>) {
    match any {
        Any::Text(text) => put_bytes(out, field::any::STRING, text.as_bytes()),
        Any::Int(int) => put_varint_field(out, field::any::INT, int as u64),
        Any::Double(double) => put_fixed64(out, field::any::DOUBLE, double.to_bits()),
        Any::Bool(bool) => put_varint_field(out, field::any::BOOL, bool.into()),
        Any::Other(encoded) => out.extend_from_slice(encoded),
    }
}

/// Encodes attributes, with scratch memory that is used again.
#[derive(Debug, Default)]
pub(super) struct AttributesOut {
    any: Vec<u8>,
    pair: Vec<u8>,
}

impl AttributesOut {
    /// The attributes of a row, as fields of this number. `standard` are the columns of the standard ones.
    pub(super) fn put(
        &mut self,
        out: &mut Vec<u8>,
        number: u32,
        attributes: &AttributesColumn<'_>,
        row: usize,
        standard: Option<(&[WordsColumn<'_>], usize)>,
    ) {
        for (key, value) in attributes.row(row) {
            let value = match value {
                Stored::Absent => None,
                Stored::Any(any) => Some(any),
                Stored::InColumn => {
                    let place = STANDARD.iter().position(|(name, _)| *name == key);
                    let text = standard
                        .zip(place)
                        .and_then(|((columns, row), place)| columns.get(place)?.get(row));
                    Some(Any::Text(text.unwrap_or_default()))
                }
            };
            self.pair.clear();
            put_bytes(&mut self.pair, field::key_value::KEY, key.as_bytes());
            if let Some(any) = value {
                self.any.clear();
                put_any(&mut self.any, any);
                put_bytes(&mut self.pair, field::key_value::VALUE, &self.any);
            }
            put_bytes(out, number, &self.pair);
        }
    }
}
