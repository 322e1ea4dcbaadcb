//! Rows as an answer.

use arrow_array::RecordBatch;
use telensic_tape::Signal;

use crate::columns::otlp;
use crate::error::StoreError;

/// Rows with all their columns, in the order of the answer.
#[derive(Clone, Debug)]
pub struct Rows {
    pub(super) signal: Signal,
    pub(super) batch: RecordBatch,
}

impl Rows {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.batch.num_rows()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The columns.
    pub fn batch(&self) -> &RecordBatch {
        &self.batch
    }

    /// All of them as one OTLP export request, put together by resource and scope.
    pub fn otlp(&self) -> Result<Vec<u8>, StoreError> {
        otlp::request(self.signal, std::slice::from_ref(&self.batch))
    }

    /// Each of them as an OTLP export request of its own, in order.
    pub fn otlp_each(&self) -> impl Iterator<Item = Result<Vec<u8>, StoreError>> {
        (0..self.len()).map(|row| otlp::request(self.signal, &[self.batch.slice(row, 1)]))
    }
}
