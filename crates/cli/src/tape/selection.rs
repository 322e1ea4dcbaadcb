//! What is to be printed of the tapes, and in which form.

use telensic_tape::{Signal, TraceId};

/// For whom it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Lines for people.
    Text,
    /// JSON for programs.
    Json,
}

/// Which records or spans are printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Selection {
    /// Only this signal.
    pub(crate) signal: Option<Signal>,
    /// Only this trace.
    pub(crate) trace: Option<TraceId>,
    /// How many more, over all tapes.
    pub(crate) left: u64,
}

impl Selection {
    /// Whether a chunk of this signal is looked at.
    pub(crate) fn wants(&self, signal: Signal) -> bool {
        self.left > 0 && self.signal.is_none_or(|wanted| wanted == signal)
    }

    /// Whether something of this trace is printed.
    pub(crate) fn takes(&self, trace: Option<TraceId>) -> bool {
        self.trace.is_none() || self.trace == trace
    }
}
