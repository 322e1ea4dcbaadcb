//! Metrics: rows of the same metric, one behind the other, become its data points.

use arrow_array::{
    Array, BooleanArray, Float64Array, Int32Array, Int64Array, ListArray, RecordBatch, UInt32Array,
    UInt64Array,
};
use telensic_tape::otlp::{put_bytes, put_fixed64, put_varint_field};

use super::owner::{OwnerColumns, Owners, put_record};
use super::value::AttributesOut;
use crate::columns::read::{any, blobs, required, small, times, unsigned, words};
use crate::columns::words::{BytesColumn, WordsColumn};
use crate::columns::{AttributesColumn, name};
use crate::error::StoreError;
use crate::visitor::{MetricType, metric_field as number};

/// What tells one metric from another.
#[derive(Clone, Debug, PartialEq)]
struct Head<'a> {
    name: &'a str,
    description: &'a str,
    unit: &'a str,
    metadata: &'a [u8],
    metric_type: i32,
    temporality: i32,
    is_monotonic: bool,
}

struct HeadColumns<'a> {
    name: WordsColumn<'a>,
    description: WordsColumn<'a>,
    unit: WordsColumn<'a>,
    metadata: BytesColumn<'a>,
    metric_type: &'a Int32Array,
    temporality: &'a Int32Array,
    is_monotonic: &'a BooleanArray,
}

impl<'a> HeadColumns<'a> {
    fn of(batch: &'a RecordBatch) -> Result<Self, StoreError> {
        Ok(Self {
            name: words(batch, name::NAME)?,
            description: words(batch, name::DESCRIPTION)?,
            unit: words(batch, name::UNIT)?,
            metadata: blobs(batch, name::METADATA)?,
            metric_type: small(batch, name::TYPE)?,
            temporality: small(batch, name::TEMPORALITY)?,
            is_monotonic: any(batch, name::IS_MONOTONIC)?,
        })
    }

    fn get(&self, row: usize) -> Head<'a> {
        Head {
            name: self.name.get(row).unwrap_or_default(),
            description: self.description.get(row).unwrap_or_default(),
            unit: self.unit.get(row).unwrap_or_default(),
            metadata: self.metadata.get(row).unwrap_or_default(),
            metric_type: self.metric_type.value(row),
            temporality: self.temporality.value(row),
            is_monotonic: self.is_monotonic.value(row),
        }
    }
}

/// Appends all data points of the batch.
pub(super) fn put_all(batch: &RecordBatch, owners: &mut Owners) -> Result<(), StoreError> {
    let owner = OwnerColumns::of(batch)?;
    let heads = HeadColumns::of(batch)?;
    let points = PointColumns::of(batch)?;
    let mut encoder = AttributesOut::default();
    let mut row = 0;
    while row < batch.num_rows() {
        let head = heads.get(row);
        let who = owner.keys(row);
        let mut data = Vec::new();
        while row < batch.num_rows() && heads.get(row) == head && owner.keys(row) == who {
            let mut point = Vec::new();
            points.put(&mut point, &head, row, &mut encoder, &owner);
            put_bytes(&mut data, 1, &point);
            row += 1;
        }
        put_record(owners.records(&owner, row - 1), &metric(&head, data));
    }
    Ok(())
}

fn metric(head: &Head<'_>, mut data: Vec<u8>) -> Vec<u8> {
    let mut out = Vec::new();
    put_bytes(&mut out, 1, head.name.as_bytes());
    put_bytes(&mut out, 2, head.description.as_bytes());
    put_bytes(&mut out, 3, head.unit.as_bytes());
    if head.temporality != 0 {
        put_varint_field(&mut data, 2, i64::from(head.temporality) as u64);
    }
    if head.is_monotonic {
        put_varint_field(&mut data, 3, 1);
    }
    put_bytes(&mut out, head.metric_type as u32, &data);
    out.extend_from_slice(head.metadata);
    out
}

struct PointColumns<'a> {
    start: &'a arrow_array::TimestampNanosecondArray,
    time: &'a arrow_array::TimestampNanosecondArray,
    double: &'a Float64Array,
    int: &'a Int64Array,
    count: &'a UInt64Array,
    sum: &'a Float64Array,
    min: &'a Float64Array,
    max: &'a Float64Array,
    bucket_counts: &'a ListArray,
    bounds: &'a ListArray,
    flags: &'a UInt32Array,
    rest: BytesColumn<'a>,
    attributes: AttributesColumn<'a>,
}

impl<'a> PointColumns<'a> {
    fn of(batch: &'a RecordBatch) -> Result<Self, StoreError> {
        Ok(Self {
            start: times(batch, name::START)?,
            time: times(batch, name::TIME)?,
            double: any(batch, name::DOUBLE)?,
            int: any(batch, name::INT)?,
            count: any(batch, name::COUNT)?,
            sum: any(batch, name::SUM)?,
            min: any(batch, name::MIN)?,
            max: any(batch, name::MAX)?,
            bucket_counts: any(batch, name::BUCKET_COUNTS)?,
            bounds: any(batch, name::BOUNDS)?,
            flags: unsigned(batch, name::FLAGS)?,
            rest: blobs(batch, name::REST)?,
            attributes: required(batch, name::ATTRIBUTES, AttributesColumn::of)?,
        })
    }

    fn put(
        &self,
        out: &mut Vec<u8>,
        head: &Head<'_>,
        row: usize,
        encoder: &mut AttributesOut,
        owner: &OwnerColumns<'_>,
    ) {
        let metric_type = MetricType::of_field(head.metric_type as u32).unwrap_or_default();
        let numbers = metric_type.numbers();
        put_fixed64(out, number::START, self.start.value(row) as u64);
        put_fixed64(out, number::TIME, self.time.value(row) as u64);
        put_double(out, number::AS_DOUBLE, self.double, row);
        if self.int.is_valid(row) {
            put_fixed64(out, number::AS_INT, self.int.value(row) as u64);
        }
        if self.count.is_valid(row) {
            put_fixed64(out, number::COUNT, self.count.value(row));
        }
        put_double(out, number::SUM, self.sum, row);
        put_double(out, numbers.min, self.min, row);
        put_double(out, numbers.max, self.max, row);
        put_packed(
            out,
            number::BUCKET_COUNTS,
            &words_of::<UInt64Array>(self.bucket_counts, row),
        );
        put_packed(out, number::BOUNDS, &words_of::<Float64Array>(self.bounds, row));
        put_varint_field(out, numbers.flags, self.flags.value(row).into());
        encoder.put(
            out,
            numbers.attribute,
            &self.attributes,
            row,
            Some((&owner.standard, row)),
        );
        out.extend_from_slice(self.rest.get(row).unwrap_or_default());
    }
}

fn put_double(out: &mut Vec<u8>, number: u32, column: &Float64Array, row: usize) {
    if column.is_valid(row) {
        put_fixed64(out, number, column.value(row).to_bits());
    }
}

fn put_packed(out: &mut Vec<u8>, number: u32, words: &[u64]) {
    if words.is_empty() {
        return;
    }
    let packed: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    put_bytes(out, number, &packed);
}

/// Numbers of eight bytes, as they go on the wire.
trait Words8: Array + 'static {
    fn words(&self) -> Vec<u64>;
}

impl Words8 for UInt64Array {
    fn words(&self) -> Vec<u64> {
        self.values().to_vec()
    }
}

impl Words8 for Float64Array {
    fn words(&self) -> Vec<u64> {
        self.values().iter().map(|value| value.to_bits()).collect()
    }
}

fn words_of<T: Words8>(list: &ListArray, row: usize) -> Vec<u64> {
    let items = list.value(row);
    items
        .as_any()
        .downcast_ref::<T>()
        .map(T::words)
        .unwrap_or_default()
}
