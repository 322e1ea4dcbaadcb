//! Who tells a span what becomes of its exchange: one for each protocol and side.

use std::fmt;

use http::{HeaderMap, StatusCode};
use http_body::SizeHint;

use super::Fault;
use crate::Span;

/// How an exchange ends.
pub(crate) enum End<'e> {
    /// All of the answer was handed over.
    Complete,
    /// There was an error in place of the answer, or within its body.
    Failed(Fault<'e>),
    /// Whoever waited for the answer, or for the rest of it, let go.
    Abandoned,
}

/// What is known when an answer begins.
#[derive(Debug)]
pub(crate) struct Head<'a> {
    pub(crate) status: StatusCode,
    pub(crate) headers: &'a HeaderMap,
}

/// Tells a span of an exchange.
pub(crate) trait Witness: fmt::Debug + Send + Sync {
    /// The answer begins.
    fn answered(&mut self, span: &mut Span, head: &Head<'_>);

    /// After how many bytes the body is over, if that is known; with none, if no body will follow whatever the answer
    /// holds.
    fn length(&self, head: &Head<'_>, body: &SizeHint) -> Option<u64>;

    /// Trailers came after the body.
    fn trailers(&mut self, span: &mut Span, trailers: &HeaderMap);

    /// It is over.
    fn ended(&mut self, span: &mut Span, end: &End<'_>);
}
