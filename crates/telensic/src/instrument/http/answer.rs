//! The future of an answer: in the span while it is polled, and telling the span what came of it.

use std::fmt::Display;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use super::{End, Fault, Head, SpanBody, Witness, within};
use crate::Span;

pin_project! {
    /// The future of an answer whose span goes on until its body has ended.
    #[derive(Debug)]
    #[must_use = "futures do nothing unless they are polled"]
    pub struct Answer<F> {
        // Taken out before the span ends, so that what the future drops is still in the span.
        #[pin]
        future: Option<F>,
        span: Span,
        witness: Option<Box<dyn Witness>>,
    }

    impl<F> PinnedDrop for Answer<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(mut witness) = this.witness.take() {
                within(this.span, || this.future.set(None));
                witness.ended(this.span, &End::Abandoned);
            }
        }
    }
}

impl<F> Answer<F> {
    /// An answer that nobody is told of.
    pub(crate) fn untold(future: F) -> Self {
        Self {
            future: Some(future),
            span: Span::none(),
            witness: None,
        }
    }

    /// An answer in a span.
    pub(crate) fn new(future: F, span: Span, witness: Box<dyn Witness>) -> Self {
        Self {
            future: Some(future),
            span,
            witness: Some(witness),
        }
    }
}

/// Polls a future, and lets go of it when it is done. Polled again after that, which the contract of futures leaves
/// open, it is never ready.
fn poll_once<F: Future>(mut future: Pin<&mut Option<F>>, task: &mut Context<'_>) -> Poll<F::Output> {
    let Some(pending) = future.as_mut().as_pin_mut() else {
        return Poll::Pending;
    };
    let polled = pending.poll(task);
    if polled.is_ready() {
        future.set(None);
    }
    polled
}

impl<F, B, E> Future for Answer<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
    E: Display + 'static,
{
    type Output = Result<Response<SpanBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let answer = ready!(within(this.span, || poll_once(this.future.as_mut(), task)));
        let Some(mut witness) = this.witness.take() else {
            return Poll::Ready(answer.map(|answer| answer.map(SpanBody::untold)));
        };
        let mut span = std::mem::take(this.span);
        Poll::Ready(match answer {
            Ok(answer) => {
                let (parts, body) = answer.into_parts();
                let head = Head {
                    status: parts.status,
                    headers: &parts.headers,
                };
                witness.answered(&mut span, &head);
                let length = witness.length(&head, &body.size_hint());
                let body = SpanBody::new(body, span, witness, length);
                Ok(Response::from_parts(parts, body))
            }
            Err(error) => {
                witness.ended(&mut span, &End::Failed(Fault::of(&error)));
                Err(error)
            }
        })
    }
}
