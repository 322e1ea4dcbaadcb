//! The columns of spans.

use std::sync::Arc;

use arrow_array::builder::FixedSizeBinaryBuilder;
use arrow_array::{Int32Array, Int64Array, RecordBatch, UInt32Array};

use super::name;
use super::nested::{Events, Links};
use super::read::utc;
use super::sheet::Sheet;
use super::standard::Standard;
use super::words::Words;
use crate::error::StoreError;
use crate::visitor::{Owner, SpanRow};

/// Builds the columns of spans.
#[derive(Debug)]
pub(super) struct Spans {
    trace_id: FixedSizeBinaryBuilder,
    span_id: FixedSizeBinaryBuilder,
    parent: FixedSizeBinaryBuilder,
    trace_state: Words,
    name: Words,
    kind: Vec<i32>,
    start: Vec<i64>,
    duration: Vec<i64>,
    status_code: Vec<Option<i32>>,
    status_message: Words,
    flags: Vec<u32>,
    dropped: [Vec<u32>; 3],
    events: Events,
    links: Links,
    standard: Standard,
}

impl Default for Spans {
    fn default() -> Self {
        Self {
            trace_id: FixedSizeBinaryBuilder::new(16),
            span_id: FixedSizeBinaryBuilder::new(8),
            parent: FixedSizeBinaryBuilder::new(8),
            trace_state: Words::default(),
            name: Words::default(),
            kind: Vec::new(),
            start: Vec::new(),
            duration: Vec::new(),
            status_code: Vec::new(),
            status_message: Words::default(),
            flags: Vec::new(),
            dropped: Default::default(),
            events: Events::default(),
            links: Links::default(),
            standard: Standard::default(),
        }
    }
}

impl Spans {
    pub(super) fn push(&mut self, owner: &Owner<'_>, span: &SpanRow<'_>) -> Result<(), StoreError> {
        self.trace_id.append_value(span.trace_id)?;
        self.span_id.append_value(span.span_id)?;
        match span.parent {
            Some(parent) => self.parent.append_value(parent)?,
            None => self.parent.append_null(),
        }
        self.trace_state.push_unless_empty(span.trace_state);
        self.name.push(span.name.as_bytes());
        self.kind.push(span.kind);
        self.start.push(span.start as i64);
        self.duration.push(span.end.wrapping_sub(span.start) as i64);
        self.status_code.push(span.has_status.then_some(span.status_code));
        self.status_message.push_unless_empty(span.status_message);
        self.flags.push(span.flags);
        self.dropped[0].push(span.dropped_attributes);
        self.dropped[1].push(span.dropped_events);
        self.dropped[2].push(span.dropped_links);
        self.events.push_row(&span.events, &span.pairs);
        self.links.push_row(&span.links, &span.pairs)?;
        self.standard.push_row(owner, span.pairs.get(&span.attributes));
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<RecordBatch, StoreError> {
        let mut sheet = Sheet::default();
        sheet.put(name::TRACE_ID, Arc::new(self.trace_id.finish()));
        sheet.put(name::SPAN_ID, Arc::new(self.span_id.finish()));
        sheet.put_nullable(name::PARENT_SPAN_ID, Arc::new(self.parent.finish()));
        sheet.put(name::NAME, self.name.finish_text()?);
        sheet.put(name::KIND, Arc::new(Int32Array::from(self.kind)));
        sheet.put(name::START, utc(self.start));
        sheet.put(name::DURATION, Arc::new(Int64Array::from(self.duration)));
        sheet.put_nullable(name::STATUS_CODE, Arc::new(Int32Array::from(self.status_code)));
        sheet.put_nullable(name::STATUS_MESSAGE, self.status_message.finish_text()?);
        sheet.put_nullable(name::TRACE_STATE, self.trace_state.finish_text()?);
        sheet.put(name::FLAGS, Arc::new(UInt32Array::from(self.flags)));
        let [attributes, events, links] = self.dropped;
        sheet.put(name::DROPPED_ATTRIBUTES, Arc::new(UInt32Array::from(attributes)));
        sheet.put(name::DROPPED_EVENTS, Arc::new(UInt32Array::from(events)));
        sheet.put(name::DROPPED_LINKS, Arc::new(UInt32Array::from(links)));
        sheet.put(name::EVENTS, self.events.finish()?);
        sheet.put(name::LINKS, self.links.finish()?);
        self.standard.finish(&mut sheet)?;
        sheet.batch()
    }
}
