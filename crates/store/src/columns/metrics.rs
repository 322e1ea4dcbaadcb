//! The columns of data points.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, ListBuilder, UInt64Builder};
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, RecordBatch, UInt32Array, UInt64Array,
};

use super::name;
use super::read::utc;
use super::sheet::Sheet;
use super::standard::Standard;
use super::words::Words;
use crate::error::StoreError;
use crate::visitor::{MetricHead, Owner, PointRow};

/// Builds the columns of data points.
#[derive(Debug, Default)]
pub(super) struct Metrics {
    name: Words,
    description: Words,
    unit: Words,
    metadata: Words,
    metric_type: Vec<i32>,
    temporality: Vec<i32>,
    is_monotonic: Vec<bool>,
    start: Vec<i64>,
    time: Vec<i64>,
    double: Vec<Option<f64>>,
    int: Vec<Option<i64>>,
    count: Vec<Option<u64>>,
    sum: Vec<Option<f64>>,
    min: Vec<Option<f64>>,
    max: Vec<Option<f64>>,
    bucket_counts: ListBuilder<UInt64Builder>,
    bounds: ListBuilder<Float64Builder>,
    flags: Vec<u32>,
    rest: Words,
    standard: Standard,
}

impl Metrics {
    pub(super) fn push(&mut self, owner: &Owner<'_>, head: &MetricHead<'_>, point: &PointRow<'_>) {
        self.name.push(head.name.as_bytes());
        self.description.push_unless_empty(head.description);
        self.unit.push_unless_empty(head.unit);
        self.metadata.push(&head.metadata);
        self.metric_type.push(head.metric_type as i32);
        self.temporality.push(head.temporality);
        self.is_monotonic.push(head.is_monotonic);
        self.start.push(point.start as i64);
        self.time.push(point.time as i64);
        self.double.push(point.double);
        self.int.push(point.int);
        self.count.push(point.count);
        self.sum.push(point.sum);
        self.min.push(point.min);
        self.max.push(point.max);
        self.bucket_counts.values().append_slice(&point.bucket_counts);
        self.bucket_counts.append(true);
        self.bounds.values().append_slice(&point.bounds);
        self.bounds.append(true);
        self.flags.push(point.flags);
        self.rest.push(&point.rest);
        self.standard.push_row(owner, point.pairs.get(&point.pairs.all()));
    }

    pub(super) fn finish(mut self) -> Result<RecordBatch, StoreError> {
        let mut sheet = Sheet::default();
        sheet.put(name::NAME, self.name.finish_text()?);
        sheet.put_nullable(name::DESCRIPTION, self.description.finish_text()?);
        sheet.put_nullable(name::UNIT, self.unit.finish_text()?);
        sheet.put(name::METADATA, self.metadata.finish_binary()?);
        sheet.put(name::TYPE, Arc::new(Int32Array::from(self.metric_type)));
        sheet.put(name::TEMPORALITY, Arc::new(Int32Array::from(self.temporality)));
        sheet.put(
            name::IS_MONOTONIC,
            Arc::new(BooleanArray::from(self.is_monotonic)),
        );
        sheet.put(name::START, utc(self.start));
        sheet.put(name::TIME, utc(self.time));
        sheet.put_nullable(name::DOUBLE, doubles(self.double));
        sheet.put_nullable(name::INT, Arc::new(Int64Array::from(self.int)));
        sheet.put_nullable(name::COUNT, Arc::new(UInt64Array::from(self.count)));
        sheet.put_nullable(name::SUM, doubles(self.sum));
        sheet.put_nullable(name::MIN, doubles(self.min));
        sheet.put_nullable(name::MAX, doubles(self.max));
        sheet.put(name::BUCKET_COUNTS, Arc::new(self.bucket_counts.finish()));
        sheet.put(name::BOUNDS, Arc::new(self.bounds.finish()));
        sheet.put(name::FLAGS, Arc::new(UInt32Array::from(self.flags)));
        sheet.put(name::REST, self.rest.finish_binary()?);
        self.standard.finish(&mut sheet)?;
        sheet.batch()
    }
}

fn doubles(values: Vec<Option<f64>>) -> ArrayRef {
    Arc::new(Float64Array::from(values))
}
