//! The current span of a thread, and entering a context that came from elsewhere.

use std::marker::PhantomData;

use super::SpanData;
use crate::context::{Context, SpanContext};
use crate::recorder::Recorder;
use crate::thread::{Entry, ThreadState};

/// The context this thread is in: to be handed to another thread, a task or an outgoing call.
pub fn current_context() -> Context {
    ThreadState::with(|thread| match thread.context() {
        Some(context) => context.clone(),
        None => thread
            .recorder()
            .map(Recorder::origin)
            .cloned()
            .unwrap_or_default(),
    })
    .unwrap_or_default()
}

/// The span this thread is in, to say more of it.
///
/// ```
/// let _stage = telensic::span("run_stage:load").entered();
/// // ... deep within:
/// telensic::current().set("rows", 5_000);
/// ```
pub fn current() -> CurrentSpan {
    let token = ThreadState::with(|thread| thread.stack.last().map(|frame| frame.token)).flatten();
    CurrentSpan {
        token: token.unwrap_or(0),
        not_send: PhantomData,
    }
}

/// The span a thread was in when it was asked for; once that has ended, nothing more is recorded of it.
#[derive(Debug)]
pub struct CurrentSpan {
    token: u64,
    not_send: PhantomData<*const ()>,
}

impl CurrentSpan {
    /// Its ids.
    pub fn span_context(&self) -> Option<SpanContext> {
        ThreadState::with(|thread| thread.frame(self.token)?.entry.context().span().copied()).flatten()
    }

    pub(crate) fn edit(&mut self, change: impl FnOnce(&mut SpanData)) {
        edit(self.token, change);
    }
}

/// Changes the span in this frame, outside the thread's borrow: the change is the user's code and may record.
pub(super) fn edit(token: u64, change: impl FnOnce(&mut SpanData)) {
    let taken = ThreadState::with(|thread| {
        let frame = thread.frame(token)?;
        if matches!(frame.entry, Entry::Context(_)) {
            return None;
        }
        // What is recorded meanwhile still belongs to the span.
        let context = frame.entry.context().clone();
        std::mem::replace(&mut frame.entry, Entry::Context(context)).into_span()
    });
    let Some(data) = taken.flatten() else { return };
    let mut taken = Taken {
        token,
        data: Some(data),
    };
    if let Some(data) = taken.data.as_deref_mut().filter(|data| data.is_recorded()) {
        change(data);
    }
}

/// A span that is being changed. It goes back to its frame, also when the change panics.
struct Taken {
    token: u64,
    data: Option<Box<SpanData>>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        let Some(data) = self.data.take() else { return };
        let mut data = Some(data);
        ThreadState::with(|thread| {
            if let Some(frame) = thread.frame(self.token)
                && let Some(data) = data.take()
            {
                frame.entry = Entry::Span(data);
            }
        });
        // Its guard was dropped meanwhile: it has ended.
        drop(super::Span::of(data));
    }
}

/// Enters a context until the guard is dropped: spans and log records made then belong to it.
///
/// ```
/// let context = telensic::current_context();
/// std::thread::spawn(move || {
///     let _attached = telensic::attach(context);
///     let _span = telensic::span("on another thread, in the same trace").entered();
/// })
/// .join()
/// .expect("the thread ends well");
/// ```
pub fn attach(context: Context) -> Attached {
    let token = ThreadState::with(|thread| thread.push(Entry::Context(context))).unwrap_or(0);
    Attached {
        token,
        not_send: PhantomData,
    }
}

/// Keeps a context the current one.
#[derive(Debug)]
#[must_use = "a guard that is not kept leaves the context at once"]
pub struct Attached {
    token: u64,
    not_send: PhantomData<*const ()>,
}

impl Drop for Attached {
    fn drop(&mut self) {
        if self.token != 0 {
            ThreadState::with(|thread| thread.pop(self.token));
        }
    }
}
