//! Values as columns tell them apart: four scalars of their own, everything else as it is encoded.

use telensic_tape::otlp::{Fields, field};

use super::refusal::Refusal;
use super::wire::{bytes, fixed64, text, varint};

/// Values are nested at most so deep.
const NESTING: u32 = 64;

/// A checked `AnyValue`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Any<'a> {
    Text(&'a str),
    Int(i64),
    Double(f64),
    Bool(bool),
    /// Bytes, a list, a map, or no value at all: the encoded `AnyValue`.
    Other(&'a [u8]),
}

impl<'a> Any<'a> {
    /// Reads and checks an `AnyValue` message.
    #[inline]
    pub(super) fn read(message: &'a [u8]) -> Result<Self, Refusal> {
        let mut any = Self::Other(message);
        for field in Fields::new(message) {
            any = match field? {
                (field::any::STRING, value) => Self::Text(text(value)?),
                (field::any::BOOL, value) => Self::Bool(varint(value)? != 0),
                (field::any::INT, value) => Self::Int(varint(value)? as i64),
                (field::any::DOUBLE, value) => Self::Double(f64::from_bits(fixed64(value)?)),
                (field::any::ARRAY | field::any::KEY_VALUES | field::any::BYTES, _) => {
                    check_nested(message, 0)?;
                    Self::Other(message)
                }
                _ => any,
            };
        }
        Ok(any)
    }
}

/// Checks an `AnyValue` and all within.
fn check_nested(message: &[u8], depth: u32) -> Result<(), Refusal> {
    const ITEMS: u32 = 1;
    if depth > NESTING {
        return Err(Refusal::TooDeep);
    }
    for field in Fields::new(message) {
        match field? {
            (field::any::STRING, value) => drop(text(value)?),
            (field::any::BOOL | field::any::INT, value) => drop(varint(value)?),
            (field::any::DOUBLE, value) => drop(fixed64(value)?),
            (field::any::BYTES, value) => drop(bytes(value)?),
            (field::any::ARRAY, value) => {
                for item in Fields::new(bytes(value)?) {
                    if let (ITEMS, value) = item? {
                        check_nested(bytes(value)?, depth + 1)?;
                    }
                }
            }
            (field::any::KEY_VALUES, value) => {
                for item in Fields::new(bytes(value)?) {
                    if let (ITEMS, value) = item? {
                        check_pair(bytes(value)?, depth + 1)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_pair(message: &[u8], depth: u32) -> Result<(), Refusal> {
    for field in Fields::new(message) {
        match field? {
            (field::key_value::KEY, value) => drop(text(value)?),
            (field::key_value::VALUE, value) => check_nested(bytes(value)?, depth)?,
            _ => {}
        }
    }
    Ok(())
}
