//! What went wrong: an error with its sources, or a panic.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::error::Error;

/// OpenTelemetry's description of an exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exception {
    pub(crate) kind: String,
    pub(crate) message: String,
    pub(crate) stacktrace: String,
}

/// How many sources of an error are followed.
const DEEPEST: usize = 32;

impl Exception {
    /// An error, what caused it, and where this was recorded if RUST_BACKTRACE asks for that.
    pub(crate) fn of<E: Error + ?Sized>(error: &E) -> Self {
        let message = error.to_string();
        let mut stacktrace = message.clone();
        let mut source = error.source();
        for _ in 0..DEEPEST {
            let Some(cause) = source else { break };
            stacktrace.push_str("\ncaused by: ");
            stacktrace.push_str(&cause.to_string());
            source = cause.source();
        }
        let backtrace = Backtrace::capture();
        if backtrace.status() == BacktraceStatus::Captured {
            stacktrace.push('\n');
            stacktrace.push_str(&backtrace.to_string());
        }
        Self {
            kind: std::any::type_name::<E>().to_owned(),
            message,
            stacktrace,
        }
    }

    /// Hands out the attributes that describe it.
    pub(crate) fn put(&self, mut put: impl FnMut(&'static str, &str)) {
        put("exception.type", &self.kind);
        put("exception.message", &self.message);
        if !self.stacktrace.is_empty() {
            put("exception.stacktrace", &self.stacktrace);
        }
    }
}
