//! The contexts of OpenTelemetry that this thread has attached, each beside what it changed on our own stack.
//!
//! OpenTelemetry tells one observer of each context that is entered and left; that is how an attached span comes to lie on
//! the same stack as spans of Telensic and of `tracing`, above what was entered before it. Should another observer have
//! been there first, nothing is heard, which is said once; spans of the API then still find their parents.
//!
//! Invariant: the last entry is the current context of OpenTelemetry, and below it is every one that a guard still holds.
//! Those whose guards were dropped out of order, of which the observer does not hear, go when one below them is current
//! again.

use std::cell::RefCell;
use std::sync::{Arc, Once};

use opentelemetry::Context as ApiContext;
use opentelemetry::baggage::{Baggage, BaggageExt as _};
use opentelemetry::context::{ContextObserver, GlobalContextObserver};
use opentelemetry::trace::{SpanContext, TraceContextExt as _};

use super::{context, ids};
use crate::context::Context;
use crate::say::say_once;
use crate::thread::{Entry, ThreadState};

thread_local! {
    static ATTACHED: RefCell<Vec<Attached>> = const { RefCell::new(Vec::new()) };
}

/// A context that was attached.
#[derive(Debug)]
struct Attached {
    identity: Identity,
    suppressed: bool,
    /// Of its frame on the thread's stack; 0 if it changed nothing there.
    token: u64,
}

/// Tells contexts apart by where span and baggage lie, which copies of a context share; 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Identity {
    span: usize,
    baggage: usize,
}

impl Identity {
    fn of(context: &ApiContext) -> Self {
        let baggage = context.baggage();
        Self {
            span: span_identity(context),
            baggage: if baggage.is_empty() {
                0
            } else {
                std::ptr::from_ref::<Baggage>(baggage) as usize
            },
        }
    }
}

fn span_identity(context: &ApiContext) -> usize {
    if !context.has_active_span() {
        return 0;
    }
    std::ptr::from_ref::<SpanContext>(context.span().span_context()) as usize
}

/// Has OpenTelemetry tell of contexts from now on; does so once.
pub(super) fn connect() {
    static CONNECTED: Once = Once::new();
    CONNECTED.call_once(|| {
        GlobalContextObserver::set(Arc::new(Observer));
        let before = depth();
        let _attached = ApiContext::current().attach();
        if depth() == before {
            say_once(
                "another observer of opentelemetry contexts is installed: spans of telensic do not see the span that \
                 opentelemetry has attached; install telensic first",
            );
        }
    });
}

fn depth() -> usize {
    with(|attached| attached.len()).unwrap_or(0)
}

/// Whether the context's span is that of the current context of OpenTelemetry.
pub(super) fn has_current_span(context: &ApiContext) -> bool {
    let current = with(|attached| attached.last().map(|attached| attached.identity));
    span_identity(context) == current.flatten().unwrap_or_default().span
}

/// Whether the current context of OpenTelemetry wants nothing to be recorded.
pub(super) fn is_suppressed() -> bool {
    let suppressed = with(|attached| attached.last().is_some_and(|attached| attached.suppressed));
    suppressed.unwrap_or(false)
}

/// `None` when the thread is ending.
fn with<T>(run: impl FnOnce(&mut Vec<Attached>) -> T) -> Option<T> {
    ATTACHED
        .try_with(|attached| {
            attached
                .try_borrow_mut()
                .ok()
                .map(|mut attached| run(&mut attached))
        })
        .ok()
        .flatten()
}

/// Is told by OpenTelemetry while its own stack is borrowed: nothing here asks for the current context.
struct Observer;

impl ContextObserver for Observer {
    fn on_context_enter(&self, from: &ApiContext, to: &ApiContext) {
        let identity = Identity::of(to);
        let token = match changed(from, to, identity) {
            Some(context) => ThreadState::with(|thread| thread.push(Entry::Context(context))).unwrap_or(0),
            None => 0,
        };
        with(|attached| {
            attached.push(Attached {
                identity,
                suppressed: to.is_telemetry_suppressed(),
                token,
            });
        });
    }

    fn on_context_exit(&self, _: &ApiContext, to: &ApiContext) {
        let to = Identity::of(to);
        let mut first = true;
        loop {
            let left = with(|attached| match attached.last() {
                Some(last) if first || last.identity != to => attached.pop(),
                _ => None,
            });
            let Some(left) = left.flatten() else { return };
            first = false;
            if left.token != 0 {
                ThreadState::with(|thread| thread.pop(left.token));
            }
        }
    }
}

/// What is current after the change from one context to the other; `None` if it stays. What both have in common is left
/// as it is: spans of Telensic that were entered since are newer.
fn changed(from: &ApiContext, to: &ApiContext, identity: Identity) -> Option<Context> {
    let before = Identity::of(from);
    if before == identity {
        return None;
    }
    let mut now = crate::current_context();
    if before.span != identity.span {
        now = if to.has_active_span() {
            ids::within(now, to.span().span_context())
        } else {
            let baggage = now.baggage().cloned().unwrap_or_default();
            Context::new().with_baggage(baggage)
        };
    }
    if before.baggage != identity.baggage {
        now = now.with_baggage(context::baggage(to.baggage()));
    }
    Some(now)
}
