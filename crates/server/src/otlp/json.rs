//! OTLP/JSON to protobuf, by the description of the messages.
//!
//! The rules of the OTLP specification: names in lowerCamelCase (those of the .proto files are taken too), ids in hex
//! of either case, 64-bit integers as strings or numbers, enums as numbers or names, bytes in base64; unknown names
//! are passed over, `null` is the same as nothing. Each record is read by itself, so one that is wrong costs no other.

mod scalar;
mod value;

use std::cell::Cell;

use serde::de::DeserializeSeed;
use telensic_tape::Signal;

use super::messages;
use super::rejected::{Reason, Rejected};
use super::request::NotARequest;
use value::MessageSeed;

/// What is known while a request is read.
#[derive(Debug)]
struct Reading {
    nesting: u32,
    rejected: Cell<Rejected>,
    /// Why the record that is read just now is wrong, where the parser's error does not tell.
    reason: Cell<Option<Reason>>,
}

impl Reading {
    fn reject(&self, reason: Reason) {
        let mut rejected = self.rejected.get();
        rejected.add(reason, 1);
        self.rejected.set(rejected);
    }
}

/// The request in protobuf, and what was left out of it.
pub(super) fn transcode(
    signal: Signal,
    text: &[u8],
    nesting: u32,
) -> Result<(Vec<u8>, Rejected), NotARequest> {
    let not_json = |error: serde_json::Error| {
        NotARequest(format!(
            "the body is not an OTLP export request in JSON ({error}): check the exporter's encoding and content type"
        ))
    };
    let reading = Reading {
        nesting,
        rejected: Cell::default(),
        reason: Cell::default(),
    };
    let mut out = Vec::with_capacity(text.len() / 2);
    let seed = MessageSeed::new(messages::request_of(signal), &mut out, 0, &reading);
    let mut parser = serde_json::Deserializer::from_slice(text);
    seed.deserialize(&mut parser).map_err(not_json)?;
    parser.end().map_err(not_json)?;
    Ok((out, reading.rejected.get()))
}
