//! The slowest spans.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use arrow_array::UInt32Array;
use arrow_select::concat::concat_batches;
use arrow_select::take::take_record_batch;
use telensic_tape::Signal;

use super::rows::Rows;
use crate::columns::{integers, name, schema_of};
use crate::error::StoreError;
use crate::scan::{Limits, Meter, Plan, Predicate, Projection, Scan, fold};
use crate::store::Store;
use crate::tenant::Tenant;

impl Store {
    /// The spans that took longest, the slowest first.
    pub fn slowest(
        &self,
        tenant: &Tenant,
        predicate: Predicate,
        rows: usize,
        limits: Limits,
    ) -> Result<Rows, StoreError> {
        let signal = Signal::Spans;
        let mut plan = Plan::new(
            signal,
            predicate,
            Projection::of([name::DURATION]),
            Meter::start(limits),
        )?;
        let sources = self.sources(signal, tenant);
        let found = fold(&plan, sources.clone(), BinaryHeap::new, |best, batch| {
            for duration in integers(batch, name::DURATION)?.values() {
                if best.len() < rows {
                    best.push(Reverse(*duration));
                } else if best.peek().is_some_and(|Reverse(least)| duration > least) {
                    best.pop();
                    best.push(Reverse(*duration));
                }
            }
            Ok(())
        })?;
        let mut durations: Vec<i64> = found
            .into_iter()
            .flatten()
            .map(|Reverse(duration)| duration)
            .collect();
        durations.sort_unstable_by_key(|duration| Reverse(*duration));
        durations.truncate(rows);
        let Some(least) = durations.last() else {
            let batch = concat_batches(&schema_of(signal), &[])?;
            return Ok(Rows { signal, batch });
        };
        plan.predicate = plan.predicate.at_least(name::DURATION, *least);
        plan.projection = Projection::All;
        let mut batches = Vec::new();
        for batch in Scan::new(plan.clone(), sources) {
            let batch = batch?;
            plan.meter.keep(batch.get_array_memory_size())?;
            batches.push(batch);
        }
        let batch = concat_batches(&schema_of(signal), &batches)?;
        let duration = integers(&batch, name::DURATION)?.values();
        let mut order: Vec<u32> = (0..batch.num_rows() as u32).collect();
        order.sort_by_key(|row| Reverse(duration[*row as usize]));
        order.truncate(rows);
        let batch = take_record_batch(&batch, &UInt32Array::from(order))?;
        Ok(Rows { signal, batch })
    }
}
