//! What a client tells the span of a request about its answer.

use std::sync::Arc;

use http::{HeaderMap, Method, StatusCode};
use http_body::SizeHint;

use super::failure;
use super::settings::Settings;
use crate::instrument::http::names::{ERROR_TYPE, STATUS_CODE};
use crate::instrument::http::{End, Head, Witness};
use crate::{Span, Status};

/// Tells of one answer.
#[derive(Debug)]
pub(super) struct Client {
    settings: Arc<Settings>,
    is_head: bool,
}

impl Client {
    pub(super) fn new(settings: Arc<Settings>, method: &Method) -> Self {
        Self {
            settings,
            is_head: method == Method::HEAD,
        }
    }
}

impl Witness for Client {
    fn answered(&mut self, span: &mut Span, head: &Head<'_>) {
        STATUS_CODE.put(span, self.settings.conventions, head.status.as_u16());
        if head.status.is_client_error() || head.status.is_server_error() {
            span.set(ERROR_TYPE, head.status.as_str());
            span.set_status(Status::error(""));
        }
        self.settings.response_headers.put(span, head.headers);
    }

    /// What was announced is the length before decompression, so the body alone knows.
    fn length(&self, head: &Head<'_>, body: &SizeHint) -> Option<u64> {
        if self.is_head || head.status == StatusCode::SWITCHING_PROTOCOLS {
            return Some(0);
        }
        body.exact()
    }

    fn trailers(&mut self, _: &mut Span, _: &HeaderMap) {}

    /// A caller who reads no further than he needs has not failed.
    fn ended(&mut self, span: &mut Span, end: &End<'_>) {
        if let End::Failed(fault) = end {
            failure::note_body(span, fault);
        }
    }
}
