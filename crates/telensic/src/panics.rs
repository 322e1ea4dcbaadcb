//! Panics: recorded as a log record where they happen, and on the span that they end.

use std::sync::Once;

use telensic_tape::{Clock, UnixNanos};

use crate::span::{Exception, SpanData};
use crate::thread::ThreadState;
use crate::{Severity, log};

/// A panic that is unwinding, or has been caught without any span having heard of it.
pub(crate) struct Panic {
    exception: Exception,
    at: UnixNanos,
}

/// Has every panic recorded from now on; whatever hook was set still runs.
pub(crate) fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let earlier = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let payload = info.payload();
            let message = payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| payload.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "a panic whose payload is no text".to_owned());
            let place = info
                .location()
                .map_or_else(String::new, |location| format!("panicked at {location}"));
            let backtrace = std::backtrace::Backtrace::capture();
            let stacktrace = match backtrace.status() {
                std::backtrace::BacktraceStatus::Captured => format!("{place}\n{backtrace}"),
                _ => place,
            };
            let exception = Exception {
                kind: "panic".to_owned(),
                message,
                stacktrace,
            };
            let mut record = log::log(Severity::Error, &exception.message);
            exception.put(|key, value| record.set(key, value));
            record.emit();
            let panic = Panic {
                exception,
                at: Clock::get().now(),
            };
            ThreadState::with(|thread| thread.panic = Some(panic));
            #[cfg(feature = "metrics")]
            crate::metrics::push_after_panic();
            earlier(info);
        }));
    });
}

/// Says on a span that it ends because of a panic; the innermost one carries the exception.
#[cold]
pub(crate) fn note(data: &mut SpanData) {
    match ThreadState::with(|thread| thread.panic.take()).flatten() {
        // One from before the span began was caught; what ends the span was resumed, which no hook hears of.
        Some(panic) if data.start() <= panic.at => data.exception(&panic.exception),
        _ => data.set_status(crate::Status::error("panicked")),
    }
}
