//! Status codes of gRPC: their names, and which of them are errors.

use std::borrow::Cow;
use std::error::Error;

use http::HeaderMap;
use percent_encoding::percent_decode;

use crate::SpanKind;

/// The names, by number.
const NAMES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// A status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code(u8);

impl Code {
    pub(super) const CANCELLED: Self = Self(1);
    pub(super) const UNKNOWN: Self = Self(2);
    const UNAVAILABLE: Self = Self(14);

    /// The one that headers or trailers bring; a number that is none of gRPC's is UNKNOWN.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get("grpc-status")?.to_str().ok();
        let number = text.and_then(|text| text.parse().ok());
        Some(number.map_or(Self::UNKNOWN, Self::numbered))
    }

    /// The one that tonic makes of an error which kept a call from its answer.
    pub(super) fn of_error(error: &(dyn Error + 'static)) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(status) = error.downcast_ref::<tonic::Status>() {
                return Self(status.code() as u8);
            }
            if error.is::<tonic::TimeoutExpired>() {
                return Self::CANCELLED;
            }
            if error.is::<tonic::ConnectError>() {
                return Self::UNAVAILABLE;
            }
            match error.downcast_ref::<hyper::Error>() {
                Some(error) if error.is_timeout() => return Self::UNAVAILABLE,
                Some(error) if error.is_canceled() => return Self::CANCELLED,
                _ => next = error.source(),
            }
        }
        Self::UNKNOWN
    }

    fn numbered(number: u8) -> Self {
        if usize::from(number) < NAMES.len() {
            Self(number)
        } else {
            Self::UNKNOWN
        }
    }

    pub(super) fn number(self) -> u8 {
        self.0
    }

    pub(super) fn name(self) -> &'static str {
        NAMES.get(usize::from(self.0)).copied().unwrap_or("UNKNOWN")
    }

    /// Whether it is the fault of the side that records.
    pub(super) fn is_error(self, side: SpanKind) -> bool {
        match side {
            SpanKind::Server => matches!(self.0, 2 | 4 | 12 | 13 | 14 | 15),
            _ => self.0 != 0,
        }
    }
}

/// What the other side said beside its status code.
pub(super) fn message(headers: &HeaderMap) -> Cow<'_, str> {
    headers
        .get("grpc-message")
        .map(|message| percent_decode(message.as_bytes()).decode_utf8_lossy())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_code_is_found_named_and_judged_by_side() {
        let mut headers = HeaderMap::new();
        assert_eq!(Code::of(&headers), None);
        for (text, name, fails_server, fails_client) in [
            ("0", "OK", false, false),
            ("5", "NOT_FOUND", false, true),
            ("14", "UNAVAILABLE", true, true),
            ("16", "UNAUTHENTICATED", false, true),
            ("17", "UNKNOWN", true, true),
            ("many", "UNKNOWN", true, true),
        ] {
            headers.insert("grpc-status", HeaderValue::from_static(text));
            let code = Code::of(&headers).unwrap();
            assert_eq!(code.name(), name);
            assert_eq!(code.is_error(SpanKind::Server), fails_server, "{name}");
            assert_eq!(code.is_error(SpanKind::Client), fails_client, "{name}");
        }
    }

    #[test]
    fn an_error_in_place_of_an_answer_has_the_code_that_tonic_gives_it() {
        let refused = || std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let errors: [Box<dyn Error + Send + Sync>; 4] = [
            Box::new(tonic::TimeoutExpired(())),
            Box::new(tonic::ConnectError(refused().into())),
            Box::new(tonic::Status::data_loss("torn")),
            Box::new(refused()),
        ];
        for error in errors {
            let code = Code::of_error(&*error);
            let text = error.to_string();
            assert_eq!(
                i32::from(code.0),
                tonic::Status::from_error(error).code() as i32,
                "{text}"
            );
        }
    }

    #[test]
    fn a_message_is_decoded() {
        let mut headers = HeaderMap::new();
        headers.insert("grpc-message", HeaderValue::from_static("no%20such%20symbol %ff"));
        assert_eq!(message(&headers), "no such symbol \u{fffd}");
    }
}
