//! What went wrong with a request, told apart.

use std::error::Error;
use std::io;

use crate::Span;
use crate::instrument::http::names::ERROR_TYPE;
use crate::instrument::http::{Fault, io_cause, scrubbed_url};

/// `error.type` of an error: one of the words in the [module's](crate::reqwest) table.
pub fn error_type(error: &reqwest::Error) -> &'static str {
    if error.is_builder() {
        return "builder";
    }
    if error.is_redirect() {
        return "redirect";
    }
    if error.is_timeout() {
        return if error.is_connect() {
            "connect_timeout"
        } else {
            "timeout"
        };
    }
    if error.is_dns() {
        return "dns";
    }
    if error.is_connect() && (is_garbage(error) || speaks_of_tls(error)) {
        return "tls";
    }
    if let Some(cause) = io_cause(error) {
        return cause;
    }
    if error.is_connect() {
        return "connect";
    }
    if error.is_decode() || is_garbage(error) {
        return "decode";
    }
    if error.is_body() {
        return "body";
    }
    "request"
}

/// Whether what came is not what it should be: decompression fails as a read of bad data does, and so does a handshake
/// with one who does not speak TLS.
fn is_garbage(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(error) = next {
        let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
        if matches!(
            kind,
            Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)
        ) {
            return true;
        }
        next = error.source();
    }
    false
}

/// Whether TLS is what failed. Its errors have another type with every TLS library, of which this crate needs none, so
/// they are known by their words.
fn speaks_of_tls(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(error) = next {
        let text = error.to_string().to_ascii_lowercase();
        if ["certificate", "tls", "ssl", "handshake"]
            .iter()
            .any(|word| text.contains(word))
        {
            return true;
        }
        next = error.source();
    }
    false
}

/// Says of a span that there is no answer, and why.
pub(super) fn note(span: &mut Span, error: &reqwest_middleware::Error) {
    match error {
        reqwest_middleware::Error::Reqwest(error) => {
            span.set(ERROR_TYPE, error_type(error));
            note_error(span, &Fault::of(error), error);
        }
        reqwest_middleware::Error::Middleware(error) => {
            span.set(ERROR_TYPE, "middleware");
            let error: &(dyn Error + 'static) = error.as_ref();
            span.record_error(error);
        }
    }
}

/// Says of a span that the body of its answer failed.
pub(super) fn note_body(span: &mut Span, fault: &Fault<'_>) {
    let error = fault
        .error()
        .and_then(|error| error.downcast_ref::<reqwest::Error>());
    match error {
        Some(error) => {
            span.set(ERROR_TYPE, error_type(error));
            note_error(span, fault, error);
        }
        None => {
            span.set(ERROR_TYPE, "body");
            fault.note(span);
        }
    }
}

/// Records the error, whose text holds the URL as it was given.
fn note_error(span: &mut Span, fault: &Fault<'_>, error: &reqwest::Error) {
    let url = error.url().map(reqwest::Url::as_str);
    fault.note_as(span, |text| match url {
        None => text,
        Some(url) => text.replace(url, &scrubbed_url(url)),
    });
}
