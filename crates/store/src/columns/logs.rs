//! The columns of log records.

use std::sync::Arc;

use arrow_array::builder::FixedSizeBinaryBuilder;
use arrow_array::{Int32Array, RecordBatch, StructArray, UInt32Array};
use arrow_buffer::NullBuffer;

use super::name;
use super::read::utc;
use super::sheet::Sheet;
use super::standard::Standard;
use super::values::{Stored, Values};
use super::words::Words;
use crate::error::StoreError;
use crate::visitor::{LogRow, Owner};

/// Builds the columns of log records.
#[derive(Debug)]
pub(super) struct Logs {
    time: Vec<i64>,
    observed: Vec<i64>,
    severity: Vec<i32>,
    severity_text: Words,
    body: Values,
    has_body: Vec<bool>,
    event_name: Words,
    trace_id: FixedSizeBinaryBuilder,
    span_id: FixedSizeBinaryBuilder,
    flags: Vec<u32>,
    dropped: Vec<u32>,
    standard: Standard,
}

impl Default for Logs {
    fn default() -> Self {
        Self {
            time: Vec::new(),
            observed: Vec::new(),
            severity: Vec::new(),
            severity_text: Words::default(),
            body: Values::default(),
            has_body: Vec::new(),
            event_name: Words::default(),
            trace_id: FixedSizeBinaryBuilder::new(16),
            span_id: FixedSizeBinaryBuilder::new(8),
            flags: Vec::new(),
            dropped: Vec::new(),
            standard: Standard::default(),
        }
    }
}

impl Logs {
    pub(super) fn push(&mut self, owner: &Owner<'_>, log: &LogRow<'_>) -> Result<(), StoreError> {
        self.time.push(log.time as i64);
        self.observed.push(log.observed as i64);
        self.severity.push(log.severity);
        self.severity_text.push_unless_empty(log.severity_text);
        self.body.push(log.body.map_or(Stored::Absent, Stored::Any));
        self.has_body.push(log.body.is_some());
        self.event_name.push_unless_empty(log.event_name);
        match log.trace_id {
            Some(id) => self.trace_id.append_value(id)?,
            None => self.trace_id.append_null(),
        }
        match log.span_id {
            Some(id) => self.span_id.append_value(id)?,
            None => self.span_id.append_null(),
        }
        self.flags.push(log.flags);
        self.dropped.push(log.dropped_attributes);
        let all = log.pairs.get(&log.pairs.all());
        self.standard.push_row(owner, all);
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<RecordBatch, StoreError> {
        let (fields, arrays, _) = self.body.finish()?.into_parts();
        let body = StructArray::try_new(fields, arrays, Some(NullBuffer::from(self.has_body)))?;
        let mut sheet = Sheet::default();
        sheet.put(name::TIME, utc(self.time));
        sheet.put(name::OBSERVED, utc(self.observed));
        sheet.put(name::SEVERITY, Arc::new(Int32Array::from(self.severity)));
        sheet.put_nullable(name::SEVERITY_TEXT, self.severity_text.finish_text()?);
        sheet.put_nullable(name::BODY, Arc::new(body));
        sheet.put_nullable(name::EVENT_NAME, self.event_name.finish_text()?);
        sheet.put_nullable(name::TRACE_ID, Arc::new(self.trace_id.finish()));
        sheet.put_nullable(name::SPAN_ID, Arc::new(self.span_id.finish()));
        sheet.put(name::FLAGS, Arc::new(UInt32Array::from(self.flags)));
        sheet.put(
            name::DROPPED_ATTRIBUTES,
            Arc::new(UInt32Array::from(self.dropped)),
        );
        self.standard.finish(&mut sheet)?;
        sheet.batch()
    }
}
