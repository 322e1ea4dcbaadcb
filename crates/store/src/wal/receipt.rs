//! The answer to an append: it comes when the frame is in the log.
//!
//! It can be waited for by a thread and awaited by a task; no runtime is needed for either.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use super::frame::Position;
use crate::error::StoreError;

/// What became of an append. Dropping it does not take the append back.
#[derive(Debug)]
#[must_use = "a frame is in the log only when its receipt says so"]
pub struct Receipt(Arc<Slot>);

/// The other end of a receipt.
#[derive(Debug)]
pub(super) struct Promise(Arc<Slot>);

#[derive(Debug, Default)]
struct Slot {
    state: Mutex<State>,
    settled: Condvar,
}

#[derive(Debug, Default)]
struct State {
    outcome: Option<Result<Position, StoreError>>,
    waker: Option<Waker>,
}

impl Slot {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Receipt {
    pub(super) fn new() -> (Self, Promise) {
        let slot = Arc::new(Slot::default());
        (Self(slot.clone()), Promise(slot))
    }

    /// One that is settled already.
    pub(crate) fn settled(position: Position) -> Self {
        let (receipt, promise) = Self::new();
        promise.settle(Ok(position));
        receipt
    }

    /// Blocks this thread until the frame is committed; where it is, or why it is not in the log.
    pub fn wait(self) -> Result<Position, StoreError> {
        let mut state = self.0.lock();
        loop {
            if let Some(outcome) = state.outcome.take() {
                return outcome;
            }
            state = self.0.settled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Future for Receipt {
    type Output = Result<Position, StoreError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut state = self.0.lock();
        if let Some(outcome) = state.outcome.take() {
            return Poll::Ready(outcome);
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Promise {
    pub(super) fn settle(self, outcome: Result<Position, StoreError>) {
        let mut state = self.0.lock();
        state.outcome = Some(outcome);
        let waker = state.waker.take();
        drop(state);
        self.0.settled.notify_all();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}
