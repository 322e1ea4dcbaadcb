//! Attributes of one record, its events and links, in one list that is used again for the next record.

use std::ops::Range;

use telensic_tape::otlp::{Fields, field};

use super::any::Any;
use super::refusal::Refusal;
use super::wire::{bytes, text};

/// A `KeyValue`; the value is missing if none was sent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pair<'a> {
    pub(crate) key: &'a str,
    pub(crate) value: Option<Any<'a>>,
}

/// Which pairs of the list are meant.
pub(crate) type PairsAt = Range<usize>;

/// The pairs of a record and of all that belongs to it.
#[derive(Debug, Default)]
pub(crate) struct Pairs<'a>(Vec<Pair<'a>>);

impl<'a> Pairs<'a> {
    pub(crate) fn get(&self, at: &PairsAt) -> &[Pair<'a>] {
        self.0.get(at.clone()).unwrap_or_default()
    }

    /// All of them.
    pub(crate) fn all(&self) -> PairsAt {
        0..self.0.len()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Reads a `KeyValue` message.
    #[inline]
    pub(super) fn push(&mut self, message: &'a [u8]) -> Result<(), Refusal> {
        let mut pair = Pair { key: "", value: None };
        for field in Fields::new(message) {
            match field? {
                (field::key_value::KEY, value) => pair.key = text(value)?,
                (field::key_value::VALUE, value) => pair.value = Some(Any::read(bytes(value)?)?),
                _ => {}
            }
        }
        self.0.push(pair);
        Ok(())
    }
}
