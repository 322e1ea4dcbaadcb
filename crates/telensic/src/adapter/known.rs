//! What is known of errors that do not speak for themselves.

use std::error::Error;
use std::io;
use std::sync::mpsc::RecvTimeoutError;

use super::AdapterError;

/// How many sources of an error are followed.
const DEEPEST: usize = 32;

/// What the first error says that is known, of this one and its sources.
pub(super) fn of_chain(error: &(dyn Error + 'static)) -> Option<AdapterError<'static>> {
    std::iter::successors(Some(error), |error| next(*error))
        .take(DEEPEST)
        .find_map(of_one)
}

/// The same without the error itself, whose type may borrow.
#[cfg(all(feature = "macros", feature = "record"))]
pub(crate) fn of_sources<E: Error + ?Sized>(error: &E) -> Option<AdapterError<'static>> {
    of_chain(error.source()?)
}

/// What is behind an error. One that was wrapped in an `io::Error` is left out by the wrapper's own source.
fn next<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

fn of_one(error: &(dyn Error + 'static)) -> Option<AdapterError<'static>> {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return of_io(error.kind());
    }
    if let Some(RecvTimeoutError::Timeout) = error.downcast_ref() {
        return Some(AdapterError::Timeout);
    }
    #[cfg(any(feature = "metrics", feature = "otlp", feature = "reqwest"))]
    if error.is::<tokio::time::error::Elapsed>() {
        return Some(AdapterError::Timeout);
    }
    #[cfg(feature = "reqwest")]
    if let Some(error) = error.downcast_ref::<reqwest::Error>() {
        return of_reqwest(error);
    }
    #[cfg(feature = "reqwest")]
    if let Some(reqwest_middleware::Error::Reqwest(error)) = error.downcast_ref() {
        return of_reqwest(error);
    }
    #[cfg(feature = "tonic")]
    if let Some(status) = error.downcast_ref::<tonic::Status>() {
        return of_status(status.code());
    }
    #[cfg(feature = "tonic")]
    if error.is::<tonic::TimeoutExpired>() {
        return Some(AdapterError::Timeout);
    }
    #[cfg(any(feature = "reqwest", feature = "tonic"))]
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        // The other side hung up between two reads, which is no error of the socket.
        return (error.is_incomplete_message() || error.is_closed()).then_some(AdapterError::Connection);
    }
    None
}

fn of_io(kind: io::ErrorKind) -> Option<AdapterError<'static>> {
    match kind {
        // What a socket says whose time to read is over depends on the platform.
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Some(AdapterError::Timeout),
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::NotConnected
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown => Some(AdapterError::Connection),
        _ => None,
    }
}

#[cfg(feature = "reqwest")]
fn of_reqwest(error: &reqwest::Error) -> Option<AdapterError<'static>> {
    match error.status().map(|status| status.as_u16()) {
        Some(429) => Some(AdapterError::RateLimited),
        Some(408 | 504) => Some(AdapterError::Timeout),
        _ if error.is_timeout() => Some(AdapterError::Timeout),
        _ if error.is_connect() => Some(AdapterError::Connection),
        _ => None,
    }
}

#[cfg(feature = "tonic")]
fn of_status(code: tonic::Code) -> Option<AdapterError<'static>> {
    match code {
        tonic::Code::ResourceExhausted => Some(AdapterError::RateLimited),
        tonic::Code::DeadlineExceeded => Some(AdapterError::Timeout),
        tonic::Code::Unavailable => Some(AdapterError::Connection),
        _ => None,
    }
}
