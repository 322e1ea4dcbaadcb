//! Where the time of an operation goes: the critical paths of its last traces, added up.
//!
//! The algorithm is that of `telensic-forensics`, which reads tapes; so the traces are put on one, in a directory of
//! the store's that is removed afterwards.

use std::path::Path;
use std::sync::Arc;

use hashbrown::HashMap;
use telensic_forensics::Timeline;
use telensic_forensics::critical_path::{CriticalPath, PathOptions};
use telensic_tape::otlp::Repeated;
use telensic_tape::{Mode, Signal, SpanId, TapeOptions, TapeWriter, TraceId, UnixNanos};

use super::page::PageRequest;
use super::rows::Rows;
use crate::columns::{ids, name, times, words};
use crate::error::{StoreError, StoreErrorKind};
use crate::scan::{Limits, Predicate};
use crate::store::Store;
use crate::tenant::Tenant;

/// Where the time of an operation goes.
#[derive(Clone, Debug, Default)]
pub struct CriticalPaths {
    /// How many traces were looked at.
    pub traces: usize,
    /// How long the operation took in all of them, in nanoseconds.
    pub total: u64,
    /// What it was spent in, the most first.
    pub shares: Vec<PathShare>,
}

/// The time on critical paths that an operation spent itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathShare {
    /// The service.
    pub service: String,
    /// The name of its spans.
    pub operation: String,
    /// How long, in nanoseconds.
    pub time: u64,
    /// In how many of the traces.
    pub traces: usize,
}

type SpanKey = (TraceId, SpanId);

impl Store {
    /// The critical paths of the last spans of an operation, each through its own trace.
    pub fn critical_paths(
        &self,
        tenant: &Tenant,
        service: &str,
        operation: &str,
        last: usize,
        limits: Limits,
    ) -> Result<CriticalPaths, StoreError> {
        let predicate = Predicate::default()
            .text(name::SERVICE, service)
            .text(name::NAME, operation);
        let found = self.page(&PageRequest {
            signal: Signal::Spans,
            tenant: tenant.clone(),
            predicate,
            rows: last,
            after: None,
            limits,
        })?;
        let roots: Vec<SpanKey> = labelled(&found.rows)?.map(|(key, _)| key).collect();
        let mut traces: Vec<TraceId> = roots.iter().map(|(trace, _)| *trace).collect();
        traces.sort_unstable();
        traces.dedup();
        let mut labels = HashMap::new();
        let scratch = Scratch::begin(self.path())?;
        let timeline = {
            let mut tape = ScratchTape::begin(&scratch);
            for trace in traces {
                let rows = self.trace(Signal::Spans, tenant, trace, limits)?;
                labels.extend(labelled(&rows)?);
                tape.add(&rows)?;
            }
            tape.read()?
        };
        let mut paths = CriticalPaths::default();
        let mut shares: HashMap<(String, String), (u64, usize)> = HashMap::new();
        for (trace, span) in roots {
            let Some(root) = timeline.find(trace, span) else {
                continue;
            };
            let path = CriticalPath::of(&timeline, root, PathOptions::default());
            paths.traces += 1;
            paths.total += path.duration();
            let label = |at| {
                let span = timeline.span(at);
                labels
                    .get(&(span.trace_id, span.span_id))
                    .cloned()
                    .unwrap_or_default()
            };
            for (label, time) in path.time_by(label) {
                let share = shares.entry(label).or_default();
                share.0 += time;
                share.1 += 1;
            }
        }
        paths.shares = shares
            .into_iter()
            .map(|((service, operation), (time, traces))| PathShare {
                service,
                operation,
                time,
                traces,
            })
            .collect();
        paths.shares.sort_by(|one, other| {
            other
                .time
                .cmp(&one.time)
                .then_with(|| (&one.service, &one.operation).cmp(&(&other.service, &other.operation)))
        });
        Ok(paths)
    }
}

/// The ids of spans, with their service and name.
fn labelled(rows: &Rows) -> Result<impl Iterator<Item = (SpanKey, (String, String))>, StoreError> {
    let batch = rows.batch();
    let (trace, span) = (ids(batch, name::TRACE_ID)?, ids(batch, name::SPAN_ID)?);
    let (service, operation) = (words(batch, name::SERVICE)?, words(batch, name::NAME)?);
    Ok((0..batch.num_rows()).filter_map(move |row| {
        let key = (
            TraceId::from_slice(trace.value(row))?,
            SpanId::from_slice(span.value(row))?,
        );
        let text = |words: &crate::columns::WordsColumn<'_>| words.get(row).unwrap_or_default().to_owned();
        Some((key, (text(&service), text(&operation))))
    }))
}

/// A directory that goes when it is dropped.
struct Scratch(std::path::PathBuf);

impl Scratch {
    fn begin(store: &Path) -> Result<Self, StoreError> {
        let number = getrandom::u64().unwrap_or_default();
        let path = store.join("scratch").join(format!("{number:016x}"));
        crate::wal::make_private_directory(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What stays is removed when the store is opened.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A tape under construction.
struct ScratchTape {
    writer: TapeWriter,
    clerk: telensic_tape::Clerk,
    lane: telensic_tape::Lane,
}

impl ScratchTape {
    fn begin(scratch: &Scratch) -> Self {
        let (writer, clerk) = TapeWriter::create(TapeOptions::new(&scratch.0).mode(Mode::Run));
        let lane = writer.lane(Signal::Spans, Arc::from(Vec::new()), false, 1);
        Self { writer, clerk, lane }
    }

    fn add(&mut self, rows: &Rows) -> Result<(), StoreError> {
        const MEMBERS: u32 = 2;
        let request = rows.otlp()?;
        let start = times(rows.batch(), name::START)?.values();
        let time = UnixNanos(start.first().map_or(0, |start| *start as u64));
        let resources = Repeated::new(&request, 1).flatten();
        let scopes = resources.flat_map(|resource| Repeated::new(resource, MEMBERS).flatten());
        for span in scopes.flat_map(|scope| Repeated::new(scope, MEMBERS).flatten()) {
            self.lane.append(span, time).map_err(|loss| {
                StoreError::new(
                    StoreErrorKind::Io,
                    format!("cannot put a trace on a tape ({loss:?}): make room on the store's disk"),
                )
            })?;
        }
        Ok(())
    }

    fn read(self) -> Result<Timeline, StoreError> {
        let path = self.writer.path().map(Path::to_owned);
        drop(self.lane);
        self.clerk.close(&mut |_| {});
        let path = path.ok_or_else(|| {
            StoreError::new(
                StoreErrorKind::Io,
                "cannot put a trace on a tape: make the store's directory writable",
            )
        })?;
        Ok(Timeline::of_tapes([path.as_path()]))
    }
}
