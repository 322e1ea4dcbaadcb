//! Attributes: a map from key to value, in the order they were sent; a key may be there twice.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, MapArray, StructArray};
use arrow_buffer::{OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field};

use super::sheet::Sheet;
use super::values::{Stored, Values, ValuesColumn};
use super::words::{Words, WordsColumn};
use crate::error::StoreError;
use crate::visitor::Pair;

/// Builds a column of attributes.
#[derive(Debug)]
pub(super) struct Attributes {
    offsets: Vec<i32>,
    keys: Words,
    values: Values,
}

impl Default for Attributes {
    fn default() -> Self {
        Self {
            offsets: vec![0],
            keys: Words::default(),
            values: Values::default(),
        }
    }
}

impl Attributes {
    /// One attribute of the row that is being built.
    #[inline]
    pub(super) fn push(&mut self, key: &str, value: Stored<'_>) {
        self.keys.push(key.as_bytes());
        self.values.push(value);
    }

    /// The row has all its attributes.
    pub(super) fn end_row(&mut self) {
        self.offsets.push(self.keys.len() as i32);
    }

    /// A row with these attributes.
    pub(super) fn push_row(&mut self, pairs: &[Pair<'_>]) {
        for pair in pairs {
            self.push(pair.key, pair.value.map_or(Stored::Absent, Stored::Any));
        }
        self.end_row();
    }

    pub(super) fn finish(self) -> Result<ArrayRef, StoreError> {
        let mut sheet = Sheet::default();
        sheet.put("key", self.keys.finish_text()?);
        sheet.put("value", Arc::new(self.values.finish()?));
        let (fields, arrays) = sheet.parts();
        let entries = StructArray::try_new(fields.into(), arrays, None)?;
        let field = Field::new("entries", DataType::Struct(entries.fields().clone()), false);
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.offsets));
        Ok(Arc::new(MapArray::try_new(
            Arc::new(field),
            offsets,
            entries,
            None,
            false,
        )?))
    }
}

/// Reads a column of attributes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttributesColumn<'a> {
    offsets: &'a [i32],
    keys: WordsColumn<'a>,
    values: ValuesColumn<'a>,
}

impl<'a> AttributesColumn<'a> {
    pub(crate) fn of(array: &'a dyn Array) -> Option<Self> {
        let map = array.as_any().downcast_ref::<MapArray>()?;
        Some(Self {
            offsets: map.value_offsets(),
            keys: WordsColumn::of(map.keys().as_ref())?,
            values: ValuesColumn::of(map.values().as_ref())?,
        })
    }

    /// The attributes of a row, in order.
    pub(crate) fn row(&self, row: usize) -> impl Iterator<Item = (&'a str, Stored<'a>)> + use<'a> {
        let (keys, values) = (self.keys, self.values);
        self.range(row)
            .map(move |at| (keys.get(at).unwrap_or_default(), values.get(at)))
    }

    /// Where the attributes of a row are among those of all rows.
    pub(crate) fn range(&self, row: usize) -> std::ops::Range<usize> {
        match self.offsets.get(row..row + 2) {
            Some([from, to]) => *from as usize..*to as usize,
            _ => 0..0,
        }
    }

    pub(crate) fn keys(&self) -> WordsColumn<'a> {
        self.keys
    }

    pub(crate) fn values(&self) -> ValuesColumn<'a> {
        self.values
    }
}
