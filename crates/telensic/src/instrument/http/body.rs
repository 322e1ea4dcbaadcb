//! A body whose end is the end of a span.

use std::fmt::Display;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::{End, Fault, Witness, within};
use crate::Span;

/// A span, and who tells it how things go.
#[derive(Debug)]
struct Told {
    span: Span,
    witness: Box<dyn Witness>,
    /// The bytes that are still to come, if it is over with them.
    remaining: Option<u64>,
}

impl Told {
    fn end(mut self, end: &End<'_>) {
        self.witness.ended(&mut self.span, end);
    }
}

pin_project! {
    /// The body of an answer, handed on as it comes. Its span is the current one while it is polled, and ends when the
    /// body has ended, has failed or is dropped.
    #[derive(Debug)]
    pub struct SpanBody<B: Body> {
        #[pin]
        body: B,
        told: Option<Told>,
    }

    impl<B: Body> PinnedDrop for SpanBody<B> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if let Some(told) = this.told.take() {
                // Servers let go of a body as soon as they have as much as was announced, without asking for its end.
                let is_complete = this.body.is_end_stream() || told.remaining == Some(0);
                told.end(if is_complete { &End::Complete } else { &End::Abandoned });
            }
        }
    }
}

impl<B: Body> SpanBody<B> {
    /// A body that nobody is told of.
    pub(crate) fn untold(body: B) -> Self {
        Self { body, told: None }
    }

    /// The body of an answer that has begun, which is over after so many bytes if that is known.
    pub(crate) fn new(body: B, span: Span, witness: Box<dyn Witness>, length: Option<u64>) -> Self {
        let told = Told {
            span,
            witness,
            remaining: length,
        };
        if length == Some(0) || body.is_end_stream() {
            told.end(&End::Complete);
            return Self::untold(body);
        }
        Self {
            body,
            told: Some(told),
        }
    }
}

impl<B: Body<Error: Display + 'static>> Body for SpanBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let mut this = self.project();
        let Some(told) = this.told else {
            return this.body.poll_frame(task);
        };
        let polled = within(&mut told.span, || this.body.as_mut().poll_frame(task));
        let end = match &polled {
            Poll::Pending => return polled,
            Poll::Ready(None) => End::Complete,
            Poll::Ready(Some(Err(error))) => End::Failed(Fault::of(error)),
            Poll::Ready(Some(Ok(frame))) => {
                if let (Some(data), Some(remaining)) = (frame.data_ref(), &mut told.remaining) {
                    *remaining = remaining.saturating_sub(data.remaining() as u64);
                }
                // Nothing comes after trailers, and servers do not ask for it.
                let is_last = match frame.trailers_ref() {
                    Some(trailers) => {
                        told.witness.trailers(&mut told.span, trailers);
                        true
                    }
                    None => this.body.is_end_stream(),
                };
                if !is_last {
                    return polled;
                }
                End::Complete
            }
        };
        if let Some(told) = this.told.take() {
            told.end(&end);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
