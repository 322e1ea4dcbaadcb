//! Which service calls which.

use arrow_array::{Array, Int32Array, RecordBatch};
use hashbrown::HashMap;
use telensic_tape::Signal;

use super::distribution::Distribution;
use crate::columns::{ids, integers, name, optional, words};
use crate::error::StoreError;
use crate::scan::{Limits, Meter, Plan, Predicate, Projection, Scan, Source};
use crate::store::Store;
use crate::tenant::Tenant;

/// Spans of one service that have a parent in another.
#[derive(Clone, Debug)]
pub struct ServiceCall {
    /// The service of the parents.
    pub caller: String,
    /// The service of the spans.
    pub callee: String,
    /// How many.
    pub calls: u64,
    /// How many of them have status error.
    pub errors: u64,
    /// How long they took, in nanoseconds.
    pub durations: Distribution,
}

const COLUMNS: [&str; 6] = [
    name::TRACE_ID,
    name::SPAN_ID,
    name::PARENT_SPAN_ID,
    name::SERVICE,
    name::DURATION,
    name::STATUS_CODE,
];
/// What a span whose parent is elsewhere takes, roughly.
const ORPHAN_BYTES: usize = 96;

impl Store {
    /// The calls between services, by caller and callee, among spans that fulfil the predicate.
    ///
    /// Parents are looked for in the same part of the store first, since spans of a trace come together; for the
    /// others the rest is read once more.
    pub fn service_graph(
        &self,
        tenant: &Tenant,
        predicate: Predicate,
        limits: Limits,
    ) -> Result<Vec<ServiceCall>, StoreError> {
        let plan = Plan::new(
            Signal::Spans,
            predicate,
            Projection::of(COLUMNS),
            Meter::start(limits),
        )?;
        let sources = self.sources(Signal::Spans, tenant);
        let mut graph = Graph::default();
        for source in &sources {
            graph.add_source(&plan, source)?;
        }
        if !graph.orphans.is_empty() {
            let everything = Plan {
                predicate: Predicate::default(),
                ..plan
            };
            for batch in Scan::new(everything, sources) {
                graph.find_parents(&batch?)?;
            }
        }
        Ok(graph.finish())
    }
}

type SpanKey = ([u8; 16], [u8; 8]);

/// A span with a parent.
#[derive(Debug)]
struct Child {
    service: u32,
    duration: i64,
    is_error: bool,
}

#[derive(Debug, Default)]
struct Tally {
    calls: u64,
    errors: u64,
    durations: Distribution,
}

#[derive(Debug, Default)]
struct Graph {
    services: Vec<String>,
    calls: HashMap<(u32, u32), Tally>,
    /// Spans whose parent was not found yet, by that parent.
    orphans: HashMap<SpanKey, Vec<Child>>,
}

impl Graph {
    fn add_source(&mut self, plan: &Plan, source: &Source) -> Result<(), StoreError> {
        let mut services: HashMap<SpanKey, u32> = HashMap::new();
        let mut children: Vec<(SpanKey, Child)> = Vec::new();
        for batch in Scan::new(plan.clone(), [source.clone()]) {
            let batch = batch?;
            let (trace, span) = (ids(&batch, name::TRACE_ID)?, ids(&batch, name::SPAN_ID)?);
            let parent = ids(&batch, name::PARENT_SPAN_ID)?;
            let service = words(&batch, name::SERVICE)?;
            let duration = integers(&batch, name::DURATION)?;
            let status = optional::<Int32Array>(&batch, name::STATUS_CODE);
            // Names are looked up once a batch.
            let numbers: Vec<u32> = (0..service.words())
                .map(|at| self.number(service.word(at)))
                .collect();
            let nameless = self.number("");
            for row in 0..batch.num_rows() {
                let service = service.place(row).map_or(nameless, |place| numbers[place]);
                services.insert(key(trace.value(row), span.value(row)), service);
                if parent.is_valid(row) {
                    let child = Child {
                        service,
                        duration: duration.value(row),
                        is_error: status.is_some_and(|status| status.is_valid(row) && status.value(row) == 2),
                    };
                    children.push((key(trace.value(row), parent.value(row)), child));
                }
            }
        }
        for (parent, child) in children {
            match services.get(&parent) {
                Some(caller) => self.note(*caller, child),
                None => {
                    plan.meter.keep(ORPHAN_BYTES)?;
                    self.orphans.entry(parent).or_default().push(child);
                }
            }
        }
        Ok(())
    }

    fn find_parents(&mut self, batch: &RecordBatch) -> Result<(), StoreError> {
        let (trace, span) = (ids(batch, name::TRACE_ID)?, ids(batch, name::SPAN_ID)?);
        let service = words(batch, name::SERVICE)?;
        for row in 0..batch.num_rows() {
            let Some(children) = self.orphans.remove(&key(trace.value(row), span.value(row))) else {
                continue;
            };
            let caller = self.number(service.get(row).unwrap_or_default());
            for child in children {
                self.note(caller, child);
            }
        }
        Ok(())
    }

    fn note(&mut self, caller: u32, child: Child) {
        if caller == child.service {
            return;
        }
        let call = self.calls.entry((caller, child.service)).or_default();
        call.calls += 1;
        call.errors += u64::from(child.is_error);
        call.durations.add(child.duration as f64);
    }

    /// The number that stands for a service.
    fn number(&mut self, service: &str) -> u32 {
        let known = self.services.iter().position(|known| known == service);
        known.unwrap_or_else(|| {
            self.services.push(service.to_owned());
            self.services.len() - 1
        }) as u32
    }

    fn finish(self) -> Vec<ServiceCall> {
        let name = |number: u32| self.services.get(number as usize).cloned().unwrap_or_default();
        let mut calls: Vec<ServiceCall> = self
            .calls
            .into_iter()
            .map(|((caller, callee), tally)| ServiceCall {
                caller: name(caller),
                callee: name(callee),
                calls: tally.calls,
                errors: tally.errors,
                durations: tally.durations,
            })
            .collect();
        calls.sort_by(|one, other| (&one.caller, &one.callee).cmp(&(&other.caller, &other.callee)));
        calls
    }
}

fn key(trace: &[u8], span: &[u8]) -> SpanKey {
    (
        trace.try_into().unwrap_or_default(),
        span.try_into().unwrap_or_default(),
    )
}
