//! Why a request is not stored.

use telensic_tape::otlp::Malformed;

/// What is wrong with a request, in words that follow on "the request is refused: ".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("it is not a well-formed OTLP message; check that the body is that of the signal")]
    Malformed,
    #[error("a text in it is not UTF-8; encode texts as UTF-8 and send other bytes as bytes")]
    NotUtf8,
    #[error("a span or link has no trace_id of 16 bytes that are not all zero; set it")]
    TraceId,
    #[error("a span or link has no span_id of 8 bytes that are not all zero; set it")]
    SpanId,
    #[error("an optional id in it has a wrong length; send 16 bytes for traces, 8 for spans, or none")]
    IdLength,
    #[error("a value in it is nested more than 64 deep; flatten it")]
    TooDeep,
}

impl From<Malformed> for Refusal {
    fn from(Malformed: Malformed) -> Self {
        Self::Malformed
    }
}
