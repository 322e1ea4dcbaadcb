//! Changing a few fields of a record and copying the rest as it lies.
//!
//! A change deep inside alters the lengths of all messages around it, so those are written anew; their other fields
//! are copied. Invariant: patches do not overlap, and each covers a field's payload or a whole field.

use std::ops::Range;

use telensic_tape::otlp::{self, FieldValue, Fields};

/// One change.
#[derive(Clone, Debug)]
pub(super) struct Patch {
    /// The bytes of the record that go.
    pub(super) range: Range<usize>,
    /// What comes in place of the payload; `None` if the whole field goes.
    pub(super) with: Option<Vec<u8>>,
}

/// The record with these changes.
pub(super) fn patched(record: &[u8], patches: &mut [Patch]) -> Vec<u8> {
    // A key is looked at before its value, wherever they lie.
    patches.sort_unstable_by_key(|patch| patch.range.start);
    let mut out = Vec::with_capacity(record.len() + 32);
    put(&mut out, record, 0, patches);
    out
}

/// Appends the message that begins at `at` within the record.
fn put(out: &mut Vec<u8>, message: &[u8], at: usize, patches: &[Patch]) {
    let mut fields = Fields::new(message);
    let mut later = patches;
    loop {
        let start = message.len() - fields.rest().len();
        // The record was walked before, so nothing in it is malformed.
        let Some(Ok((number, value))) = fields.next() else {
            return;
        };
        let end = message.len() - fields.rest().len();
        let (here, rest) = later.split_at(later.partition_point(|patch| patch.range.start < at + end));
        later = rest;
        match (here, value) {
            ([], _) => out.extend_from_slice(&message[start..end]),
            ([Patch { with: None, range }], _) if range.start == at + start => {}
            (_, FieldValue::Len(payload)) => {
                let payload_at = at + end - payload.len();
                match here {
                    [
                        Patch {
                            with: Some(with),
                            range,
                        },
                    ] if *range == (payload_at..at + end) => {
                        otlp::put_bytes(out, number, with);
                    }
                    _ => otlp::put_message(out, number, |inner| put(inner, payload, payload_at, here)),
                }
            }
            // A change within a number: there is none, and nothing that was to go is written.
            _ => debug_assert!(false, "a patch covers a payload or a whole field"),
        }
    }
}
