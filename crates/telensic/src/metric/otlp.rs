//! Metrics as OTLP: the content of a `Metric` message, which is a record of a metrics chunk on the tape.
//!
//! Cumulative unless asked otherwise: each point says what was counted since its start, so one that is lost costs a point
//! and no count.

use telensic_tape::otlp::{put_attribute, put_bytes, put_fixed64, put_message, put_varint, put_varint_field};
use telensic_tape::{UnixNanos, Value};

use super::Temporality;
use super::definition::{Definition, Kind};
use super::exemplar::Exemplar;
use super::exponential::{Exponential, Side};
use super::family::Point;
use super::instrument::{Distribution, Reading};

/// Field numbers of `opentelemetry/proto/metrics/v1`.
mod field {
    pub(super) const NAME: u32 = 1;
    pub(super) const DESCRIPTION: u32 = 2;
    pub(super) const GAUGE: u32 = 5;
    pub(super) const SUM: u32 = 7;
    pub(super) const HISTOGRAM: u32 = 9;
    pub(super) const EXPONENTIAL: u32 = 10;

    pub(super) const POINT: u32 = 1;
    pub(super) const TEMPORALITY: u32 = 2;
    pub(super) const IS_MONOTONIC: u32 = 3;

    pub(super) const START: u32 = 2;
    pub(super) const TIME: u32 = 3;
    pub(super) const AS_DOUBLE: u32 = 4;
    pub(super) const AS_INT: u32 = 6;
    pub(super) const NUMBER_ATTRIBUTE: u32 = 7;

    pub(super) const COUNT: u32 = 4;
    pub(super) const TOTAL: u32 = 5;
    pub(super) const BUCKET_COUNTS: u32 = 6;
    pub(super) const BOUNDS: u32 = 7;
    pub(super) const EXEMPLAR: u32 = 8;
    pub(super) const HISTOGRAM_ATTRIBUTE: u32 = 9;

    pub(super) const EXPONENTIAL_ATTRIBUTE: u32 = 1;
    pub(super) const SCALE: u32 = 6;
    pub(super) const ZERO_COUNT: u32 = 7;
    pub(super) const POSITIVE: u32 = 8;
    pub(super) const NEGATIVE: u32 = 9;
    pub(super) const EXPONENTIAL_EXEMPLAR: u32 = 11;
    pub(super) const SIDE_OFFSET: u32 = 1;
    pub(super) const SIDE_COUNTS: u32 = 2;

    pub(super) const EXEMPLAR_TIME: u32 = 2;
    pub(super) const EXEMPLAR_VALUE: u32 = 3;
    pub(super) const EXEMPLAR_SPAN_ID: u32 = 4;
    pub(super) const EXEMPLAR_TRACE_ID: u32 = 5;
}

/// The attribute of the series for what is beyond the limit of series.
const OVERFLOW: &str = "otel.metric.overflow";

/// A data point without its times: what tells whether anything has changed.
pub(super) fn point(definition: &Definition, point: &Point) -> Vec<u8> {
    let mut bytes = Vec::new();
    let attribute = match &point.reading {
        Reading::Whole(count) => {
            put_fixed64(&mut bytes, field::AS_INT, *count as u64);
            field::NUMBER_ATTRIBUTE
        }
        Reading::Number(number) => {
            put_fixed64(&mut bytes, field::AS_DOUBLE, number.to_bits());
            field::NUMBER_ATTRIBUTE
        }
        Reading::Histogram(distribution) => match &distribution.exponential {
            Some(exponential) => {
                put_exponential(&mut bytes, exponential, &distribution.exemplars);
                field::EXPONENTIAL_ATTRIBUTE
            }
            None => {
                put_distribution(&mut bytes, definition, distribution);
                field::HISTOGRAM_ATTRIBUTE
            }
        },
    };
    if point.is_overflow {
        put_attribute(&mut bytes, attribute, OVERFLOW, Value::Bool(true));
        return bytes;
    }
    for (label, value) in definition.labels.iter().zip(point.values.iter()) {
        put_attribute(&mut bytes, attribute, label, Value::Str(value));
    }
    bytes
}

fn put_distribution(bytes: &mut Vec<u8>, definition: &Definition, distribution: &Distribution) {
    put_fixed64(bytes, field::COUNT, distribution.counts.iter().sum());
    put_fixed64(bytes, field::TOTAL, distribution.sum.to_bits());
    put_packed(bytes, field::BUCKET_COUNTS, distribution.counts.iter().copied());
    let bounds = definition.bounds.iter().map(|bound| bound.to_bits());
    put_packed(bytes, field::BOUNDS, bounds);
    put_exemplars(bytes, field::EXEMPLAR, &distribution.exemplars);
}

fn put_exponential(bytes: &mut Vec<u8>, exponential: &Exponential, exemplars: &[Option<Exemplar>]) {
    put_fixed64(bytes, field::COUNT, exponential.count());
    put_fixed64(bytes, field::TOTAL, exponential.sum.to_bits());
    put_varint_field(bytes, field::SCALE, zigzag(exponential.scale.into()));
    put_fixed64(bytes, field::ZERO_COUNT, exponential.zeros);
    put_side(bytes, field::POSITIVE, &exponential.positive);
    put_side(bytes, field::NEGATIVE, &exponential.negative);
    put_exemplars(bytes, field::EXPONENTIAL_EXEMPLAR, exemplars);
}

fn put_side(bytes: &mut Vec<u8>, number: u32, side: &Side) {
    put_message(bytes, number, |out| {
        put_varint_field(out, field::SIDE_OFFSET, zigzag(side.offset));
        let mut packed = Vec::new();
        side.counts
            .iter()
            .for_each(|count| put_varint(&mut packed, *count));
        put_bytes(out, field::SIDE_COUNTS, &packed);
    });
}

/// A signed number as protobuf's `sint` has it.
fn zigzag(number: i64) -> u64 {
    (number << 1 ^ number >> 63) as u64
}

fn put_exemplars(bytes: &mut Vec<u8>, number: u32, exemplars: &[Option<Exemplar>]) {
    for exemplar in exemplars.iter().flatten() {
        put_message(bytes, number, |out| {
            put_fixed64(out, field::EXEMPLAR_TIME, exemplar.at.0);
            put_fixed64(out, field::EXEMPLAR_VALUE, exemplar.value.to_bits());
            put_bytes(out, field::EXEMPLAR_SPAN_ID, &exemplar.span_id.to_bytes());
            put_bytes(out, field::EXEMPLAR_TRACE_ID, &exemplar.trace_id.to_bytes());
        });
    }
}

/// The `Metric` of these points, each with the time since when it was counted, as of `at`.
pub(super) fn metric<'p>(
    definition: &Definition,
    temporality: Temporality,
    points: impl Iterator<Item = (UnixNanos, &'p [u8])>,
    at: UnixNanos,
) -> Vec<u8> {
    let mut data = Vec::new();
    for (since, point) in points {
        put_message(&mut data, field::POINT, |out| {
            if definition.kind != Kind::Gauge {
                put_fixed64(out, field::START, since.0);
            }
            put_fixed64(out, field::TIME, at.0);
            out.extend_from_slice(point);
        });
    }
    let data_field = match definition.kind {
        Kind::Gauge => field::GAUGE,
        Kind::Histogram if definition.is_exponential => field::EXPONENTIAL,
        Kind::Histogram => field::HISTOGRAM,
        Kind::Counter | Kind::UpDownCounter => field::SUM,
    };
    if definition.kind != Kind::Gauge {
        put_varint_field(&mut data, field::TEMPORALITY, temporality as u64);
    }
    if definition.kind == Kind::Counter {
        put_varint_field(&mut data, field::IS_MONOTONIC, 1);
    }
    let mut bytes = Vec::with_capacity(data.len() + definition.help.len() + 64);
    put_bytes(&mut bytes, field::NAME, definition.name.as_bytes());
    put_bytes(&mut bytes, field::DESCRIPTION, definition.help.as_bytes());
    put_bytes(&mut bytes, data_field, &data);
    bytes
}

fn put_packed(bytes: &mut Vec<u8>, number: u32, words: impl Iterator<Item = u64>) {
    let packed: Vec<u8> = words.flat_map(u64::to_le_bytes).collect();
    put_bytes(bytes, number, &packed);
}
