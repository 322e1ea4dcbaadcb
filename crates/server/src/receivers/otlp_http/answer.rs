//! What a client is answered: success, partial success, or `google.rpc.Status`, in the encoding that it speaks.

use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::json;
use telensic_tape::{Signal, otlp};

use crate::otlp::Rejected;

/// How a message is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Protobuf,
    Json,
}

/// Why a request is not taken.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    /// One line: what is wrong and how to mend it.
    pub(super) message: String,
    pub(super) retry_after: Option<Duration>,
    /// A header that the status asks for.
    pub(super) header: Option<(header::HeaderName, &'static str)>,
}

/// A whole answer.
pub(super) type Answer = Response<Full<Bytes>>;

impl Format {
    fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Protobuf => "application/x-protobuf",
            Self::Json => "application/json",
        })
    }
}

impl Problem {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            retry_after: None,
            header: None,
        }
    }

    pub(super) fn with_header(mut self, name: header::HeaderName, value: &'static str) -> Self {
        self.header = Some((name, value));
        self
    }

    pub(super) fn retry_after(mut self, after: Duration) -> Self {
        self.retry_after = Some(after);
        self
    }

    /// The answer to a client that speaks this format.
    pub(super) fn answer(&self, format: Format) -> Answer {
        const CODE: u32 = 1;
        const MESSAGE: u32 = 2;
        let code = rpc_code(self.status);
        let body = match format {
            Format::Json => json!({"code": code, "message": self.message})
                .to_string()
                .into_bytes(),
            Format::Protobuf => {
                let mut status = Vec::new();
                otlp::put_varint_field(&mut status, CODE, code);
                otlp::put_bytes(&mut status, MESSAGE, self.message.as_bytes());
                status
            }
        };
        let mut answer = answer(self.status, format, body);
        let headers = answer.headers_mut();
        if let Some(after) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(after.as_secs().max(1)));
        }
        if let Some((name, value)) = &self.header {
            headers.insert(name, HeaderValue::from_static(value));
        }
        answer
    }
}

/// The code of `google.rpc.Code` that goes with a status.
fn rpc_code(status: StatusCode) -> u64 {
    const INVALID_ARGUMENT: u64 = 3;
    const DEADLINE_EXCEEDED: u64 = 4;
    const NOT_FOUND: u64 = 5;
    const RESOURCE_EXHAUSTED: u64 = 8;
    const UNIMPLEMENTED: u64 = 12;
    const UNAVAILABLE: u64 = 14;
    match status {
        StatusCode::NOT_FOUND => NOT_FOUND,
        StatusCode::METHOD_NOT_ALLOWED => UNIMPLEMENTED,
        StatusCode::PAYLOAD_TOO_LARGE => RESOURCE_EXHAUSTED,
        StatusCode::REQUEST_TIMEOUT => DEADLINE_EXCEEDED,
        StatusCode::SERVICE_UNAVAILABLE => UNAVAILABLE,
        _ => INVALID_ARGUMENT,
    }
}

/// The answer to a request that was taken: an `Export*ServiceResponse`.
pub(super) fn success(signal: Signal, format: Format, rejected: &Rejected) -> Answer {
    const PARTIAL_SUCCESS: u32 = 1;
    const REJECTED: u32 = 1;
    const ERROR_MESSAGE: u32 = 2;
    let count = rejected.total();
    let body = match format {
        Format::Protobuf if count == 0 => Vec::new(),
        Format::Json if count == 0 => b"{}".to_vec(),
        Format::Protobuf => {
            let mut response = Vec::new();
            otlp::put_message(&mut response, PARTIAL_SUCCESS, |partial| {
                otlp::put_varint_field(partial, REJECTED, count);
                otlp::put_bytes(partial, ERROR_MESSAGE, rejected.to_string().as_bytes());
            });
            response
        }
        Format::Json => {
            let name = match signal {
                Signal::Spans => "rejectedSpans",
                Signal::Logs => "rejectedLogRecords",
                Signal::Metrics => "rejectedDataPoints",
            };
            json!({"partialSuccess": {name: count.to_string(), "errorMessage": rejected.to_string()}})
                .to_string()
                .into_bytes()
        }
    };
    answer(StatusCode::OK, format, body)
}

fn answer(status: StatusCode, format: Format, body: Vec<u8>) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(body)));
    *answer.status_mut() = status;
    answer
        .headers_mut()
        .insert(header::CONTENT_TYPE, format.content_type());
    answer
}
