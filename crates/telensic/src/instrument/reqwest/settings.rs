//! What a client records of its requests.

use crate::instrument::http::{Captured, Conventions, Direction, Methods};

/// Settings of the middleware.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) conventions: Conventions,
    pub(super) methods: Methods,
    pub(super) request_headers: Captured,
    pub(super) response_headers: Captured,
    pub(super) propagates: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            conventions: Conventions::of_environment(),
            methods: Methods::of_environment(),
            request_headers: Captured::of_environment(
                Direction::Request,
                "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST",
            ),
            response_headers: Captured::of_environment(
                Direction::Response,
                "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE",
            ),
            propagates: true,
        }
    }
}
