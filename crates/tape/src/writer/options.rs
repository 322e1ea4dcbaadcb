//! What a tape is asked to be.

use std::path::PathBuf;

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything; nothing is reused.
    Run,
    /// As much as fits this many bytes on disk; then the oldest goes.
    Ring {
        /// The disk budget in bytes.
        budget: u64,
    },
}

/// How a tape is made.
#[derive(Clone, Debug)]
pub struct TapeOptions {
    pub(crate) dir: PathBuf,
    pub(crate) mode: Mode,
    pub(crate) resource: Vec<u8>,
    pub(crate) open_spans: u32,
    pub(crate) memory: u64,
    pub(crate) mapped: bool,
}

/// The disk budget outside a run.
pub const DEFAULT_BUDGET: u64 = 256 << 20;

/// The smallest budget that holds the threads' chunks and some history.
pub const LEAST_BUDGET: u64 = 8 << 20;

impl TapeOptions {
    /// A ring of the default budget in this directory, which is created if it is missing.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            mode: Mode::Ring {
                budget: DEFAULT_BUDGET,
            },
            resource: Vec::new(),
            open_spans: 8192,
            memory: 16 << 20,
            mapped: true,
        }
    }

    /// How much is kept; a ring has at least [`LEAST_BUDGET`].
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = match mode {
            Mode::Run => Mode::Run,
            Mode::Ring { budget } => Mode::Ring {
                budget: budget.max(LEAST_BUDGET),
            },
        };
        self
    }

    /// The encoded OTLP `Resource` of the process.
    pub fn resource(mut self, resource: Vec<u8>) -> Self {
        self.resource = resource;
        self
    }

    /// How many spans the open-span table can list at once.
    pub fn open_spans(mut self, spans: u32) -> Self {
        self.open_spans = spans.clamp(64, 1 << 20);
        self
    }

    /// How many bytes may wait in memory while the disk takes none.
    pub fn memory(mut self, bytes: u64) -> Self {
        self.memory = bytes;
        self
    }

    /// Whether to map the file; without, the clerk writes it out at every round, and a crash loses what came
    /// since. Tried by itself where mapping fails.
    pub fn mapped(mut self, mapped: bool) -> Self {
        self.mapped = mapped;
        self
    }
}
