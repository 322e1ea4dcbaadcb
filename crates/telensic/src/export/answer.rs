//! What a backend's answer means: taken, to be tried again, or refused for good.

use std::time::{Duration, SystemTime};

use hyper::{HeaderMap, StatusCode};
use telensic_tape::otlp::{FieldValue, Fields};

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It has arrived.
    Accepted {
        /// Records that the backend left out of it.
        rejected: u64,
        /// What it said about that.
        said: String,
    },
    /// It may arrive later.
    Later {
        /// What went wrong.
        why: String,
        /// How long the backend wants to be left alone.
        after: Option<Duration>,
    },
    /// It will never be taken.
    Refused {
        /// What the backend said.
        why: String,
    },
}

impl Outcome {
    /// Not just now, for this reason.
    pub(super) fn later(why: impl Into<String>) -> Self {
        Self::Later {
            why: why.into(),
            after: None,
        }
    }
}

/// The meaning of an answer over HTTP.
pub(super) fn of_http(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Outcome {
    let is_json = headers
        .get("content-type")
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if status.is_success() {
        return if is_json {
            accepted_json(body)
        } else {
            accepted(body)
        };
    }
    let message = if is_json {
        message_json(body)
    } else {
        status_message(body)
    };
    let why = match message {
        message if message.is_empty() => format!("status {status}"),
        message => format!("status {status}: {message}"),
    };
    match status.as_u16() {
        429 | 502 | 503 | 504 => Outcome::Later {
            why,
            after: headers
                .get("retry-after")
                .and_then(|after| retry_after(after.to_str().ok()?)),
        },
        300..400 => Outcome::Refused {
            why: format!("{why}; redirects are not followed, set the endpoint to where it leads"),
        },
        _ => Outcome::Refused { why },
    }
}

/// Seconds, or a date.
fn retry_after(text: &str) -> Option<Duration> {
    match text.trim().parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => {
            let date = httpdate::parse_http_date(text.trim()).ok()?;
            // One that is over by now asks for no wait.
            Some(date.duration_since(SystemTime::now()).unwrap_or_default())
        }
    }
}

/// An `ExportTraceServiceResponse`, or that of another signal: partial_success 1 { rejected 1, error_message 2 }.
pub(super) fn accepted(body: &[u8]) -> Outcome {
    let partial = bytes_field(body, 1).unwrap_or_default();
    Outcome::Accepted {
        rejected: number_field(partial, 1),
        said: text(bytes_field(partial, 2)),
    }
}

fn accepted_json(body: &[u8]) -> Outcome {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let partial = &body["partialSuccess"];
    let rejected = ["rejectedSpans", "rejectedLogRecords", "rejectedDataPoints"]
        .iter()
        .map(|key| &partial[*key])
        .find_map(|number| number.as_u64().or_else(|| number.as_str()?.parse().ok()));
    Outcome::Accepted {
        rejected: rejected.unwrap_or(0),
        said: partial["errorMessage"].as_str().unwrap_or_default().to_owned(),
    }
}

/// The message of a `google.rpc.Status`: code 1, message 2, details 3.
fn status_message(body: &[u8]) -> String {
    text(bytes_field(body, 2))
}

fn message_json(body: &[u8]) -> String {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    body["message"].as_str().unwrap_or_default().to_owned()
}

/// The last length-delimited field of this number, of what can be read.
fn bytes_field(message: &[u8], wanted: u32) -> Option<&[u8]> {
    let fields = Fields::new(message).flatten();
    let found = fields.filter_map(|(number, value)| match value {
        FieldValue::Len(bytes) if number == wanted => Some(bytes),
        _ => None,
    });
    found.last()
}

fn number_field(message: &[u8], wanted: u32) -> u64 {
    let fields = Fields::new(message).flatten();
    let found = fields.filter_map(|(number, value)| match value {
        FieldValue::Varint(value) if number == wanted => u64::try_from(value as i64).ok(),
        _ => None,
    });
    found.last().unwrap_or(0)
}

fn text(bytes: Option<&[u8]>) -> String {
    String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
}

/// The meaning of an answer over gRPC, by its trailers and the message that came before them.
#[cfg(feature = "otlp-grpc")]
pub(super) fn of_grpc(trailers: &HeaderMap, body: &[u8]) -> Outcome {
    const OK: u32 = 0;
    const RESOURCE_EXHAUSTED: u32 = 8;
    // CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS
    const RETRYABLE: [u32; 6] = [1, 4, 10, 11, 14, 15];
    /// Whether the message is compressed, and its length.
    const PREFIX: usize = 5;
    let code = trailers
        .get("grpc-status")
        .and_then(|code| code.to_str().ok()?.parse::<u32>().ok());
    let Some(code) = code else {
        return Outcome::later("the answer has no grpc-status");
    };
    if code == OK {
        return accepted(body.get(PREFIX..).unwrap_or_default());
    }
    let message = trailers
        .get("grpc-message")
        .map_or(&b""[..], |message| message.as_bytes());
    let message = percent_encoding::percent_decode(message).decode_utf8_lossy();
    let why = format!("grpc status {code}: {message}");
    let after = trailers
        .get("grpc-status-details-bin")
        .and_then(|details| retry_info(details.as_bytes()));
    match (RETRYABLE.contains(&code), after) {
        (true, after) => Outcome::Later { why, after },
        (false, Some(after)) if code == RESOURCE_EXHAUSTED => Outcome::Later {
            why,
            after: Some(after),
        },
        (false, _) => Outcome::Refused { why },
    }
}

/// The delay of a `google.rpc.RetryInfo` among the details of a base64 `google.rpc.Status`.
#[cfg(feature = "otlp-grpc")]
fn retry_info(base64: &[u8]) -> Option<Duration> {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD_NO_PAD;
    const DETAILS: u32 = 3;
    let unpadded: Vec<u8> = base64.iter().copied().filter(|byte| *byte != b'=').collect();
    let status = STANDARD_NO_PAD.decode(unpadded).ok()?;
    let details = Fields::new(&status)
        .flatten()
        .filter_map(|(number, value)| match value {
            FieldValue::Len(any) if number == DETAILS => Some(any),
            _ => None,
        });
    // An `Any` { type_url 1, value 2 } with a `RetryInfo` { retry_delay 1 { seconds 1, nanos 2 } }.
    let info = details
        .filter(|any| bytes_field(any, 1).is_some_and(|url| url.ends_with(b"google.rpc.RetryInfo")))
        .find_map(|any| bytes_field(any, 2))?;
    let delay = bytes_field(info, 1).unwrap_or_default();
    let nanos = u32::try_from(number_field(delay, 2))
        .unwrap_or(0)
        .min(999_999_999);
    Some(Duration::new(number_field(delay, 1), nanos))
}

#[cfg(test)]
mod tests {
    use telensic_tape::otlp::{put_bytes, put_message, put_varint_field};

    use super::*;

    fn http(status: u16, headers: &[(&'static str, &str)], body: &[u8]) -> Outcome {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        of_http(StatusCode::from_u16(status).unwrap(), &map, body)
    }

    #[test]
    fn a_partial_success_is_read_in_both_encodings() {
        let mut body = Vec::new();
        put_message(&mut body, 1, |partial| {
            put_varint_field(partial, 1, 7);
            put_bytes(partial, 2, b"too old");
        });
        let expected = Outcome::Accepted {
            rejected: 7,
            said: "too old".into(),
        };
        assert_eq!(http(200, &[], &body), expected);
        for number in ["7", "\"7\""] {
            let json =
                format!(r#"{{"partialSuccess":{{"rejectedSpans":{number},"errorMessage":"too old"}}}}"#);
            let headers = [("content-type", "application/json")];
            assert_eq!(http(200, &headers, json.as_bytes()), expected);
        }
    }

    #[test]
    fn only_what_the_specification_names_is_tried_again() {
        for status in [429, 502, 503, 504] {
            assert!(matches!(
                http(status, &[], b""),
                Outcome::Later { after: None, .. }
            ));
        }
        for status in [301, 400, 401, 404, 413, 500] {
            assert!(
                matches!(http(status, &[], b""), Outcome::Refused { .. }),
                "{status}"
            );
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let after = |text: &str| match http(503, &[("retry-after", text)], b"") {
            Outcome::Later { after, .. } => after,
            other => panic!("{other:?}"),
        };
        assert_eq!(after("3"), Some(Duration::from_secs(3)));
        let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(100));
        assert!((90..=100).contains(&after(&date).unwrap().as_secs()));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        assert_eq!(after("soon"), None);
    }

    #[test]
    fn any_bytes_are_an_answer() {
        assert_eq!(
            http(200, &[], &[0xff; 9]),
            Outcome::Accepted {
                rejected: 0,
                said: String::new()
            }
        );
        assert!(matches!(http(400, &[], &[0x12, 0xff]), Outcome::Refused { .. }));
    }

    #[cfg(feature = "otlp-grpc")]
    #[test]
    fn exhausted_resources_are_tried_again_only_if_the_backend_says_when() {
        use base64::Engine;
        let mut trailers = HeaderMap::new();
        trailers.insert("grpc-status", "8".parse().unwrap());
        assert!(matches!(of_grpc(&trailers, b""), Outcome::Refused { .. }));
        let mut status = Vec::new();
        put_message(&mut status, 3, |any| {
            put_bytes(any, 1, b"type.googleapis.com/google.rpc.RetryInfo");
            put_message(any, 2, |info| {
                put_message(info, 1, |delay| {
                    put_varint_field(delay, 1, 2);
                    put_varint_field(delay, 2, 500_000_000);
                });
            });
        });
        let details = base64::engine::general_purpose::STANDARD.encode(status);
        trailers.insert("grpc-status-details-bin", details.parse().unwrap());
        let Outcome::Later { after, .. } = of_grpc(&trailers, b"") else {
            panic!("it is to be tried again")
        };
        assert_eq!(after, Some(Duration::from_millis(2500)));
    }
}
