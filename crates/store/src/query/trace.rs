//! One trace.

use arrow_select::concat::concat_batches;
use telensic_tape::{Signal, TraceId};

use super::rows::Rows;
use crate::columns::schema_of;
use crate::error::StoreError;
use crate::scan::{Limits, Meter, Plan, Predicate, Projection, Scan};
use crate::segment::sorted;
use crate::store::Store;
use crate::tenant::Tenant;

impl Store {
    /// All spans, or all log records, of a trace, by start.
    pub fn trace(
        &self,
        signal: Signal,
        tenant: &Tenant,
        trace_id: TraceId,
        limits: Limits,
    ) -> Result<Rows, StoreError> {
        let plan = Plan::new(
            signal,
            Predicate::default().trace(trace_id),
            Projection::All,
            Meter::start(limits),
        )?;
        let mut batches = Vec::new();
        for batch in Scan::new(plan.clone(), self.sources(signal, tenant)) {
            let batch = batch?;
            plan.meter.keep(batch.get_array_memory_size())?;
            batches.push(batch);
        }
        let batch = if batches.is_empty() {
            concat_batches(&schema_of(signal), &batches)?
        } else {
            sorted(signal, &batches)?
        };
        Ok(Rows { signal, batch })
    }
}
