//! A process of the run, as its tape tells of it.

use std::path::PathBuf;

use telensic_tape::{Anchor, Damage, Loss, UnixNanos};

/// The place of a process in its timeline. A process that went on with a second tape is there twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessIndex(pub(super) u32);

impl ProcessIndex {
    /// As an index of a slice with one element a process.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A process, or one of its tapes.
#[derive(Clone, Debug)]
pub struct Process {
    /// The tape's file name.
    pub tape: String,
    /// The random id of the tape.
    pub tape_id: [u8; 16],
    /// The host it ran on.
    pub host: String,
    /// Its number there.
    pub pid: u32,
    /// Which of its tapes this is.
    pub ordinal: u32,
    /// `service.name` of its resource.
    pub service: String,
    /// The encoded OTLP `Resource`.
    pub resource: Vec<u8>,
    /// Whether the tape was closed in order; if not, the process runs still or died.
    pub is_closed: bool,
    /// Where its clock began.
    pub anchor: Anchor,
    /// By how many nanoseconds its wall clock was set meanwhile.
    pub clock_step: i64,
    /// When it was last heard of.
    pub last_seen: UnixNanos,
    /// Records lost, by reason.
    pub lost: Vec<(Loss, u64)>,
    /// Spans that were open but could not be listed as such.
    pub unlisted: u64,
    /// What is damaged on the tape.
    pub damage: Vec<Damage>,
}

/// A tape of which nothing can be read.
#[derive(Clone, Debug)]
pub struct UnreadableTape {
    /// The file.
    pub path: PathBuf,
    /// Why, and how to mend it.
    pub reason: String,
}
