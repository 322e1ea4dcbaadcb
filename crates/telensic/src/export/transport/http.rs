//! OTLP over HTTP: a POST a request.

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Method, Request};

use super::exchange::Answered;
use crate::export::answer::{self, Outcome};
use crate::export::settings::Target;
use crate::export::{Protocol, compress};

pub(super) const USER_AGENT: &str = concat!("telensic-otlp-exporter-rust/", env!("CARGO_PKG_VERSION"));

/// The request with this body.
pub(super) fn request(target: &Target, body: Bytes) -> Result<Request<Full<Bytes>>, String> {
    let kind = match target.protocol {
        Protocol::HttpJson => "application/json",
        Protocol::HttpProtobuf | Protocol::Grpc => "application/x-protobuf",
    };
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(target.endpoint.path_and_query())
        .header("host", target.endpoint.authority())
        .header("user-agent", USER_AGENT)
        .header("content-type", kind);
    if let Some(encoding) = compress::name(target.compression) {
        request = request.header("content-encoding", encoding);
    }
    let mut request = request
        .body(Full::new(body))
        .map_err(|error| format!("the endpoint cannot be asked: {error}"))?;
    // The user's may replace ours, but for what the body is.
    for (name, value) in &target.headers.0 {
        if name != "content-type" && name != "content-encoding" && name != "content-length" {
            request.headers_mut().insert(name, value.clone());
        }
    }
    Ok(request)
}

/// What the answer means.
pub(super) fn outcome(answered: &Answered) -> Outcome {
    answer::of_http(answered.status, &answered.headers, &answered.body)
}
