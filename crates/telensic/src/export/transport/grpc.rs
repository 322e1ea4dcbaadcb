//! OTLP over gRPC, framed by hand, since all there is of it is one unary call whose message is bytes that lie ready.
//!
//! ```text
//! 0   u8    1 if the message is compressed, as grpc-encoding says
//! 1   u32   big-endian length of the message
//! 5         the message
//! ```

use bytes::{BufMut, Bytes, BytesMut};
use http_body_util::Full;
use hyper::{Method, Request};
use telensic_tape::Signal;

use super::exchange::Answered;
use super::http::USER_AGENT;
use crate::export::answer::{self, Outcome};
use crate::export::compress;
use crate::export::settings::Target;

/// The call with this message.
pub(super) fn request(
    target: &Target,
    signal: Signal,
    message: &Bytes,
) -> Result<Request<Full<Bytes>>, String> {
    let path = match signal {
        Signal::Spans => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        Signal::Logs => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
        Signal::Metrics => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
    };
    let scheme = if target.endpoint.tls { "https" } else { "http" };
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(format!("{scheme}://{}{path}", target.endpoint.authority()))
        .header("te", "trailers")
        .header("user-agent", USER_AGENT)
        .header("content-type", "application/grpc")
        .header(
            "grpc-timeout",
            format!("{}m", target.timeout.as_millis().min(99_999_999)),
        );
    if let Some(encoding) = compress::name(target.compression) {
        request = request.header("grpc-encoding", encoding);
    }
    let len = u32::try_from(message.len()).map_err(|_| "a record is too large for gRPC".to_owned())?;
    let mut framed = BytesMut::with_capacity(message.len() + 5);
    framed.put_u8(u8::from(compress::name(target.compression).is_some()));
    framed.put_u32(len);
    framed.extend_from_slice(message);
    let mut request = request
        .body(Full::new(framed.freeze()))
        .map_err(|error| format!("the endpoint cannot be asked: {error}"))?;
    for (name, value) in &target.headers.0 {
        if !name.as_str().starts_with("grpc-") && name != "content-type" && name != "te" {
            request.headers_mut().insert(name, value.clone());
        }
    }
    Ok(request)
}

/// What the answer means. What is in the trailers is in the headers of an answer that has nothing else.
pub(super) fn outcome(answered: &Answered) -> Outcome {
    if answered.status != hyper::StatusCode::OK {
        return answer::of_http(answered.status, &answered.headers, &[]);
    }
    let trailers = answered.trailers.as_ref().unwrap_or(&answered.headers);
    answer::of_grpc(trailers, &answered.body)
}
