//! The queue between those who add events and the thread that hands them on.
//!
//! Invariant: nobody waits for room. The oldest event gives way, and is counted.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::TelemetryEvent;

/// Events that wait.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// There is something to do.
    due: Condvar,
    /// Something was done.
    done: Condvar,
}

#[derive(Debug, Default)]
struct State {
    events: VecDeque<TelemetryEvent>,
    /// Events that were added, and how many of them were handed on or dropped.
    added: u64,
    settled: u64,
    dropped: u64,
    /// Up to which event somebody waits.
    wanted: u64,
    is_closed: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an event, of a queue that holds so many and hands so many on at once. Whether the oldest gave way.
    pub(super) fn push(&self, event: TelemetryEvent, most: usize, batch: usize) -> bool {
        let mut state = self.lock();
        state.added += 1;
        state.events.push_back(event);
        let oldest = if state.events.len() > most {
            state.settled += 1;
            state.dropped += 1;
            state.events.pop_front()
        } else {
            None
        };
        let is_due = state.events.len() == batch;
        drop(state);
        if is_due {
            self.due.notify_one();
        }
        // Freed here, not under the lock.
        oldest.is_some()
    }

    /// The next batch: as soon as there is a whole one, or the interval is over, or somebody waits for it; `None` once the
    /// queue is closed and empty.
    pub(super) fn next(&self, batch: usize, interval: Duration) -> Option<Vec<TelemetryEvent>> {
        let state = self.lock();
        let waits = |state: &mut State| {
            state.events.len() < batch && state.wanted <= state.settled && !state.is_closed
        };
        let waited = self.due.wait_timeout_while(state, interval, waits);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let count = state.events.len().min(batch);
        let events: Vec<TelemetryEvent> = state.events.drain(..count).collect();
        (!events.is_empty() || !state.is_closed).then_some(events)
    }

    /// So many events of the last batch were handed on.
    pub(super) fn settle(&self, count: usize) {
        self.lock().settled += count as u64;
        self.done.notify_all();
    }

    /// Waits until what was added before is handed on; false if that takes longer.
    pub(super) fn flush(&self, within: Duration) -> bool {
        let deadline = Instant::now() + within;
        let mut state = self.lock();
        let wanted = state.added;
        state.wanted = state.wanted.max(wanted);
        self.due.notify_one();
        while state.settled < wanted {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let waited = self.done.wait_timeout(state, left);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        true
    }

    /// Has the thread hand on the rest and end.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.due.notify_all();
    }

    /// How many events wait.
    pub(super) fn depth(&self) -> usize {
        self.lock().events.len()
    }

    /// How many events gave way.
    pub(super) fn dropped(&self) -> u64 {
        self.lock().dropped
    }
}
