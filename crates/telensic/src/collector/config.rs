//! What a collector is told when it is made.

use std::path::PathBuf;
use std::time::Duration;

use super::EventFilter;

/// Settings of a collector.
///
/// ```
/// use std::time::Duration;
/// use telensic::collector::CollectorConfig;
///
/// let config = CollectorConfig::new()
///     .max_events(10_000)
///     .batch_size(100)
///     .flush_interval(Duration::from_secs(5))
///     .persistence_file("telemetry_events.jsonl");
/// # drop(config);
/// ```
#[derive(Clone, Debug)]
pub struct CollectorConfig {
    pub(super) max_events: usize,
    pub(super) batch_size: usize,
    pub(super) flush_interval: Duration,
    pub(super) window: Duration,
    pub(super) filter: EventFilter,
    pub(super) persistence_file: Option<PathBuf>,
    pub(super) rotate_at: Option<u64>,
}

/// A file may become so large before it is rotated.
const ROTATE_AT: u64 = 10_000_000;

impl CollectorConfig {
    /// A queue of 10,000 events, batches of 100, at least every 5 s; aggregates over the last minute; no file.
    pub fn new() -> Self {
        Self {
            max_events: 10_000,
            batch_size: 100,
            flush_interval: Duration::from_secs(5),
            window: Duration::from_secs(60),
            filter: EventFilter::new(),
            persistence_file: None,
            rotate_at: Some(ROTATE_AT),
        }
    }

    /// How many events may wait; beyond that the oldest gives way. At least one.
    #[must_use]
    pub fn max_events(self, max_events: usize) -> Self {
        Self {
            max_events: max_events.max(1),
            ..self
        }
    }

    /// How many events make a batch. At least one.
    #[must_use]
    pub fn batch_size(self, batch_size: usize) -> Self {
        Self {
            batch_size: batch_size.max(1),
            ..self
        }
    }

    /// How long an event waits at most for others to make a batch with.
    #[must_use]
    pub fn flush_interval(self, flush_interval: Duration) -> Self {
        Self {
            flush_interval,
            ..self
        }
    }

    /// What aggregates look back on. At least a second.
    #[must_use]
    pub fn window(self, window: Duration) -> Self {
        Self {
            window: window.max(Duration::from_secs(1)),
            ..self
        }
    }

    /// Which events are queued; others are only kept in the file.
    #[must_use]
    pub fn filter(self, filter: EventFilter) -> Self {
        Self { filter, ..self }
    }

    /// Keeps every event in this file, a JSON object a line, also those that the queue drops. Its name ends in `.jsonl`,
    /// and otherwise has letters, digits, `-` and `_`.
    #[must_use]
    pub fn persistence_file(self, file: impl Into<PathBuf>) -> Self {
        Self {
            persistence_file: Some(file.into()),
            ..self
        }
    }

    /// The size in bytes at which the file is rotated and compressed (10 MB); `None` never does.
    #[must_use]
    pub fn rotate_at(self, bytes: impl Into<Option<u64>>) -> Self {
        Self {
            rotate_at: bytes.into(),
            ..self
        }
    }
}

impl Default for CollectorConfig {
    fn default() -> Self {
        Self::new()
    }
}
