//! What became of the records that were to be exported, counted over the life of the process.

use std::sync::atomic::{AtomicU64, Ordering};

use telensic_tape::Signal;

/// What was exported so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExportStats {
    /// Spans.
    pub traces: SignalStats,
    /// Log records and events.
    pub logs: SignalStats,
    /// Metrics.
    pub metrics: SignalStats,
    /// Records of all signals that the tape's ring overwrote before they were sent.
    pub overrun: u64,
}

/// What was exported of one signal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignalStats {
    /// Records that the backend took.
    pub exported: u64,
    /// Records that the backend took the request of, but not them.
    pub rejected: u64,
    /// Records whose request the backend refused for good.
    pub dropped: u64,
    /// Records that could not be read from the tape.
    pub damaged: u64,
    /// Requests that were acknowledged.
    pub requests: u64,
    /// Attempts that failed and were, or will be, made again.
    pub retried: u64,
    /// Records of this process that were not sent yet when the tape was last looked at; of a chunk of which some are, all.
    pub waiting: u64,
}

/// What was exported by this process so far, tapes included that others left behind.
pub fn stats() -> ExportStats {
    ExportStats {
        traces: counters(Signal::Spans).read(),
        logs: counters(Signal::Logs).read(),
        metrics: counters(Signal::Metrics).read(),
        overrun: OVERRUN.load(Ordering::Relaxed),
    }
}

/// The counters of a signal.
#[derive(Debug)]
pub(super) struct Counters {
    pub(super) exported: AtomicU64,
    pub(super) rejected: AtomicU64,
    pub(super) dropped: AtomicU64,
    pub(super) damaged: AtomicU64,
    pub(super) requests: AtomicU64,
    pub(super) retried: AtomicU64,
    pub(super) waiting: AtomicU64,
}

static COUNTERS: [Counters; 3] = [const { Counters::new() }; 3];
static OVERRUN: AtomicU64 = AtomicU64::new(0);

/// Those of this signal.
pub(super) fn counters(signal: Signal) -> &'static Counters {
    match signal {
        Signal::Spans => &COUNTERS[0],
        Signal::Logs => &COUNTERS[1],
        Signal::Metrics => &COUNTERS[2],
    }
}

/// Counts records that were overwritten before they were sent.
pub(super) fn count_overrun(records: u64) {
    OVERRUN.fetch_add(records, Ordering::Relaxed);
}

impl Counters {
    const fn new() -> Self {
        Self {
            exported: AtomicU64::new(0),
            rejected: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            damaged: AtomicU64::new(0),
            requests: AtomicU64::new(0),
            retried: AtomicU64::new(0),
            waiting: AtomicU64::new(0),
        }
    }

    fn read(&self) -> SignalStats {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        SignalStats {
            exported: get(&self.exported),
            rejected: get(&self.rejected),
            dropped: get(&self.dropped),
            damaged: get(&self.damaged),
            requests: get(&self.requests),
            retried: get(&self.retried),
            waiting: get(&self.waiting),
        }
    }
}

/// Adds to a counter.
pub(super) fn add(counter: &AtomicU64, number: u64) {
    counter.fetch_add(number, Ordering::Relaxed);
}
