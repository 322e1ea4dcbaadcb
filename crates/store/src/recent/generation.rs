//! Requests of one stream, from one position of the log to another.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use arrow_array::RecordBatch;
use arrow_select::concat::concat_batches;
use bytes::Bytes;

use crate::catalog::Stream;
use crate::columns::{Builder, schema_of};
use crate::error::StoreError;
use crate::wal::Position;

/// More batches than this are joined to one.
const MOST_BATCHES: usize = 16;

/// Requests that will be one segment.
///
/// Two locks, the second taken within the first: taking a request in waits for nobody who builds columns.
#[derive(Debug)]
pub(crate) struct Generation {
    pub(crate) stream: Stream,
    pub(crate) from: Position,
    built: Mutex<Vec<RecordBatch>>,
    bodies: Mutex<Vec<Bytes>>,
    rows: AtomicUsize,
    bytes: AtomicUsize,
}

impl Generation {
    pub(crate) fn new(stream: Stream, from: Position) -> Self {
        Self {
            stream,
            from,
            built: Mutex::default(),
            bodies: Mutex::default(),
            rows: AtomicUsize::new(0),
            bytes: AtomicUsize::new(0),
        }
    }

    fn bodies(&self) -> MutexGuard<'_, Vec<Bytes>> {
        self.bodies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in a request that was checked.
    pub(crate) fn push(&self, body: Bytes, rows: usize) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
        self.bytes.fetch_add(body.len(), Ordering::Relaxed);
        self.bodies().push(body);
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows.load(Ordering::Relaxed)
    }

    /// How many bytes its requests had.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// The rows as columns.
    pub(crate) fn batches(&self) -> Result<Vec<RecordBatch>, StoreError> {
        let mut built = self.built.lock().unwrap_or_else(PoisonError::into_inner);
        let bodies = std::mem::take(&mut *self.bodies());
        if bodies.is_empty() {
            return Ok(built.clone());
        }
        match self.build(&bodies) {
            Ok(batch) => built.push(batch),
            Err(error) => {
                // Nothing is lost: the next one to ask tries again.
                self.bodies().splice(0..0, bodies);
                return Err(error);
            }
        }
        if built.len() > MOST_BATCHES {
            let joined = concat_batches(&schema_of(self.stream.0), built.iter())?;
            *built = vec![joined];
        }
        Ok(built.clone())
    }

    fn build(&self, bodies: &[Bytes]) -> Result<RecordBatch, StoreError> {
        let mut builder = Builder::new(self.stream.0);
        for body in bodies {
            builder.push(body)?;
        }
        builder.finish()
    }
}
