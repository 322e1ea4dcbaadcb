//! The byte layout of a tape; `docs/formats.md` says the same in prose.
//!
//! ```text
//! 0                header page      magic, version, sizes, clock anchor, host, counters, Resource bytes
//! header_len       open-span table  slot_count slots of 128 B
//! grid_offset      cell 0           chunk header (192 B) · body
//! + 64 KiB         cell 1           ...
//! ```
//!
//! All integers are little-endian. A chunk takes one cell, or several in a row when a single record needs
//! them. Cells are written in two ways that a reader need not tell apart: *hot* cells are mapped and filled
//! by the recording threads, *cold* ones are copies of full hot chunks, written by the clerk in one call.

/// `TLNSTAPE`, the first eight bytes of every tape.
pub const MAGIC: [u8; 8] = *b"TLNSTAPE";
/// `TCHK`, the first four bytes of every chunk in use.
pub const CHUNK_MAGIC: u32 = u32::from_le_bytes(*b"TCHK");
/// A cell of the grid, header included.
pub const CELL: usize = 64 * 1024;
/// The header at the start of a chunk.
pub const CHUNK_HEADER: usize = 192;
/// What a chunk of one cell can hold.
pub const BODY: usize = CELL - CHUNK_HEADER;
/// A slot of the open-span table.
pub const SLOT: usize = 128;
/// The header page, unless the resource is larger than fits.
pub const HEADER: usize = 4096;
/// The most a header may take, resource included.
pub const MAX_HEADER: usize = 1 << 20;

/// The version of the tape's format.
///
/// A reader accepts the versions it knows and refuses newer ones by name; it never guesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FormatVersion(pub u32);

impl FormatVersion {
    /// The version this build writes, and the newest it reads.
    pub const CURRENT: Self = Self(1);
}

/// Offsets within the header page.
pub mod header {
    /// `[u8; 8]` [`super::MAGIC`].
    pub const MAGIC: usize = 0;
    /// `u32` format version.
    pub const VERSION: usize = 8;
    /// `u32` length of the header, a multiple of 4,096.
    pub const HEADER_LEN: usize = 12;
    /// `u32` number of slots in the open-span table.
    pub const SLOT_COUNT: usize = 16;
    /// `u32` size of a cell.
    pub const CELL_SIZE: usize = 20;
    /// `u64` where cell 0 begins: a multiple of [`super::CELL`].
    pub const GRID_OFFSET: usize = 24;
    /// `u64` disk budget in bytes; 0 in a run, where nothing is reused.
    pub const BUDGET: usize = 32;
    /// `u32` process id of the writer.
    pub const PID: usize = 40;
    /// `u32` ordinal of this tape within the process.
    pub const ORDINAL: usize = 44;
    /// `u64` wall clock of the anchor, Unix nanoseconds.
    pub const ANCHOR_UNIX: usize = 48;
    /// `u64` tick counter at the anchor.
    pub const ANCHOR_TICKS: usize = 56;
    /// `u64` nanoseconds per tick, as a 32.32 fixed-point number.
    pub const NANOS_PER_TICK: usize = 64;
    /// `u32` 0 for the CPU's invariant counter, 1 for the system's monotonic clock.
    pub const CLOCK_SOURCE: usize = 72;
    /// `u32` 0 while it is written, 1 once it was closed in order.
    pub const CLOSED: usize = 76;
    /// `[u8; 16]` random id of this tape; the hash chain starts from it.
    pub const TAPE_ID: usize = 80;
    /// `i64` by how many nanoseconds the wall clock has been set since the anchor.
    pub const CLOCK_STEP: usize = 96;
    /// `u64` times at which a span could not be listed as open because the table was full.
    pub const UNLISTED: usize = 104;
    /// `[u64; 5]` records lost, by [`super::Loss`].
    pub const LOST: usize = 112;
    /// `u64` Unix nanoseconds: when the clerk last noted that the process lives.
    pub const HEARD: usize = 152;
    /// `u32` length of the host name.
    pub const HOST_LEN: usize = 160;
    /// `u32` length of the encoded OTLP `Resource`.
    pub const RESOURCE_LEN: usize = 164;
    /// `[u8; 64]` the host's name.
    pub const HOST: usize = 168;
    /// `u64` chunks sealed into the hash chain so far: the chain's newest link must be there.
    pub const LINKS: usize = 232;
    /// The encoded OTLP `Resource`.
    pub const RESOURCE: usize = 256;
}

/// Offsets within a chunk's header.
pub mod chunk {
    /// `u32` [`super::CHUNK_MAGIC`].
    pub const MAGIC: usize = 0;
    /// `u32` [`super::ChunkState`].
    pub const STATE: usize = 4;
    /// `u64` number of the chunk within its tape, from 1, in the order of their beginning.
    pub const ID: usize = 8;
    /// `u64` body bytes written; a reader trusts nothing beyond it.
    pub const COMMITTED: usize = 16;
    /// `u64` records written.
    pub const RECORDS: usize = 24;
    /// `u64` Unix nanoseconds of the latest record.
    pub const LAST: usize = 32;
    /// `u64` body bytes that the clerk's consumers have taken.
    pub const TAKEN: usize = 40;
    /// `u8` [`super::Signal`].
    pub const SIGNAL: usize = 64;
    /// `u8` bit 0: not to be exported (the trace is not sampled).
    pub const FLAGS: usize = 65;
    /// `u32` ordinal of the thread that began it.
    pub const THREAD: usize = 68;
    /// `u32` cells that the chunk takes.
    pub const CELLS: usize = 72;
    /// `u64` Unix nanoseconds at which it was begun.
    pub const FIRST: usize = 80;
    /// `u64` position in the hash chain, from 1; 0 as long as it is not sealed.
    pub const LINK: usize = 88;
    /// `u64` body bytes that the hash covers.
    pub const SEALED: usize = 96;
    /// `[u8; 32]` hash of the chain's previous chunk.
    pub const PREVIOUS: usize = 104;
    /// `[u8; 32]` hash of this chunk.
    pub const HASH: usize = 136;
    /// `u64` Unix nanoseconds of the latest record that the hash covers.
    pub const SEALED_LAST: usize = 168;
}

/// Offsets within a slot of the open-span table.
pub mod slot {
    /// `u32` 0 free, 1 open.
    pub const STATE: usize = 0;
    /// `u32` length of the name as kept here.
    pub const NAME_LEN: usize = 4;
    /// `u64` Unix nanoseconds of the start.
    pub const START: usize = 8;
    /// `[u8; 16]`.
    pub const TRACE_ID: usize = 16;
    /// `[u8; 8]`.
    pub const SPAN_ID: usize = 32;
    /// `[u8; 8]`, zeros for a root.
    pub const PARENT: usize = 40;
    /// `u32` ordinal of the thread that started it.
    pub const THREAD: usize = 48;
    /// The first bytes of the name.
    pub const NAME: usize = 56;
    /// How much of a name is kept.
    pub const NAME_CAP: usize = super::SLOT - NAME;
}

/// What a chunk's body holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Signal {
    /// The body of an OTLP `ScopeSpans`.
    Spans = 1,
    /// The body of an OTLP `ScopeLogs`.
    Logs = 2,
    /// The body of an OTLP `ScopeMetrics`.
    Metrics = 3,
}

impl Signal {
    /// The signal of this byte.
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Spans),
            2 => Some(Self::Logs),
            3 => Some(Self::Metrics),
            _ => None,
        }
    }

    /// The lower-case plural: `spans`, `logs`, `metrics`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spans => "spans",
            Self::Logs => "logs",
            Self::Metrics => "metrics",
        }
    }
}

/// The life of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkState {
    /// The cell is not in use, or its chunk is being written out just now.
    Free = 0,
    /// A thread appends to it.
    Open = 1,
    /// Nothing more will be appended; the clerk has yet to seal it.
    Full = 2,
    /// Hashed into the chain.
    Sealed = 3,
}

impl ChunkState {
    /// The state of this number.
    pub const fn from_u32(number: u32) -> Option<Self> {
        match number {
            0 => Some(Self::Free),
            1 => Some(Self::Open),
            2 => Some(Self::Full),
            3 => Some(Self::Sealed),
            _ => None,
        }
    }
}

/// Why records are not, or no longer, on the tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The ring's budget was used up: overwritten by newer ones after every consumer had them.
    Aged = 0,
    /// The ring's budget was used up before every consumer had them.
    Overrun = 1,
    /// No room on disk nor, any more, in memory.
    NoRoom = 2,
    /// One record larger than a tape takes.
    Oversize = 3,
    /// Recorded after the tape was closed.
    Closed = 4,
}

impl Loss {
    /// Every reason, in the order of the header's counters.
    pub const ALL: [Self; 5] = [
        Self::Aged,
        Self::Overrun,
        Self::NoRoom,
        Self::Oversize,
        Self::Closed,
    ];

    /// The reason as a label value.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aged => "aged",
            Self::Overrun => "overrun",
            Self::NoRoom => "no_room",
            Self::Oversize => "oversize",
            Self::Closed => "closed",
        }
    }
}
