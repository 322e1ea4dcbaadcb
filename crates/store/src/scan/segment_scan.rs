//! Rows of one segment.

use std::sync::Arc;

use arrow_array::RecordBatch;
use parquet::DecodeResult;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowPredicate, ArrowPredicateFn, RowFilter};
use parquet::arrow::push_decoder::{ParquetPushDecoder, ParquetPushDecoderBuilder};
use parquet::errors::ParquetError;
use telensic_tape::Signal;

use super::evaluate::{columns_of, fulfilled};
use super::predicate::Predicate;
use super::prune;
use super::scanning::Plan;
use crate::error::StoreError;
use crate::segment::{Footer, Segment, contained, damaged};

const BATCH_ROWS: usize = 8192;

/// Reads the rows of a segment that fulfil a predicate.
#[derive(Debug)]
pub(super) struct SegmentScan {
    segment: Arc<Segment>,
    decoder: ParquetPushDecoder,
}

impl SegmentScan {
    /// `None` if no row can.
    pub(super) fn open(plan: &Plan, segment: Arc<Segment>) -> Result<Option<Self>, StoreError> {
        if !prune::may_hold(plan.signal, &segment.facts, &plan.predicate) {
            return Ok(None);
        }
        let (name, footer) = (segment.name.clone(), segment.footer()?);
        contained(&name, || Self::begin(plan, segment, &footer))
    }

    fn begin(plan: &Plan, segment: Arc<Segment>, footer: &Footer) -> Result<Option<Self>, StoreError> {
        let Plan {
            signal,
            predicate,
            projection,
            ..
        } = plan;
        let groups = prune::row_groups(*signal, &segment, footer, predicate)?;
        if groups.is_empty() {
            return Ok(None);
        }
        let mut builder = ParquetPushDecoderBuilder::new_with_metadata(footer.clone())
            .with_batch_size(BATCH_ROWS)
            .with_projection(projection.mask(footer))
            .with_row_filter(row_filter(*signal, &segment, footer, predicate));
        if let Some(selection) = prune::pages(footer, &groups, predicate) {
            builder = builder.with_row_selection(selection);
        }
        let decoder = builder
            .with_row_groups(groups)
            .build()
            .map_err(|error| damaged(&segment.name, &error))?;
        Ok(Some(Self { segment, decoder }))
    }

    /// The next batch.
    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>, StoreError> {
        let wrong = |error: ParquetError| damaged(&self.segment.name, &error);
        loop {
            match contained(&self.segment.name, || self.decoder.try_decode().map_err(wrong))? {
                DecodeResult::Data(batch) => return Ok(Some(batch)),
                DecodeResult::Finished => return Ok(None),
                DecodeResult::NeedsData(ranges) => {
                    let bytes = self.segment.shelf.read(&self.segment.name, &ranges)?;
                    self.decoder.push_ranges(ranges, bytes).map_err(wrong)?;
                }
            }
        }
    }
}

/// The conditions that pruning by facts has not settled, each with its own columns.
fn row_filter(signal: Signal, segment: &Segment, footer: &Footer, predicate: &Predicate) -> RowFilter {
    let mut filters: Vec<Box<dyn ArrowPredicate>> = Vec::new();
    let schema = footer.parquet_schema();
    let time = predicate.time();
    let is_within = time.start <= segment.facts.first && segment.facts.last < time.end;
    for condition in &predicate.conditions {
        if is_within && matches!(condition, super::Condition::Time(_)) {
            continue;
        }
        let mask = ProjectionMask::columns(schema, columns_of(signal, condition));
        let condition = condition.clone();
        filters.push(Box::new(ArrowPredicateFn::new(mask, move |batch| {
            fulfilled(signal, &condition, &batch)
                .map_err(|error| arrow_schema::ArrowError::from_external_error(Box::new(error)))
        })));
    }
    RowFilter::new(filters)
}
