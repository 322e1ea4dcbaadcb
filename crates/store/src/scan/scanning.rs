//! Rows from memory and segments, one source after the other.

use std::collections::VecDeque;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::Schema;
use arrow_select::filter::filter_record_batch;
use parquet::arrow::ProjectionMask;
use telensic_tape::Signal;

use super::evaluate::fulfilled;
use super::limits::Meter;
use super::predicate::Predicate;
use super::segment_scan::SegmentScan;
use crate::columns::schema_of;
use crate::error::{StoreError, StoreErrorKind};
use crate::recent::Generation;
use crate::segment::{Footer, Segment};

/// The columns that are wanted.
#[derive(Clone, Debug, Default)]
pub enum Projection {
    /// All of them.
    #[default]
    All,
    /// Those of these names, in the order of the schema.
    Columns(Vec<String>),
}

impl Projection {
    /// Those of these names.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Columns(names.into_iter().map(str::to_owned).collect())
    }

    pub(super) fn mask(&self, footer: &Footer) -> ProjectionMask {
        match self {
            Self::All => ProjectionMask::all(),
            Self::Columns(names) => {
                ProjectionMask::columns(footer.parquet_schema(), names.iter().map(String::as_str))
            }
        }
    }

    fn apply(&self, batch: &RecordBatch) -> Result<RecordBatch, StoreError> {
        let Self::Columns(names) = self else {
            return Ok(batch.clone());
        };
        let schema = batch.schema();
        let wanted: Vec<usize> = (0..batch.num_columns())
            .filter(|at| names.iter().any(|name| name == schema.field(*at).name()))
            .collect();
        Ok(batch.project(&wanted)?)
    }

    fn check(&self, signal: Signal) -> Result<(), StoreError> {
        let Self::Columns(names) = self else {
            return Ok(());
        };
        let schema = schema_of(signal);
        let mut unknown = names.iter().filter(|name| schema.index_of(name).is_err());
        unknown
            .next()
            .map_or(Ok(()), |name| Err(no_column(&schema, name)))
    }
}

/// An error that names the column and those there are.
pub(super) fn no_column(schema: &Schema, name: &str) -> StoreError {
    let known: Vec<&str> = schema
        .fields()
        .iter()
        .map(|field| field.name().as_str())
        .collect();
    StoreError::new(
        StoreErrorKind::Invalid,
        format!("there is no column {name}; there are {}", known.join(", ")),
    )
}

/// Where rows come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Memory(Arc<Generation>),
    Segment(Arc<Segment>),
}

/// What is asked of the sources.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) signal: Signal,
    pub(crate) predicate: Predicate,
    pub(crate) projection: Projection,
    pub(crate) meter: Meter,
}

impl Plan {
    /// A plan whose columns there are.
    pub(crate) fn new(
        signal: Signal,
        predicate: Predicate,
        projection: Projection,
        meter: Meter,
    ) -> Result<Self, StoreError> {
        predicate.check(signal)?;
        projection.check(signal)?;
        Ok(Self {
            signal,
            predicate,
            projection,
            meter,
        })
    }
}

/// The rows that fulfil a predicate, batch by batch, in no order that may be relied on.
#[derive(Debug)]
pub struct Scan {
    plan: Plan,
    sources: VecDeque<Source>,
    memory: VecDeque<RecordBatch>,
    segment: Option<SegmentScan>,
}

impl Scan {
    pub(crate) fn new(plan: Plan, sources: impl IntoIterator<Item = Source>) -> Self {
        Self {
            plan,
            sources: sources.into_iter().collect(),
            memory: VecDeque::new(),
            segment: None,
        }
    }

    fn advance(&mut self) -> Result<Option<RecordBatch>, StoreError> {
        loop {
            self.plan.meter.check_time()?;
            if let Some(batch) = self.memory.pop_front() {
                let batch = self.filtered(&batch)?;
                if batch.num_rows() > 0 {
                    return Ok(Some(batch));
                }
                continue;
            }
            if let Some(segment) = &mut self.segment {
                match segment.next()? {
                    Some(batch) if batch.num_rows() > 0 => return Ok(Some(batch)),
                    Some(_) => {}
                    None => self.segment = None,
                }
                continue;
            }
            match self.sources.pop_front() {
                None => return Ok(None),
                Some(Source::Memory(generation)) => self.memory = generation.batches()?.into(),
                Some(Source::Segment(segment)) => {
                    self.segment = SegmentScan::open(&self.plan, segment)?;
                }
            }
        }
    }

    fn filtered(&self, batch: &RecordBatch) -> Result<RecordBatch, StoreError> {
        let mut left = batch.clone();
        for condition in &self.plan.predicate.conditions {
            if left.num_rows() == 0 {
                break;
            }
            let fulfilled = fulfilled(self.plan.signal, condition, &left)?;
            left = filter_record_batch(&left, &fulfilled)?;
        }
        self.plan.projection.apply(&left)
    }
}

impl Iterator for Scan {
    type Item = Result<RecordBatch, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.advance().transpose();
        if matches!(next, Some(Err(_))) {
            self.sources.clear();
            self.memory.clear();
            self.segment = None;
        }
        next
    }
}
