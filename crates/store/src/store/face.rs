//! The store's face.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;

use bytes::Bytes;
use telensic_tape::{Signal, UnixNanos};

use super::keeper::{Keeper, now};
use super::options::Upkeep;
use super::shape::Shape;
use super::state::StoreState;
use crate::error::{StoreError, StoreErrorKind};
use crate::scan::{Limits, Meter, Plan, Predicate, Projection, Scan, Source};
use crate::tenant::Tenant;
use crate::visitor::check_request;
use crate::wal::{Cursor, Entry, Hold, Log, Receipt};

/// Telemetry, kept.
///
/// It may be shared by threads. Dropping it commits what waits to be logged; what is in memory stays in the log and
/// comes back with the next start.
#[derive(Debug)]
pub struct Store {
    shape: Arc<Shape>,
    keeper: Arc<Keeper>,
    thread: Option<JoinHandle<()>>,
    _lock: File,
}

/// A request on its way into the log.
#[derive(Debug)]
#[must_use = "the request is acknowledged only when its receipt says so"]
pub struct Appended {
    /// How many spans, log records or data points it has.
    pub rows: usize,
    /// Settled when they survive a crash and every scan sees them.
    pub receipt: Receipt,
}

impl Store {
    pub(super) fn new(
        shape: Arc<Shape>,
        log: Arc<Log>,
        keeper: Keeper,
        lock: File,
    ) -> Result<Self, StoreError> {
        drop(log);
        let keeper = Arc::new(keeper);
        let thread = match shape.options.upkeep {
            Upkeep::OnCall => None,
            Upkeep::Background => {
                let keeper = keeper.clone();
                let thread = std::thread::Builder::new().name("store-keeper".to_owned());
                let started = thread.spawn(move || keeper.run());
                Some(started.map_err(StoreError::on("start the thread of", &shape.dir))?)
            }
        };
        Ok(Self {
            shape,
            keeper,
            thread,
            _lock: lock,
        })
    }

    /// Takes an OTLP export request in protobuf, as it came.
    ///
    /// It is refused as [`Malformed`](StoreErrorKind::Malformed) before anything is written, as
    /// [`Busy`](StoreErrorKind::Busy) when it should be sent again in a moment, as [`Full`](StoreErrorKind::Full) when
    /// the disk is.
    pub fn append(&self, signal: Signal, tenant: &Tenant, body: Bytes) -> Result<Appended, StoreError> {
        self.append_received(signal, tenant, body, now())
    }

    /// The same, of a request that came at this time.
    pub fn append_received(
        &self,
        signal: Signal,
        tenant: &Tenant,
        body: Bytes,
        received: UnixNanos,
    ) -> Result<Appended, StoreError> {
        let entered = self.enter(signal, tenant, body, received);
        if entered.is_err() {
            self.shape.refused.fetch_add(1, Ordering::Relaxed);
        }
        entered
    }

    fn enter(
        &self,
        signal: Signal,
        tenant: &Tenant,
        body: Bytes,
        received: UnixNanos,
    ) -> Result<Appended, StoreError> {
        let rows = check_request(signal, &body)?;
        if rows == 0 {
            let receipt = Receipt::settled(self.log().committed());
            return Ok(Appended { rows, receipt });
        }
        let waiting = self.shape.state().memory_bytes();
        if waiting > self.shape.options.memory_bytes {
            self.shape.bell.ring();
            return Err(StoreError::new(
                StoreErrorKind::Busy,
                format!("{waiting} bytes wait to be stored: send it again in a second"),
            ));
        }
        let entry = Entry {
            signal,
            tenant: tenant.clone(),
            received,
            rows: rows as u32,
            body,
        };
        let receipt = self.log().append(entry)?;
        Ok(Appended { rows, receipt })
    }

    fn log(&self) -> &Log {
        self.keeper.log()
    }

    /// A reader of all requests, for an exporter: where it was left, or at the oldest request if it is new.
    pub fn cursor(&self, name: &str, hold: Hold) -> Result<Cursor, StoreError> {
        self.log().cursor(name, hold)
    }

    /// Removes a reader that will not come back.
    pub fn remove_cursor(&self, name: &str) -> Result<(), StoreError> {
        self.log().remove_cursor(name)
    }

    /// The rows of a signal that fulfil a predicate, with the columns asked for.
    pub fn scan(
        &self,
        signal: Signal,
        tenant: &Tenant,
        predicate: Predicate,
        projection: Projection,
        limits: Limits,
    ) -> Result<Scan, StoreError> {
        let plan = Plan::new(signal, predicate, projection, Meter::start(limits))?;
        Ok(Scan::new(plan, self.sources(signal, tenant)))
    }

    /// Where rows are at this moment, the newest first.
    pub(crate) fn sources(&self, signal: Signal, tenant: &Tenant) -> Vec<Source> {
        self.shape.state().sources(&(signal, tenant.clone()))
    }

    /// Makes segments of what is in memory; how many.
    pub fn flush(&self) -> Result<usize, StoreError> {
        self.keeper.flush()
    }

    /// Makes large segments of small ones; how many are gone by that.
    pub fn compact(&self) -> Result<usize, StoreError> {
        self.keeper.compact()
    }

    /// Removes what is too old at this time or too much; how many segments that was.
    pub fn retain(&self, now: UnixNanos) -> Result<usize, StoreError> {
        self.keeper.retain(now)
    }

    /// What it says about itself.
    pub fn state(&self) -> StoreState {
        let log = self.log().state();
        let trouble = self
            .shape
            .trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let state = self.shape.state();
        StoreState {
            log,
            memory_rows: state.generations().map(|generation| generation.rows()).sum(),
            memory_bytes: state.memory_bytes(),
            segments: state.segments.len(),
            segment_rows: state.segments.iter().map(|segment| segment.facts.rows).sum(),
            segment_bytes: state.segments.iter().map(|segment| segment.len).sum(),
            refused: self.shape.refused.load(Ordering::Relaxed),
            trouble,
        }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.shape.dir
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.shape.bell.lock().is_ending = true;
        self.shape.bell.wake.notify_one();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            debug_assert!(ended.is_ok(), "the keeper does not panic");
        }
    }
}
