//! Whether somebody still writes to a tape.

use serde::Serialize;
use telensic_tape::Tape;

use crate::platform;

/// What became of the process that writes, or wrote, a tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WriterState {
    /// It ended the tape in order.
    Closed,
    /// It runs and has the tape open.
    Live,
    /// It is gone, and did not end the tape.
    Died,
    /// The tape was not ended, and its process cannot be asked for: another host, or a system that does not tell.
    Unknown,
}

impl WriterState {
    pub(crate) fn of(tape: &Tape) -> Self {
        let head = tape.head();
        if head.is_closed() {
            return Self::Closed;
        }
        if head.host() != telensic_tape::host_name() {
            return Self::Unknown;
        }
        match platform::process_runs(head.pid()) {
            Some(false) => Self::Died,
            Some(true) => match platform::process_holds(head.pid(), tape.path()) {
                Some(false) => Self::Died,
                // Not allowed to see: a process of this id, where the tape says it is.
                Some(true) | None => Self::Live,
            },
            None => Self::Unknown,
        }
    }
}
