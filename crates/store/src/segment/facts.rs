//! What is known of a segment without reading its rows; kept in its footer, copied to the catalog.

use std::collections::BTreeMap;

use arrow_array::{Array, Int32Array, RecordBatch};
use serde::{Deserialize, Serialize};
use telensic_tape::Signal;

use super::write::time_column;
use crate::columns::{integers, name, optional, times, words};
use crate::error::StoreError;

/// What a segment holds, in short.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct SegmentFacts {
    pub(crate) rows: u64,
    /// Earliest and latest time (spans: start), Unix nanoseconds.
    pub(crate) first: i64,
    pub(crate) last: i64,
    pub(crate) runs: BTreeMap<String, RunFacts>,
    /// By service, then name of span, event or metric.
    pub(crate) operations: BTreeMap<String, BTreeMap<String, OperationFacts>>,
    /// Whether there are more runs or operations than are listed.
    #[serde(default)]
    pub(crate) is_partial: bool,
}

/// What a segment holds of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct RunFacts {
    pub(crate) profile: Option<String>,
    pub(crate) rows: u64,
    pub(crate) errors: u64,
    pub(crate) first: i64,
    pub(crate) last: i64,
}

/// What a segment holds of an operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct OperationFacts {
    pub(crate) rows: u64,
    pub(crate) errors: u64,
}

impl SegmentFacts {
    /// More operations or runs than this are not listed one by one.
    pub(crate) const MOST_LISTED: usize = 4096;

    /// The columns that the facts are made of.
    pub(crate) fn columns(signal: Signal) -> Vec<&'static str> {
        let mut columns = vec![
            time_column(signal),
            name::RUN_ID,
            name::PROFILE,
            name::SERVICE,
            operation_column(signal),
        ];
        if signal == Signal::Spans {
            columns.extend([name::DURATION, name::STATUS_CODE]);
        }
        columns
    }

    /// The facts of these rows.
    pub(crate) fn of(signal: Signal, batch: &RecordBatch) -> Result<Self, StoreError> {
        let mut facts = Self {
            rows: batch.num_rows() as u64,
            first: i64::MAX,
            last: i64::MIN,
            ..Self::default()
        };
        let time = times(batch, time_column(signal))?.values();
        let run = words(batch, name::RUN_ID)?;
        let profile = words(batch, name::PROFILE)?;
        let service = words(batch, name::SERVICE)?;
        let operation = words(batch, operation_column(signal))?;
        let duration = match signal {
            Signal::Spans => Some(integers(batch, name::DURATION)?),
            Signal::Logs | Signal::Metrics => None,
        };
        let status = optional::<Int32Array>(batch, name::STATUS_CODE);
        for row in 0..batch.num_rows() {
            let start = time[row];
            let end = start.saturating_add(duration.map_or(0, |duration| duration.value(row).max(0)));
            facts.first = facts.first.min(start);
            facts.last = facts.last.max(start);
            let is_error = status.is_some_and(|status| status.is_valid(row) && status.value(row) == 2);
            if let Some(run) = run.get(row) {
                facts.note_run(run, profile.get(row), (start, end), is_error);
            }
            if let Some(operation) = operation.get(row) {
                facts.note_operation(service.get(row).unwrap_or_default(), operation, is_error);
            }
        }
        Ok(facts)
    }

    fn note_run(&mut self, run: &str, profile: Option<&str>, (start, end): (i64, i64), is_error: bool) {
        if !self.runs.contains_key(run) {
            if self.runs.len() == Self::MOST_LISTED {
                self.is_partial = true;
                return;
            }
            let fresh = RunFacts {
                first: start,
                last: end,
                ..RunFacts::default()
            };
            self.runs.insert(run.to_owned(), fresh);
        }
        let Some(facts) = self.runs.get_mut(run) else {
            return;
        };
        facts.rows += 1;
        facts.errors += u64::from(is_error);
        facts.first = facts.first.min(start);
        facts.last = facts.last.max(end);
        if facts.profile.is_none() {
            facts.profile = profile.map(str::to_owned);
        }
    }

    fn note_operation(&mut self, service: &str, operation: &str, is_error: bool) {
        if !self.operations.contains_key(service) {
            self.operations.insert(service.to_owned(), BTreeMap::new());
        }
        let listed: usize = self.operations.values().map(BTreeMap::len).sum();
        let Some(of_service) = self.operations.get_mut(service) else {
            return;
        };
        if !of_service.contains_key(operation) {
            if listed >= Self::MOST_LISTED {
                self.is_partial = true;
                return;
            }
            of_service.insert(operation.to_owned(), OperationFacts::default());
        }
        if let Some(facts) = of_service.get_mut(operation) {
            facts.rows += 1;
            facts.errors += u64::from(is_error);
        }
    }
}

fn operation_column(signal: Signal) -> &'static str {
    match signal {
        Signal::Spans | Signal::Metrics => name::NAME,
        Signal::Logs => name::EVENT_NAME,
    }
}
