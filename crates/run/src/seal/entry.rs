//! What a seal says of each thing in a run's directory.
//!
//! The order of the fields here is their order in `seal.json`, whose bytes are hashed: it must stay.

use serde::{Deserialize, Serialize};
use telensic_tape::{Loss, Signal, TapeHead};

use crate::digest::Digest;

/// One file, tape, link or special file; `path` is relative, with `/`, and `%XX` for `%` and bytes that are no UTF-8.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Entry {
    /// An ordinary file.
    File {
        /// Where it lies.
        path: String,
        /// What it holds.
        content: Content,
    },
    /// A tape that could be read.
    Tape {
        /// Where it lies.
        path: String,
        /// What it holds.
        content: Content,
        /// What it is a tape of.
        tape: Box<TapeFacts>,
    },
    /// A symbolic link, which is never followed.
    Symlink {
        /// Where it lies.
        path: String,
        /// Where it leads.
        target: String,
    },
    /// A pipe, socket or device, of which only the name can be sealed.
    Special {
        /// Where it lies.
        path: String,
    },
}

impl Entry {
    /// Where it lies in the run's directory.
    pub fn path(&self) -> &str {
        match self {
            Self::File { path, .. }
            | Self::Tape { path, .. }
            | Self::Symlink { path, .. }
            | Self::Special { path } => path,
        }
    }

    /// What it holds, if it is a file.
    pub fn content(&self) -> Option<&Content> {
        match self {
            Self::File { content, .. } | Self::Tape { content, .. } => Some(content),
            Self::Symlink { .. } | Self::Special { .. } => None,
        }
    }

    /// The facts of a tape.
    pub fn tape(&self) -> Option<&TapeFacts> {
        match self {
            Self::Tape { tape, .. } => Some(tape),
            _ => None,
        }
    }
}

/// The bytes of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// How many.
    pub size: u64,
    /// Their hash.
    pub blake3: Digest,
    /// The size of the blocks that are summed up.
    pub block: u64,
    /// CRC-32 of each block, eight hex digits each: they tell where the file was altered, not whether.
    pub crc32: String,
}

/// What a tape holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TapeFacts {
    /// Its random id, hex.
    pub tape_id: String,
    /// Whether its process closed it in order.
    pub closed: bool,
    /// Where its open-span table begins.
    pub table: u64,
    /// The slots of that table.
    pub slots: u64,
    /// Where its cells begin.
    pub grid: u64,
    /// Chunks sealed into its hash chain.
    pub links: u64,
    /// The hash of the last of them; none if nothing was sealed.
    pub chain: Option<Digest>,
    /// Records on it.
    pub records: SignalCounts,
    /// Records lost.
    pub lost: LostCounts,
    /// Spans that could not be listed as open.
    pub unlisted: u64,
    /// Spans that were open when it was sealed.
    pub open_spans: u64,
    /// What was damaged on it already.
    pub damage: Vec<String>,
    /// Its chunks, by their cells.
    pub chunks: Vec<ChunkEntry>,
}

/// A chunk of a tape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChunkEntry {
    /// The cell in which it begins.
    pub cell: u32,
    /// Its number within the tape.
    pub number: u64,
    /// What it holds: `spans`, `logs` or `metrics`.
    pub signal: String,
    /// How many records.
    pub records: u64,
    /// How many bytes its body has.
    pub bytes: u64,
    /// Its place in the hash chain; 0 if it was not sealed into it.
    pub link: u64,
    /// Its hash in the chain; none if it was not sealed into it.
    pub hash: Option<Digest>,
}

/// Records by what they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalCounts {
    /// Spans.
    pub spans: u64,
    /// Log records, typed events among them.
    pub logs: u64,
    /// Metrics.
    pub metrics: u64,
}

impl SignalCounts {
    pub(super) fn add(&mut self, signal: Signal, records: u64) {
        let count = match signal {
            Signal::Spans => &mut self.spans,
            Signal::Logs => &mut self.logs,
            Signal::Metrics => &mut self.metrics,
        };
        *count = count.saturating_add(records);
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        self.spans.saturating_add(self.logs).saturating_add(self.metrics)
    }
}

/// Records that were lost, by reason; a complete record has zeros.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LostCounts {
    /// A ring's oldest, after every consumer had them.
    pub aged: u64,
    /// A ring's oldest, before every consumer had them.
    pub overrun: u64,
    /// No room on disk nor in memory.
    pub no_room: u64,
    /// Larger than a tape takes.
    pub oversize: u64,
    /// Recorded after the tape was closed.
    pub closed: u64,
}

impl LostCounts {
    pub(super) fn of(head: &TapeHead) -> Self {
        Self {
            aged: head.lost(Loss::Aged),
            overrun: head.lost(Loss::Overrun),
            no_room: head.lost(Loss::NoRoom),
            oversize: head.lost(Loss::Oversize),
            closed: head.lost(Loss::Closed),
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.aged = self.aged.saturating_add(other.aged);
        self.overrun = self.overrun.saturating_add(other.overrun);
        self.no_room = self.no_room.saturating_add(other.no_room);
        self.oversize = self.oversize.saturating_add(other.oversize);
        self.closed = self.closed.saturating_add(other.closed);
    }

    /// All of them.
    pub fn total(&self) -> u64 {
        [self.aged, self.overrun, self.no_room, self.oversize, self.closed]
            .iter()
            .fold(0, |sum, count| sum.saturating_add(*count))
    }
}
