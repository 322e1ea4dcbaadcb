//! A part of an exchange, run in its span.

use super::names::ERROR_TYPE;
use crate::Span;
use crate::span::EnteredSpan;

/// If a panic unwinds from there it ends the span, which then says so.
struct Inside(EnteredSpan);

impl Drop for Inside {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.set(ERROR_TYPE, "panic");
        }
    }
}

/// Runs `work` in a span, which goes on afterwards.
pub(crate) fn within<T>(span: &mut Span, work: impl FnOnce() -> T) -> T {
    let mut inside = Inside(std::mem::take(span).entered());
    let result = work();
    *span = inside.0.leave();
    result
}
