//! Spans.

use arrow_array::{Array, Int32Array, RecordBatch};
use telensic_tape::otlp::{field, put_bytes, put_fixed32, put_fixed64, put_varint_field};

use super::owner::{OwnerColumns, Owners, put_record};
use super::value::AttributesOut;
use crate::columns::read::{any, ids, integers, required, small, times, unsigned, words};
use crate::columns::{AttributesColumn, EventsColumn, LinksColumn, name};
use crate::error::StoreError;

/// Appends all spans of the batch.
pub(super) fn put_all(batch: &RecordBatch, owners: &mut Owners) -> Result<(), StoreError> {
    use field::span;
    let owner = OwnerColumns::of(batch)?;
    let (trace_id, span_id) = (ids(batch, name::TRACE_ID)?, ids(batch, name::SPAN_ID)?);
    let parent = ids(batch, name::PARENT_SPAN_ID)?;
    let (start, duration) = (times(batch, name::START)?, integers(batch, name::DURATION)?);
    let (span_name, state) = (words(batch, name::NAME)?, words(batch, name::TRACE_STATE)?);
    let kind = small(batch, name::KIND)?;
    let status = any::<Int32Array>(batch, name::STATUS_CODE)?;
    let status_message = words(batch, name::STATUS_MESSAGE)?;
    let flags = unsigned(batch, name::FLAGS)?;
    let dropped = [
        (
            span::DROPPED_ATTRIBUTES,
            unsigned(batch, name::DROPPED_ATTRIBUTES)?,
        ),
        (span::DROPPED_EVENTS, unsigned(batch, name::DROPPED_EVENTS)?),
        (span::DROPPED_LINKS, unsigned(batch, name::DROPPED_LINKS)?),
    ];
    let attributes = required(batch, name::ATTRIBUTES, AttributesColumn::of)?;
    let events = required(batch, name::EVENTS, EventsColumn::of)?;
    let links = required(batch, name::LINKS, LinksColumn::of)?;
    let mut encoder = AttributesOut::default();
    let mut out = Vec::new();
    for row in 0..batch.num_rows() {
        out.clear();
        put_bytes(&mut out, span::TRACE_ID, trace_id.value(row));
        put_bytes(&mut out, span::SPAN_ID, span_id.value(row));
        if parent.is_valid(row) {
            put_bytes(&mut out, span::PARENT_SPAN_ID, parent.value(row));
        }
        if let Some(state) = state.get(row) {
            put_bytes(&mut out, span::TRACE_STATE, state.as_bytes());
        }
        put_bytes(
            &mut out,
            span::NAME,
            span_name.get(row).unwrap_or_default().as_bytes(),
        );
        put_varint_field(&mut out, span::KIND, i64::from(kind.value(row)) as u64);
        let from = start.value(row) as u64;
        put_fixed64(&mut out, span::START, from);
        put_fixed64(&mut out, span::END, from.wrapping_add(duration.value(row) as u64));
        encoder.put(
            &mut out,
            span::ATTRIBUTE,
            &attributes,
            row,
            Some((&owner.standard, row)),
        );
        for (number, column) in &dropped {
            put_varint_field(&mut out, *number, column.value(row).into());
        }
        put_events(&mut out, &events, row, &mut encoder);
        put_links(&mut out, &links, row, &mut encoder);
        if status.is_valid(row) {
            let mut message = Vec::new();
            if let Some(text) = status_message.get(row) {
                put_bytes(&mut message, field::status::MESSAGE, text.as_bytes());
            }
            put_varint_field(
                &mut message,
                field::status::CODE,
                i64::from(status.value(row)) as u64,
            );
            put_bytes(&mut out, span::STATUS, &message);
        }
        put_fixed32(&mut out, span::FLAGS, flags.value(row));
        put_record(owners.records(&owner, row), &out);
    }
    Ok(())
}

fn range(offsets: &[i32], row: usize) -> std::ops::Range<usize> {
    match offsets.get(row..row + 2) {
        Some([from, to]) => *from as usize..*to as usize,
        _ => 0..0,
    }
}

fn put_events(out: &mut Vec<u8>, events: &EventsColumn<'_>, row: usize, encoder: &mut AttributesOut) {
    use field::event;
    for at in range(events.offsets, row) {
        let mut message = Vec::new();
        put_fixed64(&mut message, event::TIME, events.time.value(at) as u64);
        put_bytes(
            &mut message,
            event::NAME,
            events.name.get(at).unwrap_or_default().as_bytes(),
        );
        encoder.put(&mut message, event::ATTRIBUTE, &events.attributes, at, None);
        put_varint_field(
            &mut message,
            event::DROPPED_ATTRIBUTES,
            events.dropped.value(at).into(),
        );
        put_bytes(out, field::span::EVENT, &message);
    }
}

fn put_links(out: &mut Vec<u8>, links: &LinksColumn<'_>, row: usize, encoder: &mut AttributesOut) {
    use field::link;
    for at in range(links.offsets, row) {
        let mut message = Vec::new();
        put_bytes(&mut message, link::TRACE_ID, links.trace_id.value(at));
        put_bytes(&mut message, link::SPAN_ID, links.span_id.value(at));
        if let Some(state) = links.trace_state.get(at) {
            put_bytes(&mut message, link::TRACE_STATE, state.as_bytes());
        }
        encoder.put(&mut message, link::ATTRIBUTE, &links.attributes, at, None);
        put_varint_field(
            &mut message,
            link::DROPPED_ATTRIBUTES,
            links.dropped.value(at).into(),
        );
        put_fixed32(&mut message, link::FLAGS, links.flags.value(at));
        put_bytes(out, field::span::LINK, &message);
    }
}
