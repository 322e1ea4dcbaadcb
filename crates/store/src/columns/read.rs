//! Columns by name and type.

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, FixedSizeBinaryArray, Int32Array, Int64Array, RecordBatch, TimestampNanosecondArray,
    UInt32Array,
};

use super::words::{BytesColumn, WordsColumn};
use crate::error::{StoreError, StoreErrorKind};

/// Nanoseconds since 1970 as times in UTC.
pub(super) fn utc(nanos: Vec<i64>) -> ArrayRef {
    Arc::new(TimestampNanosecondArray::from(nanos).with_timezone("UTC"))
}

pub(super) fn column_of<T: 'static>(array: &ArrayRef) -> Option<&T> {
    array.as_any().downcast_ref()
}

pub(super) fn ids_of(array: &ArrayRef) -> Option<&FixedSizeBinaryArray> {
    column_of(array)
}

/// A column that may have been left out of the projection.
pub(crate) fn optional<'a, T: 'static>(batch: &'a RecordBatch, name: &str) -> Option<&'a T> {
    batch.column_by_name(name).and_then(column_of)
}

/// A column of this name, read so.
pub(super) fn required<'a, T>(
    batch: &'a RecordBatch,
    name: &str,
    of: impl FnOnce(&'a dyn Array) -> Option<T>,
) -> Result<T, StoreError> {
    let column = batch.column_by_name(name);
    column.and_then(|column| of(column.as_ref())).ok_or_else(|| {
        let message =
            format!("column {name} is missing or has another type: project it, or rebuild the segment");
        StoreError::new(StoreErrorKind::Damaged, message)
    })
}

fn typed<T: 'static>(array: &dyn Array) -> Option<&T> {
    array.as_any().downcast_ref()
}

pub(crate) fn ids<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a FixedSizeBinaryArray, StoreError> {
    required(batch, name, typed)
}

pub(crate) fn times<'a>(
    batch: &'a RecordBatch,
    name: &str,
) -> Result<&'a TimestampNanosecondArray, StoreError> {
    required(batch, name, typed)
}

pub(crate) fn integers<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a Int64Array, StoreError> {
    required(batch, name, typed)
}

pub(crate) fn small<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a Int32Array, StoreError> {
    required(batch, name, typed)
}

pub(crate) fn unsigned<'a>(batch: &'a RecordBatch, name: &str) -> Result<&'a UInt32Array, StoreError> {
    required(batch, name, typed)
}

pub(crate) fn any<'a, T: 'static>(batch: &'a RecordBatch, name: &str) -> Result<&'a T, StoreError> {
    required(batch, name, typed)
}

pub(crate) fn words<'a>(batch: &'a RecordBatch, name: &str) -> Result<WordsColumn<'a>, StoreError> {
    required(batch, name, WordsColumn::of)
}

pub(crate) fn blobs<'a>(batch: &'a RecordBatch, name: &str) -> Result<BytesColumn<'a>, StoreError> {
    required(batch, name, BytesColumn::of)
}
