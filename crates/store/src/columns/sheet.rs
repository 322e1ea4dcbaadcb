//! Columns put side by side: the schema is what the builders build, so the two cannot disagree.

use std::sync::{Arc, OnceLock};

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Field, FieldRef, Schema, SchemaRef};
use telensic_tape::Signal;

use super::builder::Builder;
use crate::error::StoreError;

/// Columns with their names.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    fields: Vec<FieldRef>,
    arrays: Vec<ArrayRef>,
}

impl Sheet {
    /// A column without gaps.
    pub(super) fn put(&mut self, name: &str, array: ArrayRef) {
        self.put_field(Field::new(name, array.data_type().clone(), false), array);
    }

    /// A column with gaps.
    pub(super) fn put_nullable(&mut self, name: &str, array: ArrayRef) {
        self.put_field(Field::new(name, array.data_type().clone(), true), array);
    }

    fn put_field(&mut self, field: Field, array: ArrayRef) {
        self.fields.push(Arc::new(field));
        self.arrays.push(array);
    }

    pub(super) fn batch(self) -> Result<RecordBatch, StoreError> {
        Ok(RecordBatch::try_new(
            Arc::new(Schema::new(self.fields)),
            self.arrays,
        )?)
    }

    pub(super) fn parts(self) -> (Vec<FieldRef>, Vec<ArrayRef>) {
        (self.fields, self.arrays)
    }
}

/// The columns of a signal.
pub(crate) fn schema_of(signal: Signal) -> SchemaRef {
    static SCHEMAS: [OnceLock<SchemaRef>; 3] = [const { OnceLock::new() }; 3];
    let schema = || {
        let empty = Builder::new(signal).finish();
        // Nothing can be wrong with no rows.
        empty.map_or_else(|_| Arc::new(Schema::empty()), |batch| batch.schema())
    };
    SCHEMAS[signal as usize - 1].get_or_init(schema).clone()
}
