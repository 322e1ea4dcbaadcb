//! Columns of any signal under construction.

use arrow_array::RecordBatch;
use telensic_tape::Signal;

use super::logs::Logs;
use super::metrics::Metrics;
use super::spans::Spans;
use crate::error::{StoreError, StoreErrorKind};
use crate::visitor::{each_log, each_point, each_span};

/// Builds columns from requests.
#[derive(Debug)]
pub(crate) struct Builder(Columns);

#[derive(Debug)]
enum Columns {
    Spans(Box<Spans>),
    Logs(Box<Logs>),
    Metrics(Box<Metrics>),
}

impl Builder {
    pub(crate) fn new(signal: Signal) -> Self {
        Self(match signal {
            Signal::Spans => Columns::Spans(Box::default()),
            Signal::Logs => Columns::Logs(Box::default()),
            Signal::Metrics => Columns::Metrics(Box::default()),
        })
    }

    /// Adds the rows of a request that was checked before.
    pub(crate) fn push(&mut self, request: &[u8]) -> Result<(), StoreError> {
        let mut outcome = Ok(());
        let mut note = |pushed: Result<(), StoreError>| {
            if outcome.is_ok() {
                outcome = pushed;
            }
        };
        match &mut self.0 {
            Columns::Spans(columns) => each_span(request, |owner, span| note(columns.push(owner, span))),
            Columns::Logs(columns) => each_log(request, |owner, log| note(columns.push(owner, log))),
            Columns::Metrics(columns) => {
                each_point(request, |owner, head, point| columns.push(owner, head, point))
            }
        }
        .map_err(|refusal| StoreError::new(StoreErrorKind::Malformed, refusal.to_string()))?;
        outcome
    }

    pub(crate) fn finish(self) -> Result<RecordBatch, StoreError> {
        match self.0 {
            Columns::Spans(columns) => columns.finish(),
            Columns::Logs(columns) => columns.finish(),
            Columns::Metrics(columns) => columns.finish(),
        }
    }
}
