//! Events and links of a span: lists of structs.

use std::sync::Arc;

use arrow_array::builder::FixedSizeBinaryBuilder;
use arrow_array::{
    Array, ArrayRef, FixedSizeBinaryArray, ListArray, StructArray, TimestampNanosecondArray, UInt32Array,
};
use arrow_buffer::{OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Field};

use super::attributes::{Attributes, AttributesColumn};
use super::name;
use super::read::{column_of, ids_of, utc};
use super::sheet::Sheet;
use super::words::{Words, WordsColumn};
use crate::error::StoreError;
use crate::visitor::{EventRow, LinkRow, Pairs};

/// Builds the events of spans.
#[derive(Debug)]
pub(super) struct Events {
    offsets: Vec<i32>,
    time: Vec<i64>,
    name: Words,
    attributes: Attributes,
    dropped: Vec<u32>,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            offsets: vec![0],
            time: Vec::new(),
            name: Words::default(),
            attributes: Attributes::default(),
            dropped: Vec::new(),
        }
    }
}

impl Events {
    pub(super) fn push_row(&mut self, events: &[EventRow<'_>], pairs: &Pairs<'_>) {
        for event in events {
            self.time.push(event.time as i64);
            self.name.push(event.name.as_bytes());
            self.attributes.push_row(pairs.get(&event.attributes));
            self.dropped.push(event.dropped_attributes);
        }
        self.offsets.push(self.time.len() as i32);
    }

    pub(super) fn finish(self) -> Result<ArrayRef, StoreError> {
        let mut sheet = Sheet::default();
        sheet.put(name::TIME, utc(self.time));
        sheet.put(name::NAME, self.name.finish_text()?);
        sheet.put(name::ATTRIBUTES, self.attributes.finish()?);
        sheet.put(
            name::DROPPED_ATTRIBUTES,
            Arc::new(UInt32Array::from(self.dropped)),
        );
        list(self.offsets, sheet)
    }
}

/// Builds the links of spans.
#[derive(Debug)]
pub(super) struct Links {
    offsets: Vec<i32>,
    trace_id: FixedSizeBinaryBuilder,
    span_id: FixedSizeBinaryBuilder,
    trace_state: Words,
    flags: Vec<u32>,
    attributes: Attributes,
    dropped: Vec<u32>,
}

impl Default for Links {
    fn default() -> Self {
        Self {
            offsets: vec![0],
            trace_id: FixedSizeBinaryBuilder::new(16),
            span_id: FixedSizeBinaryBuilder::new(8),
            trace_state: Words::default(),
            flags: Vec::new(),
            attributes: Attributes::default(),
            dropped: Vec::new(),
        }
    }
}

impl Links {
    pub(super) fn push_row(&mut self, links: &[LinkRow<'_>], pairs: &Pairs<'_>) -> Result<(), StoreError> {
        for link in links {
            self.trace_id.append_value(link.trace_id)?;
            self.span_id.append_value(link.span_id)?;
            self.trace_state.push_unless_empty(link.trace_state);
            self.flags.push(link.flags);
            self.attributes.push_row(pairs.get(&link.attributes));
            self.dropped.push(link.dropped_attributes);
        }
        self.offsets.push(self.flags.len() as i32);
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<ArrayRef, StoreError> {
        let mut sheet = Sheet::default();
        sheet.put(name::TRACE_ID, Arc::new(self.trace_id.finish()));
        sheet.put(name::SPAN_ID, Arc::new(self.span_id.finish()));
        sheet.put_nullable(name::TRACE_STATE, self.trace_state.finish_text()?);
        sheet.put(name::FLAGS, Arc::new(UInt32Array::from(self.flags)));
        sheet.put(name::ATTRIBUTES, self.attributes.finish()?);
        sheet.put(
            name::DROPPED_ATTRIBUTES,
            Arc::new(UInt32Array::from(self.dropped)),
        );
        list(self.offsets, sheet)
    }
}

fn list(offsets: Vec<i32>, sheet: Sheet) -> Result<ArrayRef, StoreError> {
    let (fields, arrays) = sheet.parts();
    let items = StructArray::try_new(fields.into(), arrays, None)?;
    let field = Field::new("item", DataType::Struct(items.fields().clone()), false);
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    let list = ListArray::try_new(Arc::new(field), offsets, Arc::new(items), None)?;
    Ok(Arc::new(list))
}

/// Reads events.
#[derive(Debug)]
pub(crate) struct EventsColumn<'a> {
    pub(crate) offsets: &'a [i32],
    pub(crate) time: &'a TimestampNanosecondArray,
    pub(crate) name: WordsColumn<'a>,
    pub(crate) attributes: AttributesColumn<'a>,
    pub(crate) dropped: &'a UInt32Array,
}

impl<'a> EventsColumn<'a> {
    pub(crate) fn of(array: &'a dyn Array) -> Option<Self> {
        let list = array.as_any().downcast_ref::<ListArray>()?;
        let items = list.values().as_any().downcast_ref::<StructArray>()?;
        Some(Self {
            offsets: list.value_offsets(),
            time: column_of(items.column_by_name(name::TIME)?)?,
            name: WordsColumn::of(items.column_by_name(name::NAME)?)?,
            attributes: AttributesColumn::of(items.column_by_name(name::ATTRIBUTES)?)?,
            dropped: column_of(items.column_by_name(name::DROPPED_ATTRIBUTES)?)?,
        })
    }
}

/// Reads links.
#[derive(Debug)]
pub(crate) struct LinksColumn<'a> {
    pub(crate) offsets: &'a [i32],
    pub(crate) trace_id: &'a FixedSizeBinaryArray,
    pub(crate) span_id: &'a FixedSizeBinaryArray,
    pub(crate) trace_state: WordsColumn<'a>,
    pub(crate) flags: &'a UInt32Array,
    pub(crate) attributes: AttributesColumn<'a>,
    pub(crate) dropped: &'a UInt32Array,
}

impl<'a> LinksColumn<'a> {
    pub(crate) fn of(array: &'a dyn Array) -> Option<Self> {
        let list = array.as_any().downcast_ref::<ListArray>()?;
        let items = list.values().as_any().downcast_ref::<StructArray>()?;
        Some(Self {
            offsets: list.value_offsets(),
            trace_id: ids_of(items.column_by_name(name::TRACE_ID)?)?,
            span_id: ids_of(items.column_by_name(name::SPAN_ID)?)?,
            trace_state: WordsColumn::of(items.column_by_name(name::TRACE_STATE)?)?,
            flags: column_of(items.column_by_name(name::FLAGS)?)?,
            attributes: AttributesColumn::of(items.column_by_name(name::ATTRIBUTES)?)?,
            dropped: column_of(items.column_by_name(name::DROPPED_ATTRIBUTES)?)?,
        })
    }
}
