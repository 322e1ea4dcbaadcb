//! What there is: runs, services, operations. Told by what is known of segments; only memory is read.

use std::collections::BTreeMap;

use telensic_tape::{Signal, UnixNanos};

use crate::error::StoreError;
use crate::scan::{Limits, Meter, Plan, Predicate, Projection, Scan, Source};
use crate::segment::SegmentFacts;
use crate::store::Store;
use crate::tenant::Tenant;

/// A run that rows belong to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunRow {
    /// Its id.
    pub run_id: String,
    /// Its profile, if a row tells.
    pub profile: Option<String>,
    /// How many rows.
    pub rows: u64,
    /// How many of them are spans with status error.
    pub errors: u64,
    /// When its first row began.
    pub first: UnixNanos,
    /// When its last row ended.
    pub last: UnixNanos,
}

/// An operation of a service: the name of spans, events or metrics.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OperationRow {
    /// The service.
    pub service: String,
    /// The name.
    pub operation: String,
    /// How many rows.
    pub rows: u64,
    /// How many of them are spans with status error.
    pub errors: u64,
}

impl Store {
    /// The runs that rows of this signal belong to, the latest first.
    pub fn runs(&self, signal: Signal, tenant: &Tenant, limits: Limits) -> Result<Vec<RunRow>, StoreError> {
        let mut runs: BTreeMap<String, RunRow> = BTreeMap::new();
        self.each_facts(signal, tenant, limits, |facts| {
            for (run_id, of_run) in &facts.runs {
                let run = runs.entry(run_id.clone()).or_insert_with(|| RunRow {
                    run_id: run_id.clone(),
                    first: UnixNanos(of_run.first as u64),
                    ..RunRow::default()
                });
                run.rows += of_run.rows;
                run.errors += of_run.errors;
                run.first = run.first.min(UnixNanos(of_run.first as u64));
                run.last = run.last.max(UnixNanos(of_run.last as u64));
                if run.profile.is_none() {
                    run.profile.clone_from(&of_run.profile);
                }
            }
        })?;
        let mut runs: Vec<_> = runs.into_values().collect();
        runs.sort_by(|one, other| (other.first, &other.run_id).cmp(&(one.first, &one.run_id)));
        Ok(runs)
    }

    /// The operations of all services, by name.
    pub fn operations(
        &self,
        signal: Signal,
        tenant: &Tenant,
        limits: Limits,
    ) -> Result<Vec<OperationRow>, StoreError> {
        let mut operations: BTreeMap<(String, String), OperationRow> = BTreeMap::new();
        self.each_facts(signal, tenant, limits, |facts| {
            for (service, names) in &facts.operations {
                for (operation, of_operation) in names {
                    let key = (service.clone(), operation.clone());
                    let row = operations.entry(key).or_insert_with(|| OperationRow {
                        service: service.clone(),
                        operation: operation.clone(),
                        ..OperationRow::default()
                    });
                    row.rows += of_operation.rows;
                    row.errors += of_operation.errors;
                }
            }
        })?;
        Ok(operations.into_values().collect())
    }

    /// The facts of all sources; where a segment's are not complete its rows are read.
    fn each_facts(
        &self,
        signal: Signal,
        tenant: &Tenant,
        limits: Limits,
        mut take: impl FnMut(&SegmentFacts),
    ) -> Result<(), StoreError> {
        let plan = Plan::new(
            signal,
            Predicate::default(),
            Projection::of(SegmentFacts::columns(signal)),
            Meter::start(limits),
        )?;
        for source in self.sources(signal, tenant) {
            if let Source::Segment(segment) = &source
                && !segment.facts.is_partial
            {
                take(&segment.facts);
                continue;
            }
            // A batch has fewer rows than can be listed.
            for batch in Scan::new(plan.clone(), [source]) {
                let batch = batch?;
                for from in (0..batch.num_rows()).step_by(SegmentFacts::MOST_LISTED) {
                    let part = batch.slice(from, SegmentFacts::MOST_LISTED.min(batch.num_rows() - from));
                    take(&SegmentFacts::of(signal, &part)?);
                }
            }
        }
        Ok(())
    }
}
