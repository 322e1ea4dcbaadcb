//! A request, put together from pieces of chunks as they lie.
//!
//! ```text
//! protobuf   ExportTraceServiceRequest = resource_spans 1 { resource 1, scope_spans 2 * }     a chunk's body is a ScopeSpans
//! JSON       {"resourceSpans":[{"resource":{..},"scopeSpans":[{"scope":{..},"spans":[..]}, ..]}]}
//! ```
//!
//! In protobuf nothing is encoded: a chunk that is sent whole is copied in one piece, of another its scope and the records
//! that are new. Logs and metrics have the same field numbers.

use telensic_run::otlp_json::{LogJson, MetricJson, ResourceJson, ScopeJson, SpanJson};
use telensic_tape::Signal;
use telensic_tape::otlp::{
    FieldValue, Fields, LogView, Malformed, Repeated, ScopeView, SpanView, field, put_bytes, put_varint,
    varint_len,
};

/// `resource_spans` of a request, `resource` and `scope_spans` of a `ResourceSpans`.
const RESOURCE_RECORDS: u32 = 1;
const RESOURCE: u32 = 1;
const SCOPE_RECORDS: u32 = 2;

/// How a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Protobuf,
    Json,
}

/// A request that is being put together.
#[derive(Debug)]
pub(super) struct Request {
    signal: Signal,
    encoding: Encoding,
    /// What has been put in so far, each as an element of its list.
    scopes: Vec<u8>,
    /// Records that could not be read.
    pub(super) damaged: u64,
}

/// Records of a chunk, and the scope before them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    /// The chunk's body.
    pub(super) body: &'a [u8],
    /// Where its records begin: behind the scope.
    pub(super) lead: usize,
    /// Where those of this piece begin and end.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Where the records of a body begin: behind its scope.
pub(super) fn lead_of(body: &[u8]) -> usize {
    let mut fields = Fields::new(body);
    match fields.next() {
        Some(Ok((field::scope_records::SCOPE, FieldValue::Len(_)))) => body.len() - fields.rest().len(),
        _ => 0,
    }
}

impl Request {
    pub(super) fn new(signal: Signal, encoding: Encoding) -> Self {
        Self {
            signal,
            encoding,
            scopes: Vec::new(),
            damaged: 0,
        }
    }

    /// How many bytes it has so far, but for the resource.
    pub(super) fn len(&self) -> usize {
        self.scopes.len()
    }

    /// Adds records.
    pub(super) fn add(&mut self, piece: Piece<'_>) {
        match self.encoding {
            Encoding::Protobuf => self.add_protobuf(piece),
            Encoding::Json => self.add_json(piece),
        }
    }

    fn add_protobuf(&mut self, piece: Piece<'_>) {
        let Piece { body, lead, from, to } = piece;
        if from == lead {
            put_bytes(&mut self.scopes, SCOPE_RECORDS, &body[..to]);
            return;
        }
        put_varint(&mut self.scopes, u64::from(SCOPE_RECORDS) << 3 | 2);
        put_varint(&mut self.scopes, (lead + to - from) as u64);
        self.scopes.extend_from_slice(&body[..lead]);
        self.scopes.extend_from_slice(&body[from..to]);
    }

    fn add_json(&mut self, piece: Piece<'_>) {
        let scope = match Fields::new(&piece.body[..piece.lead]).next() {
            Some(Ok((_, FieldValue::Len(scope)))) => ScopeView::parse(scope).unwrap_or_default(),
            _ => ScopeView::default(),
        };
        let before = self.scopes.len();
        if before > 0 {
            self.scopes.push(b',');
        }
        self.scopes.extend_from_slice(b"{\"scope\":");
        let mut good = to_json(&mut self.scopes, &ScopeJson::of(&scope)).is_ok();
        self.scopes.extend_from_slice(b",\"");
        self.scopes.extend_from_slice(list_name(self.signal).as_bytes());
        self.scopes.extend_from_slice(b"\":[");
        let mut is_first = true;
        for record in Repeated::new(&piece.body[piece.from..piece.to], field::scope_records::RECORD) {
            let end = self.scopes.len();
            if !is_first {
                self.scopes.push(b',');
            }
            match record.and_then(|record| self.record_json(record)) {
                Ok(()) => is_first = false,
                Err(Malformed) => {
                    self.damaged += 1;
                    self.scopes.truncate(end);
                }
            }
        }
        good &= !is_first;
        self.scopes.extend_from_slice(b"]}");
        if !good {
            self.scopes.truncate(before);
        }
    }

    fn record_json(&mut self, record: &[u8]) -> Result<(), Malformed> {
        match self.signal {
            Signal::Spans => to_json(&mut self.scopes, &SpanJson::of(&SpanView::parse(record)?)?),
            Signal::Logs => to_json(&mut self.scopes, &LogJson::of(&LogView::parse(record)?)?),
            Signal::Metrics => to_json(&mut self.scopes, &MetricJson::of(record)),
        }
    }

    /// The whole request.
    pub(super) fn finish(self, resource: &[u8]) -> Vec<u8> {
        match self.encoding {
            Encoding::Protobuf => {
                let head = 1 + varint_len(resource.len() as u64) + resource.len();
                let mut request = Vec::with_capacity(head + self.scopes.len() + 16);
                put_varint(&mut request, u64::from(RESOURCE_RECORDS) << 3 | 2);
                put_varint(&mut request, (head + self.scopes.len()) as u64);
                put_bytes(&mut request, RESOURCE, resource);
                request.extend_from_slice(&self.scopes);
                request
            }
            Encoding::Json => {
                let (resources, scopes) = match self.signal {
                    Signal::Spans => ("resourceSpans", "scopeSpans"),
                    Signal::Logs => ("resourceLogs", "scopeLogs"),
                    Signal::Metrics => ("resourceMetrics", "scopeMetrics"),
                };
                let mut request = format!("{{\"{resources}\":[{{\"resource\":").into_bytes();
                let before = request.len();
                if to_json(&mut request, &ResourceJson::of(resource)).is_err() {
                    // This process or one like it wrote it; should it be damaged, the records are sent without.
                    request.truncate(before);
                    request.extend_from_slice(b"{}");
                }
                request.extend_from_slice(format!(",\"{scopes}\":[").as_bytes());
                request.extend_from_slice(&self.scopes);
                request.extend_from_slice(b"]}]}");
                request
            }
        }
    }
}

fn to_json(out: &mut Vec<u8>, value: &impl serde::Serialize) -> Result<(), Malformed> {
    serde_json::to_writer(out, value).map_err(|_| Malformed)
}

fn list_name(signal: Signal) -> &'static str {
    match signal {
        Signal::Spans => "spans",
        Signal::Logs => "logRecords",
        Signal::Metrics => "metrics",
    }
}
