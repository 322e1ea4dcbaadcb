//! What is told of a call's answer, on either side.

use http::{HeaderMap, StatusCode};
use http_body::SizeHint;

use super::code::{Code, message};
use super::names::Names;
use crate::instrument::http::names::ERROR_TYPE;
use crate::instrument::http::{End, Fault, Head, Witness, io_cause};
use crate::{Span, SpanKind, Status};

/// Tells of one call.
#[derive(Debug)]
pub(super) struct Call {
    side: SpanKind,
    names: Names,
    has_code: bool,
}

impl Call {
    pub(super) fn new(side: SpanKind, names: Names) -> Self {
        Self {
            side,
            names,
            has_code: false,
        }
    }

    fn code(&mut self, span: &mut Span, code: Code, message: &str) {
        self.has_code = true;
        self.names.put_code(span, code);
        if code.is_error(self.side) {
            span.set(ERROR_TYPE, code.name());
            span.set_status(Status::error(message));
        }
    }

    fn look_for_code(&mut self, span: &mut Span, headers: &HeaderMap) {
        if let Some(code) = Code::of(headers) {
            self.code(span, code, &message(headers));
        }
    }

    /// A client's call has a code even if nobody sent one.
    fn failed(&self, span: &mut Span, fault: &Fault<'_>) {
        let error = fault.error();
        let kind = if self.side == SpanKind::Client {
            let code = error.map_or(Code::UNKNOWN, Code::of_error);
            if !self.has_code {
                self.names.put_code(span, code);
            }
            code.name()
        } else {
            fault.kind()
        };
        span.set(ERROR_TYPE, error.and_then(io_cause).unwrap_or(kind));
        fault.note(span);
    }
}

impl Witness for Call {
    fn answered(&mut self, span: &mut Span, head: &Head<'_>) {
        self.look_for_code(span, head.headers);
        // A proxy, or a server that does not speak gRPC.
        if !self.has_code && head.status != StatusCode::OK {
            self.has_code = true;
            span.set(ERROR_TYPE, head.status.as_str());
            span.set_status(Status::error(format!(
                "answered with the HTTP status {}",
                head.status
            )));
        }
    }

    /// The code comes in trailers, after the last byte.
    fn length(&self, _: &Head<'_>, _: &SizeHint) -> Option<u64> {
        None
    }

    fn trailers(&mut self, span: &mut Span, trailers: &HeaderMap) {
        self.look_for_code(span, trailers);
    }

    fn ended(&mut self, span: &mut Span, end: &End<'_>) {
        match end {
            End::Failed(fault) => self.failed(span, fault),
            // The stream was let go before its end: by the caller here, or by one who hung up there.
            End::Abandoned if !self.has_code => self.code(span, Code::CANCELLED, "cancelled before its end"),
            End::Complete if !self.has_code => self.code(span, Code::UNKNOWN, "ended without a status"),
            End::Abandoned | End::Complete => {}
        }
    }
}
