//! Rows by time, the newest first, a page at a time.
//!
//! The first pass looks at the keys of rows alone and finds how far back the page reaches; the second reads the rows
//! of that stretch whole. Sources that are older than all of a full page are not read.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::ops::Range;
use std::str::FromStr;

use arrow_array::{Array, FixedSizeBinaryArray, RecordBatch, UInt32Array};
use arrow_select::concat::concat_batches;
use arrow_select::take::take_record_batch;
use telensic_tape::{Signal, UnixNanos};

use super::rows::Rows;
use crate::columns::{name, optional, schema_of, times};
use crate::error::{StoreError, StoreErrorKind};
use crate::scan::{Condition, Limits, Meter, Plan, Predicate, Projection, Scan, Source};
use crate::segment::time_column;
use crate::store::Store;
use crate::tenant::Tenant;

/// Which rows are wanted.
#[derive(Clone, Debug)]
pub struct PageRequest {
    /// Spans, log records or data points.
    pub signal: Signal,
    /// Whose.
    pub tenant: Tenant,
    /// What they must fulfil.
    pub predicate: Predicate,
    /// How many at most.
    pub rows: usize,
    /// What the page before ended with.
    pub after: Option<PageCursor>,
    /// What it may cost.
    pub limits: Limits,
}

/// Rows, the newest first.
#[derive(Clone, Debug)]
pub struct Page {
    /// The rows.
    pub rows: Rows,
    /// What to ask for the next page with; `None` if there are no more rows.
    pub next: Option<PageCursor>,
}

/// Where a page ended. It can be written down and read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageCursor {
    key: Key,
    /// So many rows of this key have been given.
    given: u32,
}

/// Time, and a number that tells rows of the same time apart.
type Key = (u64, u64);

impl fmt::Display for PageCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (time, tie) = self.key;
        write!(f, "{time:016x}{tie:016x}{:08x}", self.given)
    }
}

impl FromStr for PageCursor {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let hex = |range: Range<usize>| {
            text.get(range)
                .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        };
        let parts = (hex(0..16), hex(16..32), hex(32..40));
        let (Some(time), Some(tie), Some(given), 40) = (parts.0, parts.1, parts.2, text.len()) else {
            return Err(StoreError::new(
                StoreErrorKind::Invalid,
                format!("{text:?} is no cursor: use the one that came with the page before"),
            ));
        };
        Ok(Self {
            key: (time, tie),
            given: given as u32,
        })
    }
}

impl Store {
    /// Rows by time, the newest first.
    pub fn page(&self, request: &PageRequest) -> Result<Page, StoreError> {
        request.predicate.check(request.signal)?;
        let mut search = Search {
            request,
            meter: Meter::start(request.limits),
            best: BinaryHeap::new(),
        };
        let sources = self.sources(request.signal, &request.tenant);
        search.find(&sources)?;
        search.read(sources)
    }
}

struct Search<'r> {
    request: &'r PageRequest,
    meter: Meter,
    /// The newest keys behind the cursor, the oldest of them on top: as many as the page has rows, and one more, which
    /// tells whether there is another page.
    best: BinaryHeap<Reverse<Key>>,
}

impl Search<'_> {
    fn plan(&self, projection: Projection, stretch: Option<(u64, u64)>) -> Plan {
        let mut predicate = Predicate::default();
        if let Some((from, to)) = stretch {
            predicate = predicate.within(UnixNanos(from)..UnixNanos(to.saturating_add(1)));
        } else if let Some(cursor) = self.request.after {
            let to = cursor.key.0.saturating_add(1);
            predicate = predicate.within(UnixNanos(0)..UnixNanos(to));
        }
        let conditions: &[Condition] = &self.request.predicate.conditions;
        predicate.conditions.extend_from_slice(conditions);
        Plan {
            signal: self.request.signal,
            predicate,
            projection,
            meter: self.meter.clone(),
        }
    }

    /// Finds the keys of the page.
    fn find(&mut self, sources: &[Source]) -> Result<(), StoreError> {
        let plan = self.plan(Projection::of(key_columns(self.request.signal)), None);
        let wanted = self.request.rows.saturating_add(1);
        let (mut given, after) = (0, self.request.after);
        for source in sources {
            let oldest = self.best.peek().map(|Reverse((time, _))| *time);
            if let (Source::Segment(segment), Some(oldest)) = (source, oldest)
                && self.best.len() >= wanted
                && segment.facts.first >= 0
                && (segment.facts.last as u64) < oldest
            {
                continue;
            }
            for batch in Scan::new(plan.clone(), [source.clone()]) {
                for key in keys(self.request.signal, &batch?)? {
                    match after {
                        Some(cursor) if key > cursor.key => continue,
                        // Of those that are alike it does not matter which were given.
                        Some(cursor) if key == cursor.key && given < cursor.given => {
                            given += 1;
                            continue;
                        }
                        _ => {}
                    }
                    self.best.push(Reverse(key));
                    if self.best.len() > wanted {
                        self.best.pop();
                    }
                }
            }
        }
        Ok(())
    }

    /// Reads the rows of the page.
    fn read(self, sources: Vec<Source>) -> Result<Page, StoreError> {
        let signal = self.request.signal;
        let mut found: Vec<Key> = self.best.iter().map(|Reverse(key)| *key).collect();
        found.sort_unstable_by_key(|key| Reverse(*key));
        let has_more = found.len() > self.request.rows;
        found.truncate(self.request.rows);
        let (Some(newest), Some(oldest)) = (found.first().copied(), found.last().copied()) else {
            let batch = RecordBatch::new_empty(schema_of(signal));
            return Ok(Page {
                rows: Rows { signal, batch },
                next: None,
            });
        };
        let plan = self.plan(Projection::All, Some((oldest.0, newest.0)));
        let (mut batches, mut all) = (Vec::new(), Vec::new());
        for batch in Scan::new(plan, sources) {
            let batch = batch?;
            self.meter.keep(batch.get_array_memory_size())?;
            all.extend(keys(signal, &batch)?);
            batches.push(batch);
        }
        let batch = concat_batches(&schema_of(signal), &batches)?;
        let mut order: Vec<(Key, u32)> = all.into_iter().zip(0..).collect();
        order.sort_by_key(|(key, _)| Reverse(*key));
        let before = |key: &Key| match self.request.after {
            Some(cursor) => *key > cursor.key,
            None => false,
        };
        let is_given = |key: &Key| self.request.after.is_some_and(|cursor| *key == cursor.key);
        let skip = self.request.after.map_or(0, |cursor| cursor.given as usize);
        let given: Vec<_> = order
            .iter()
            .filter(|(key, _)| is_given(key))
            .take(skip)
            .map(|(_, row)| *row)
            .collect();
        let left: Vec<(Key, u32)> = order
            .into_iter()
            .filter(|(key, row)| !before(key) && !given.contains(row))
            .take(self.request.rows)
            .collect();
        let last = left.last().map(|(key, _)| *key);
        let next = last.filter(|_| has_more).map(|key| {
            let here = left.iter().filter(|(other, _)| *other == key).count() as u32;
            let earlier = self.request.after.filter(|cursor| cursor.key == key);
            PageCursor {
                key,
                given: here + earlier.map_or(0, |cursor| cursor.given),
            }
        });
        let order = UInt32Array::from_iter_values(left.into_iter().map(|(_, row)| row));
        let batch = take_record_batch(&batch, &order)?;
        Ok(Page {
            rows: Rows { signal, batch },
            next,
        })
    }
}

/// What the keys are made of.
fn key_columns(signal: Signal) -> Vec<&'static str> {
    match signal {
        Signal::Spans => vec![name::START, name::TRACE_ID, name::SPAN_ID],
        Signal::Logs => vec![
            name::TIME,
            name::OBSERVED,
            name::TRACE_ID,
            name::SPAN_ID,
            name::BODY,
        ],
        Signal::Metrics => vec![name::TIME, name::NAME],
    }
}

/// The key of each row.
fn keys(signal: Signal, batch: &RecordBatch) -> Result<Vec<Key>, StoreError> {
    let time = times(batch, time_column(signal))?;
    let hasher = foldhash::quality::FixedState::with_seed(0x7e1e_5e9d);
    let ids = [name::TRACE_ID, name::SPAN_ID].map(|column| optional::<FixedSizeBinaryArray>(batch, column));
    let observed = optional::<arrow_array::TimestampNanosecondArray>(batch, name::OBSERVED);
    let body = batch.column_by_name(name::BODY);
    let body = body.and_then(|body| crate::columns::ValuesColumn::of(body.as_ref()));
    let metric = batch
        .column_by_name(name::NAME)
        .filter(|_| signal == Signal::Metrics);
    let metric = metric.and_then(|metric| crate::columns::WordsColumn::of(metric.as_ref()));
    let key = |row: usize| {
        let mut tie = hasher.build_hasher();
        for ids in ids.iter().flatten().filter(|ids| ids.is_valid(row)) {
            tie.write(ids.value(row));
        }
        if let Some(observed) = observed {
            tie.write_i64(observed.value(row));
        }
        if let Some(text) = body.and_then(|body| body.text(row)) {
            tie.write(text.as_bytes());
        }
        if let Some(metric) = metric.and_then(|metric| metric.get(row)) {
            tie.write(metric.as_bytes());
        }
        (time.value(row) as u64, tie.finish())
    };
    Ok((0..batch.num_rows()).map(key).collect())
}
