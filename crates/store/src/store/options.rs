//! How a store is kept.

use std::time::Duration;

use crate::wal::LogOptions;

/// How a store is kept.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// How its log is kept.
    pub log: LogOptions,
    /// Rows are flushed to segments when they have been in memory so long …
    pub flush_after: Duration,
    /// … or when their requests have so many bytes, or when they fill a segment.
    pub flush_bytes: usize,
    /// Appends are refused as busy while more bytes than this wait to be flushed.
    pub memory_bytes: usize,
    /// What is removed.
    pub retention: Retention,
    /// Who flushes, compacts and removes.
    pub upkeep: Upkeep,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            log: LogOptions::default(),
            flush_after: Duration::from_secs(30),
            flush_bytes: 48 << 20,
            memory_bytes: 128 << 20,
            retention: Retention::default(),
            upkeep: Upkeep::default(),
        }
    }
}

/// What is removed; by default nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Retention {
    /// Segments whose latest row is older.
    pub age: Option<Duration>,
    /// The oldest segments, until the rest have at most so many bytes.
    pub bytes: Option<u64>,
}

/// Who looks after a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Upkeep {
    /// A thread of its own.
    #[default]
    Background,
    /// The caller, with [`Store::flush`](super::Store::flush) and its siblings.
    OnCall,
}
