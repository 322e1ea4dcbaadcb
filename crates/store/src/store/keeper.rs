//! The keeper: flushes, compacts and removes, on a thread of its own or when it is told to.
//!
//! Invariant: one of these at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use telensic_tape::UnixNanos;

use super::shape::Shape;
use super::{flush, upkeep};
use crate::error::StoreError;
use crate::wal::{Cursor, Log};

/// How often it looks at what is there.
const ROUND: Duration = Duration::from_secs(1);
/// How often it compacts and removes.
const UPKEEP: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Keeper {
    shape: Arc<Shape>,
    log: Arc<Log>,
    cursor: Mutex<Cursor>,
}

impl Keeper {
    pub(super) fn new(shape: Arc<Shape>, log: Arc<Log>, cursor: Cursor) -> Self {
        Self {
            shape,
            log,
            cursor: Mutex::new(cursor),
        }
    }

    fn turn(&self) -> MutexGuard<'_, Cursor> {
        self.cursor.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn flush(&self) -> Result<usize, StoreError> {
        let cursor = self.turn();
        let (to, made) = flush::flush(&self.shape)?;
        if cursor.lag().position < to {
            cursor.acknowledge(to)?;
        }
        Ok(made)
    }

    pub(super) fn compact(&self) -> Result<usize, StoreError> {
        let _turn = self.turn();
        upkeep::compact(&self.shape)
    }

    pub(super) fn retain(&self, now: UnixNanos) -> Result<usize, StoreError> {
        let _turn = self.turn();
        upkeep::retain(&self.shape, now)
    }

    /// Until the store ends.
    pub(super) fn run(&self) {
        let (mut flushed, mut kept) = (Instant::now(), Instant::now());
        loop {
            let rung = self.shape.bell.lock();
            let (mut rung, _) = self
                .shape
                .bell
                .wake
                .wait_timeout_while(rung, ROUND, |rung| !rung.is_due && !rung.is_ending)
                .unwrap_or_else(PoisonError::into_inner);
            if rung.is_ending {
                return;
            }
            let is_due =
                std::mem::take(&mut rung.is_due) || flushed.elapsed() > self.shape.options.flush_after;
            drop(rung);
            let mut outcome = Ok(());
            if is_due {
                flushed = Instant::now();
                outcome = self.flush().map(drop);
            }
            if kept.elapsed() > UPKEEP {
                kept = Instant::now();
                outcome = outcome.and_then(|()| self.compact().map(drop));
                outcome = outcome.and_then(|()| self.retain(now()).map(drop));
            }
            self.note(outcome);
        }
    }

    fn note(&self, outcome: Result<(), StoreError>) {
        let mut trouble = self.shape.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        *trouble = outcome.err().map(|error| error.to_string());
        let is_waiting = trouble.is_some();
        drop(trouble);
        if is_waiting {
            // Nothing is lost: it is in the log. A disk that is full is not made better by haste.
            std::thread::sleep(ROUND);
        }
    }

    pub(super) fn log(&self) -> &Log {
        &self.log
    }
}

/// Unix time.
pub(super) fn now() -> UnixNanos {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixNanos(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}
