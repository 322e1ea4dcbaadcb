//! An error on its way to a span, of whatever type: services and bodies may fail with anything.

use std::any::Any;
use std::error::Error;
use std::fmt::Display;
use std::io;

use crate::Span;
use crate::span::Exception;

type BoxError = Box<dyn Error + Send + Sync>;

/// An error, with its sources if its type is known to have some.
pub(crate) struct Fault<'e> {
    /// Its type, unless that is a box.
    kind: Option<&'static str>,
    text: &'e dyn Display,
    error: Option<&'e (dyn Error + 'static)>,
}

impl<'e> Fault<'e> {
    /// An error of any type. The trait cannot be asked for, since the boxes that tower hands about are no errors
    /// themselves; so the types that bring sources are looked for.
    pub(crate) fn of<E: Display + 'static>(given: &'e E) -> Self {
        let any: &dyn Any = given;
        let boxed = any.downcast_ref::<BoxError>();
        let error: Option<&'e (dyn Error + 'static)> = if let Some(boxed) = boxed {
            Some(&**boxed)
        } else if let Some(error) = any.downcast_ref::<io::Error>() {
            Some(error)
        } else {
            known(any)
        };
        Self {
            kind: boxed.is_none().then(std::any::type_name::<E>),
            text: given,
            error,
        }
    }

    /// The error itself.
    #[cfg(any(feature = "reqwest", feature = "tonic"))]
    pub(crate) fn error(&self) -> Option<&'e (dyn Error + 'static)> {
        self.error
    }

    /// `error.type` of an error that nothing more is known of: its type, which a box hides.
    #[cfg(feature = "tower")]
    pub(crate) fn kind(&self) -> &'static str {
        self.kind.unwrap_or("_OTHER")
    }

    /// Records it as an exception, by which the span has failed.
    pub(crate) fn note(&self, span: &mut Span) {
        self.note_as(span, |text| text);
    }

    /// The same, with its texts changed.
    pub(crate) fn note_as(&self, span: &mut Span, change: impl Fn(String) -> String) {
        let exception = match self.error {
            Some(error) => Exception::of(error),
            None => Exception {
                kind: String::new(),
                message: self.text.to_string(),
                stacktrace: String::new(),
            },
        };
        let exception = Exception {
            kind: self.kind.map_or(exception.kind, str::to_owned),
            message: change(exception.message),
            stacktrace: change(exception.stacktrace),
        };
        span.edit(|span| span.exception(&exception));
    }
}

/// Errors of the crates whose doors these are.
fn known(any: &dyn Any) -> Option<&(dyn Error + 'static)> {
    #[cfg(feature = "axum")]
    if let Some(error) = any.downcast_ref::<axum::Error>() {
        return Some(error);
    }
    #[cfg(feature = "tonic")]
    if let Some(error) = any.downcast_ref::<tonic::Status>() {
        return Some(error);
    }
    #[cfg(feature = "tonic")]
    if let Some(error) = any.downcast_ref::<tonic::transport::Error>() {
        return Some(error);
    }
    #[cfg(feature = "reqwest")]
    if let Some(error) = any.downcast_ref::<reqwest::Error>() {
        return Some(error);
    }
    let _ = any;
    None
}

/// What the network did, if one of an error's sources says so.
#[cfg(any(feature = "reqwest", feature = "tonic"))]
pub(crate) fn io_cause(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            match error.kind() {
                io::ErrorKind::ConnectionRefused => return Some("connection_refused"),
                io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof => return Some("connection_reset"),
                io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
                    return Some("unreachable");
                }
                io::ErrorKind::TimedOut => return Some("timeout"),
                _ => {}
            }
        }
        #[cfg(feature = "tonic")]
        if error.is::<tonic::TimeoutExpired>() {
            return Some("timeout");
        }
        // The other side hung up between two reads, which is no error of the socket.
        if let Some(error) = error.downcast_ref::<hyper::Error>()
            && (error.is_incomplete_message() || error.is_closed())
        {
            return Some("connection_reset");
        }
        next = error.source();
    }
    None
}
