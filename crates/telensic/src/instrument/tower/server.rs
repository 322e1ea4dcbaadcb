//! What a server tells the span of a request about its answer.

use std::sync::Arc;

use http::header::CONTENT_LENGTH;
use http::{HeaderMap, Method, StatusCode};
use http_body::SizeHint;

use super::settings::Settings;
use crate::instrument::http::names::{ERROR_TYPE, STATUS_CODE};
use crate::instrument::http::{End, Head, Witness};
use crate::{Span, Status};

/// Tells of one answer.
#[derive(Debug)]
pub(super) struct Server {
    settings: Arc<Settings>,
    is_head: bool,
}

impl Server {
    pub(super) fn new(settings: Arc<Settings>, method: &Method) -> Self {
        Self {
            settings,
            is_head: method == Method::HEAD,
        }
    }
}

impl Witness for Server {
    fn answered(&mut self, span: &mut Span, head: &Head<'_>) {
        if !span.is_recording() {
            return;
        }
        STATUS_CODE.put(span, self.settings.conventions, head.status.as_u16());
        if head.status.is_server_error() {
            span.set(ERROR_TYPE, head.status.as_str());
            span.set_status(Status::error(""));
        }
        self.settings.response_headers.put(span, head.headers);
    }

    fn length(&self, head: &Head<'_>, body: &SizeHint) -> Option<u64> {
        let never = [
            StatusCode::SWITCHING_PROTOCOLS,
            StatusCode::NO_CONTENT,
            StatusCode::NOT_MODIFIED,
        ];
        if self.is_head || never.contains(&head.status) {
            return Some(0);
        }
        let announced = head.headers.get(CONTENT_LENGTH);
        let announced = announced.and_then(|length| length.to_str().ok()?.parse().ok());
        announced.or(body.exact())
    }

    fn trailers(&mut self, _: &mut Span, _: &HeaderMap) {}

    fn ended(&mut self, span: &mut Span, end: &End<'_>) {
        match end {
            End::Complete => {}
            End::Failed(fault) => {
                span.set(ERROR_TYPE, fault.kind());
                fault.note(span);
            }
            End::Abandoned => {
                span.set(ERROR_TYPE, "client_disconnect");
                span.set_status(Status::error(
                    "the client went away before it had the whole answer",
                ));
            }
        }
    }
}
