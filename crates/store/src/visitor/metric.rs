//! A metric's data points, each read in one pass.
//!
//! What all kinds of points share has a place of its own; exemplars and what only exponential histograms and
//! summaries have is kept as the fields it was sent in, see [`PointRow::rest`].

use telensic_tape::otlp::{FieldValue, Fields, put_bytes, put_fixed64, put_varint_field};

use super::owner::{Owner, each_record};
use super::pairs::Pairs;
use super::refusal::Refusal;
use super::wire::{bytes, fixed64, optional_id, text, varint};

/// What a metric's points share.
#[derive(Clone, Debug, Default)]
pub(crate) struct MetricHead<'a> {
    pub(crate) name: &'a str,
    pub(crate) description: &'a str,
    pub(crate) unit: &'a str,
    /// The `metadata` fields, as they were sent.
    pub(crate) metadata: Vec<u8>,
    pub(crate) metric_type: MetricType,
    pub(crate) temporality: i32,
    pub(crate) is_monotonic: bool,
}

/// The field of `Metric` that holds its points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum MetricType {
    #[default]
    Gauge = 5,
    Sum = 7,
    Histogram = 9,
    ExponentialHistogram = 10,
    Summary = 11,
}

/// Where the fields of a kind of point are.
#[derive(Debug)]
pub(crate) struct Numbers {
    pub(crate) attribute: u32,
    pub(crate) flags: u32,
    pub(crate) exemplar: u32,
    pub(crate) min: u32,
    pub(crate) max: u32,
}

/// The fields that are the same in every kind of point that has them.
pub(crate) mod number {
    pub(crate) const START: u32 = 2;
    pub(crate) const TIME: u32 = 3;
    /// Of `NumberDataPoint`.
    pub(crate) const AS_DOUBLE: u32 = 4;
    pub(crate) const AS_INT: u32 = 6;
    /// Of the others.
    pub(crate) const COUNT: u32 = 4;
    pub(crate) const SUM: u32 = 5;
    /// Of `HistogramDataPoint`.
    pub(crate) const BUCKET_COUNTS: u32 = 6;
    pub(crate) const BOUNDS: u32 = 7;
}

/// No field has this number.
const NONE: u32 = 0;

impl MetricType {
    pub(crate) fn of_field(number: u32) -> Option<Self> {
        Some(match number {
            5 => Self::Gauge,
            7 => Self::Sum,
            9 => Self::Histogram,
            10 => Self::ExponentialHistogram,
            11 => Self::Summary,
            _ => return None,
        })
    }

    pub(crate) fn numbers(self) -> &'static Numbers {
        match self {
            Self::Gauge | Self::Sum => &Numbers {
                attribute: 7,
                flags: 8,
                exemplar: 5,
                min: NONE,
                max: NONE,
            },
            Self::Histogram => &Numbers {
                attribute: 9,
                flags: 10,
                exemplar: 8,
                min: 11,
                max: 12,
            },
            Self::ExponentialHistogram => &Numbers {
                attribute: 1,
                flags: 10,
                exemplar: 11,
                min: 12,
                max: 13,
            },
            Self::Summary => &Numbers {
                attribute: 7,
                flags: 8,
                exemplar: NONE,
                min: NONE,
                max: NONE,
            },
        }
    }

    /// Whether its points have one value.
    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Gauge | Self::Sum)
    }
}

/// A checked data point.
#[derive(Debug, Default)]
pub(crate) struct PointRow<'a> {
    pub(crate) start: u64,
    pub(crate) time: u64,
    pub(crate) double: Option<f64>,
    pub(crate) int: Option<i64>,
    pub(crate) count: Option<u64>,
    pub(crate) sum: Option<f64>,
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    pub(crate) bucket_counts: Vec<u64>,
    pub(crate) bounds: Vec<f64>,
    pub(crate) flags: u32,
    /// Fields that have no column of their own, encoded.
    pub(crate) rest: Vec<u8>,
    pub(crate) pairs: Pairs<'a>,
}

/// Walks the data points of an `ExportMetricsServiceRequest`.
pub(crate) fn each_point<'a>(
    request: &'a [u8],
    mut take: impl FnMut(&Owner<'a>, &MetricHead<'a>, &PointRow<'a>),
) -> Result<(), Refusal> {
    const POINT: u32 = 1;
    let mut row = PointRow::default();
    each_record(request, |owner, message| {
        let Some((head, data)) = MetricHead::read(message)? else {
            return Ok(());
        };
        for field in Fields::new(data) {
            if let (POINT, value) = field? {
                row.read(head.metric_type, bytes(value)?)?;
                take(owner, &head, &row);
            }
        }
        Ok(())
    })
}

impl<'a> MetricHead<'a> {
    /// The head and the message that holds the points; `None` if there is none.
    fn read(message: &'a [u8]) -> Result<Option<(Self, &'a [u8])>, Refusal> {
        const METADATA: u32 = 12;
        const TEMPORALITY: u32 = 2;
        const IS_MONOTONIC: u32 = 3;
        let mut head = Self::default();
        let mut data = None;
        let mut pairs = Pairs::default();
        for field in Fields::new(message) {
            match field? {
                (1, value) => head.name = text(value)?,
                (2, value) => head.description = text(value)?,
                (3, value) => head.unit = text(value)?,
                (METADATA, value) => {
                    pairs.push(bytes(value)?)?;
                    put_bytes(&mut head.metadata, METADATA, bytes(value)?);
                }
                (number, value) => {
                    if let Some(metric_type) = MetricType::of_field(number) {
                        head.metric_type = metric_type;
                        data = Some(bytes(value)?);
                    }
                }
            }
        }
        let Some(data) = data else { return Ok(None) };
        let has_temporality = !matches!(head.metric_type, MetricType::Gauge | MetricType::Summary);
        for field in Fields::new(data) {
            match field? {
                (TEMPORALITY, value) if has_temporality => head.temporality = varint(value)? as i32,
                (IS_MONOTONIC, value) if head.metric_type == MetricType::Sum => {
                    head.is_monotonic = varint(value)? != 0;
                }
                _ => {}
            }
        }
        Ok(Some((head, data)))
    }
}

impl<'a> PointRow<'a> {
    fn read(&mut self, metric_type: MetricType, message: &'a [u8]) -> Result<(), Refusal> {
        let mut fresh = Self {
            pairs: std::mem::take(&mut self.pairs),
            ..Self::default()
        };
        fresh.pairs.clear();
        *self = fresh;
        let numbers = metric_type.numbers();
        let is_number = metric_type.is_number();
        for field in Fields::new(message) {
            match field? {
                (found, value) if found == numbers.attribute => self.pairs.push(bytes(value)?)?,
                (found, value) if found == numbers.flags => self.flags = varint(value)? as u32,
                (number::START, value) => self.start = fixed64(value)?,
                (number::TIME, value) => self.time = fixed64(value)?,
                (number::AS_DOUBLE, value) if is_number => {
                    self.double = Some(f64::from_bits(fixed64(value)?));
                    self.int = None;
                }
                (number::AS_INT, value) if is_number => {
                    self.int = Some(fixed64(value)? as i64);
                    self.double = None;
                }
                (number::COUNT, value) if !is_number => self.count = Some(fixed64(value)?),
                (number::SUM, value) if !is_number => self.sum = Some(f64::from_bits(fixed64(value)?)),
                (found, value) if found == numbers.min => self.min = Some(f64::from_bits(fixed64(value)?)),
                (found, value) if found == numbers.max => self.max = Some(f64::from_bits(fixed64(value)?)),
                (number::BUCKET_COUNTS, value) if metric_type == MetricType::Histogram => {
                    each_packed(value, |word| self.bucket_counts.push(word))?;
                }
                (number::BOUNDS, value) if metric_type == MetricType::Histogram => {
                    each_packed(value, |word| self.bounds.push(f64::from_bits(word)))?;
                }
                (found, value) => {
                    if found == numbers.exemplar {
                        check_exemplar(bytes(value)?)?;
                    }
                    keep(&mut self.rest, found, value);
                }
            }
        }
        Ok(())
    }
}

/// Eight-byte words, packed or one by one.
fn each_packed(value: FieldValue<'_>, mut take: impl FnMut(u64)) -> Result<(), Refusal> {
    match value {
        FieldValue::Fixed64(word) => take(word),
        FieldValue::Len(packed) => {
            let (words, rest) = packed.as_chunks::<8>();
            if !rest.is_empty() {
                return Err(Refusal::Malformed);
            }
            words.iter().for_each(|word| take(u64::from_le_bytes(*word)));
        }
        _ => return Err(Refusal::Malformed),
    }
    Ok(())
}

fn check_exemplar(message: &[u8]) -> Result<(), Refusal> {
    const ATTRIBUTE: u32 = 7;
    const SPAN_ID: u32 = 4;
    const TRACE_ID: u32 = 5;
    let mut pairs = Pairs::default();
    for field in Fields::new(message) {
        match field? {
            (ATTRIBUTE, value) => pairs.push(bytes(value)?)?,
            (SPAN_ID, value) => drop(optional_id::<8>(value)?),
            (TRACE_ID, value) => drop(optional_id::<16>(value)?),
            _ => {}
        }
    }
    Ok(())
}

/// Appends a field as it was sent.
fn keep(rest: &mut Vec<u8>, number: u32, value: FieldValue<'_>) {
    match value {
        FieldValue::Varint(value) => put_varint_field(rest, number, value),
        FieldValue::Fixed64(value) => put_fixed64(rest, number, value),
        FieldValue::Len(value) => put_bytes(rest, number, value),
        FieldValue::Fixed32(value) => telensic_tape::otlp::put_fixed32(rest, number, value),
    }
}
