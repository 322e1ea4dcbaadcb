//! An export request, and the walk through it.
//!
//! ```text
//! request   1 resource records *     ExportTraceServiceRequest, ExportLogsServiceRequest, ExportMetricsServiceRequest
//!             1 resource
//!             2 scope records *
//!               1 scope
//!               2 record *           span, log record, metric
//! ```
//!
//! Invariant: down to the records' lengths the frame is well-formed; what is within a record, a resource or a scope is
//! not looked at here.

use telensic_tape::Signal;
use telensic_tape::otlp::{FieldValue, Fields, Malformed, Repeated};

use super::json;
use super::rejected::Rejected;

/// The field of the resource in a resource's records, and of the scope in a scope's.
const OWNER: u32 = 1;
/// The field of what belongs to it.
const MEMBERS: u32 = 2;
/// The field of the resources' records in a request.
const RESOURCES: u32 = 1;

/// One `Export*ServiceRequest`, in protobuf.
#[derive(Debug)]
pub struct ExportRequest {
    signal: Signal,
    bytes: Vec<u8>,
    rejected: Rejected,
}

/// Bytes that are no export request at all.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotARequest(pub(super) String);

impl ExportRequest {
    /// A request in protobuf.
    pub fn from_protobuf(signal: Signal, bytes: Vec<u8>) -> Result<Self, NotARequest> {
        check_frame(&bytes).map_err(|Malformed| {
            let mend = "check that the exporter speaks OTLP and that the path is that of the signal";
            NotARequest(format!(
                "the body is not an OTLP export request in protobuf: {mend}"
            ))
        })?;
        Ok(Self {
            signal,
            bytes,
            rejected: Rejected::default(),
        })
    }

    /// A request in OTLP/JSON, put into protobuf; records that cannot be are left out and counted.
    pub fn from_json(signal: Signal, text: &[u8], nesting: u32) -> Result<Self, NotARequest> {
        let (bytes, rejected) = json::transcode(signal, text, nesting)?;
        Ok(Self {
            signal,
            bytes,
            rejected,
        })
    }

    /// What it carries.
    pub fn signal(&self) -> Signal {
        self.signal
    }

    /// The encoded request.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The records that are not in it, because they could not be read.
    pub fn rejected(&self) -> Rejected {
        self.rejected
    }

    /// The records of each resource.
    pub(crate) fn resources(&self) -> impl Iterator<Item = Owned<'_>> {
        messages(&self.bytes, RESOURCES)
    }
}

/// A resource or a scope, and what belongs to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owned<'a> {
    message: &'a [u8],
}

impl<'a> Owned<'a> {
    /// The encoded `Resource` or `InstrumentationScope`; empty if there is none.
    pub(crate) fn owner(self) -> &'a [u8] {
        Repeated::new(self.message, OWNER)
            .flatten()
            .last()
            .unwrap_or_default()
    }

    /// The scopes of a resource.
    pub(crate) fn scopes(self) -> impl Iterator<Item = Owned<'a>> {
        messages(self.message, MEMBERS)
    }

    /// The records of a scope.
    pub(crate) fn records(self) -> impl Iterator<Item = &'a [u8]> {
        Repeated::new(self.message, MEMBERS).flatten()
    }
}

fn messages(message: &[u8], number: u32) -> impl Iterator<Item = Owned<'_>> {
    Repeated::new(message, number)
        .flatten()
        .map(|message| Owned { message })
}

fn check_frame(request: &[u8]) -> Result<(), Malformed> {
    each(request, RESOURCES, |resource| {
        each(resource, MEMBERS, |scope| each(scope, MEMBERS, |_record| Ok(())))
    })
}

/// Walks a message to its end, and into each field of this number.
fn each(message: &[u8], number: u32, into: impl Fn(&[u8]) -> Result<(), Malformed>) -> Result<(), Malformed> {
    for field in Fields::new(message) {
        match field? {
            (found, FieldValue::Len(payload)) if found == number => into(payload)?,
            (found, FieldValue::Len(_)) if found == OWNER => {}
            (OWNER | MEMBERS, _) => return Err(Malformed),
            _ => {}
        }
    }
    Ok(())
}
