//! A scan by all cores at once.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use arrow_array::RecordBatch;

use super::scanning::{Plan, Scan, Source};
use crate::error::StoreError;

/// Folds the batches of a scan on every core, each into a state of its own; the states are returned.
pub(crate) fn fold<S: Send>(
    plan: &Plan,
    sources: Vec<Source>,
    make: impl Fn() -> S + Sync,
    step: impl Fn(&mut S, &RecordBatch) -> Result<(), StoreError> + Sync,
) -> Result<Vec<S>, StoreError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = cores.min(sources.len()).max(1);
    let sources = Mutex::new(VecDeque::from(sources));
    let work = || -> Result<S, StoreError> {
        let mut state = make();
        loop {
            let source = sources.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some(source) = source else { return Ok(state) };
            for batch in Scan::new(plan.clone(), [source]) {
                step(&mut state, &batch?)?;
            }
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..workers).map(|_| scope.spawn(work)).collect();
        let mut states = vec![work()];
        for other in others {
            match other.join() {
                Ok(state) => states.push(state),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        states.into_iter().collect()
    })
}
