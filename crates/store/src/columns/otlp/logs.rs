//! Log records.

use arrow_array::{Array, RecordBatch, StructArray};
use telensic_tape::otlp::{field, put_bytes, put_fixed32, put_fixed64, put_varint_field};

use super::owner::{OwnerColumns, Owners, put_record};
use super::value::{AttributesOut, put_any};
use crate::columns::read::{any, ids, required, small, times, unsigned, words};
use crate::columns::{AttributesColumn, Stored, ValuesColumn, name};
use crate::error::StoreError;
use crate::visitor::Any;

/// Appends all log records of the batch.
pub(super) fn put_all(batch: &RecordBatch, owners: &mut Owners) -> Result<(), StoreError> {
    use field::log;
    let owner = OwnerColumns::of(batch)?;
    let (time, observed) = (times(batch, name::TIME)?, times(batch, name::OBSERVED)?);
    let severity = small(batch, name::SEVERITY)?;
    let severity_text = words(batch, name::SEVERITY_TEXT)?;
    let has_body = any::<StructArray>(batch, name::BODY)?;
    let body = required(batch, name::BODY, ValuesColumn::of)?;
    let event_name = words(batch, name::EVENT_NAME)?;
    let trace_id = ids(batch, name::TRACE_ID)?;
    let span_id = ids(batch, name::SPAN_ID)?;
    let flags = unsigned(batch, name::FLAGS)?;
    let dropped = unsigned(batch, name::DROPPED_ATTRIBUTES)?;
    let attributes = required(batch, name::ATTRIBUTES, AttributesColumn::of)?;
    let mut encoder = AttributesOut::default();
    let (mut out, mut message) = (Vec::new(), Vec::new());
    for row in 0..batch.num_rows() {
        out.clear();
        put_fixed64(&mut out, log::TIME, time.value(row) as u64);
        put_fixed64(&mut out, log::OBSERVED_TIME, observed.value(row) as u64);
        put_varint_field(&mut out, log::SEVERITY, i64::from(severity.value(row)) as u64);
        if let Some(text) = severity_text.get(row) {
            put_bytes(&mut out, log::SEVERITY_TEXT, text.as_bytes());
        }
        if has_body.is_valid(row) {
            message.clear();
            let value = match body.get(row) {
                Stored::Any(any) => any,
                Stored::Absent | Stored::InColumn => Any::Other(&[]),
            };
            put_any(&mut message, value);
            put_bytes(&mut out, log::BODY, &message);
        }
        encoder.put(
            &mut out,
            log::ATTRIBUTE,
            &attributes,
            row,
            Some((&owner.standard, row)),
        );
        put_varint_field(&mut out, log::DROPPED_ATTRIBUTES, dropped.value(row).into());
        put_fixed32(&mut out, log::FLAGS, flags.value(row));
        for (number, id) in [(log::TRACE_ID, trace_id), (log::SPAN_ID, span_id)] {
            if id.is_valid(row) {
                put_bytes(&mut out, number, id.value(row));
            }
        }
        if let Some(text) = event_name.get(row) {
            put_bytes(&mut out, log::EVENT_NAME, text.as_bytes());
        }
        put_record(owners.records(&owner, row), &out);
    }
    Ok(())
}
