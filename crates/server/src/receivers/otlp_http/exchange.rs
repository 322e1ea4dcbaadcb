//! One request and its answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use hyper::body::Incoming;
use hyper::header::{self, HeaderMap};
use hyper::{Method, Request, StatusCode};
use telensic_tape::Signal;

use super::Limits;
use super::answer::{Answer, Format, Problem, success};
use super::body::{discard, receive};
use super::encoding::{ENCODINGS, Encoding, Undecodable};
use crate::intake::Intake;
use crate::otlp::ExportRequest;

/// What all connections of a receiver share.
pub(super) struct Exchange {
    pub(super) limits: Limits,
    pub(super) intake: Arc<dyn Intake>,
    /// Bytes of the bodies that are being received.
    pub(super) in_flight: AtomicUsize,
    /// Requests that were answered with an error.
    pub(super) refused: AtomicU64,
}

/// What a request's head says.
struct Head {
    signal: Signal,
    format: Format,
    encoding: Encoding,
}

impl Exchange {
    /// The answer to a request.
    pub(super) async fn answer(&self, request: Request<Incoming>) -> Answer {
        let format = format_of(request.headers()).unwrap_or(Format::Json);
        match self.take(request).await {
            Ok(answer) => answer,
            Err(problem) => {
                self.refused.fetch_add(1, Ordering::Relaxed);
                problem.answer(format)
            }
        }
    }

    async fn take(&self, request: Request<Incoming>) -> Result<Answer, Problem> {
        let head = match Head::of(&request) {
            Ok(head) => head,
            Err(problem) => {
                // Who asks first (`Expect: 100-continue`) has not sent it and now will not.
                if !request.headers().contains_key(header::EXPECT) {
                    discard(request.into_body(), &self.limits).await;
                }
                return Err(problem);
            }
        };
        self.check_announced(request.headers())?;
        let body = receive(request.into_body(), &self.limits, &self.in_flight).await?;
        let body = head
            .encoding
            .undo(body, self.limits.decompressed)
            .map_err(|undecodable| self.problem_of(&undecodable))?;
        let request = match head.format {
            Format::Protobuf => ExportRequest::from_protobuf(head.signal, body),
            Format::Json => ExportRequest::from_json(head.signal, &body, self.limits.nesting),
        };
        let request = request.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.to_string()))?;
        let taken = self.intake.take(&request).map_err(|refused| {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, refused.reason).retry_after(refused.retry_after)
        })?;
        Ok(success(head.signal, head.format, &taken.rejected))
    }

    /// Refuses a body that is announced too large before it is sent, if the client waits to be asked for it.
    fn check_announced(&self, headers: &HeaderMap) -> Result<(), Problem> {
        let announced = headers
            .get(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
        let is_too_large = announced.is_some_and(|announced| announced > self.limits.body as u64);
        if is_too_large && headers.contains_key(header::EXPECT) {
            let message = format!(
                "the body is larger than {} bytes: send smaller batches",
                self.limits.body
            );
            return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, message));
        }
        Ok(())
    }

    fn problem_of(&self, undecodable: &Undecodable) -> Problem {
        match undecodable {
            Undecodable::TooLarge => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!(
                    "the body is larger than {} bytes once decompressed: send smaller batches",
                    self.limits.decompressed
                ),
            ),
            Undecodable::Broken(error) => Problem::new(
                StatusCode::BAD_REQUEST,
                format!("the body cannot be decompressed ({error}): check the client's content-encoding"),
            ),
        }
    }
}

impl Head {
    fn of(request: &Request<Incoming>) -> Result<Self, Problem> {
        let signal = match request.uri().path() {
            "/v1/traces" => Signal::Spans,
            "/v1/logs" => Signal::Logs,
            "/v1/metrics" => Signal::Metrics,
            _ => {
                let message = "no such path: OTLP is taken at /v1/traces, /v1/logs and /v1/metrics";
                return Err(Problem::new(StatusCode::NOT_FOUND, message));
            }
        };
        if request.method() != Method::POST {
            let message = "OTLP is sent by POST";
            let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, message);
            return Err(problem.with_header(header::ALLOW, "POST"));
        }
        let format = format_of(request.headers()).ok_or_else(|| {
            let message = "unknown content type: send application/x-protobuf or application/json";
            Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message)
        })?;
        let encoding = encoding_of(request.headers()).ok_or_else(|| {
            let message = format!("unknown content encoding: send one of {ENCODINGS}");
            let problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message);
            problem.with_header(header::ACCEPT_ENCODING, ENCODINGS)
        })?;
        Ok(Self {
            signal,
            format,
            encoding,
        })
    }
}

fn format_of(headers: &HeaderMap) -> Option<Format> {
    let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let essence = content_type.split(';').next()?.trim();
    let formats = [
        ("application/x-protobuf", Format::Protobuf),
        ("application/protobuf", Format::Protobuf),
        ("application/json", Format::Json),
    ];
    let found = formats
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(essence));
    found.map(|(_, format)| *format)
}

fn encoding_of(headers: &HeaderMap) -> Option<Encoding> {
    match headers.get(header::CONTENT_ENCODING) {
        None => Some(Encoding::Identity),
        Some(name) => Encoding::named(name.to_str().ok()?.trim()),
    }
}
