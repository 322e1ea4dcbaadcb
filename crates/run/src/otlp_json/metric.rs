//! A `Metric` message as OTLP's JSON, by tables of its fields: every kind of data, whoever recorded it.
//!
//! Unlike a span, a metric has no view that readers share, so the message is written as it lies: a field after the other, in
//! the order of the tables.

use serde::ser::{Error, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use telensic_tape::otlp::{Attributes, FieldValue, Fields, Malformed, Repeated};

use super::AttributesJson;

/// A `Metric`.
pub struct MetricJson<'a>(&'a [u8]);

impl<'a> MetricJson<'a> {
    /// Of this encoded message.
    pub fn of(message: &'a [u8]) -> Self {
        Self(message)
    }
}

impl Serialize for MetricJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Message {
            bytes: self.0,
            fields: METRIC,
        }
        .serialize(serializer)
    }
}

/// A field of a message: its number, its name in JSON and what it holds.
type Field = (u32, &'static str, Kind);

/// How a field is written.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    /// A 64-bit number: text in JSON.
    Unsigned,
    Signed,
    Double,
    /// A number of 32 bits, or an enum.
    Small,
    /// A `sint32`.
    ZigZag,
    Bool,
    /// An id: hex.
    Id,
    Attributes,
    /// Packed numbers.
    FixedList,
    DoubleList,
    VarintList,
    Message(&'static [Field]),
    MessageList(&'static [Field]),
}

const METRIC: &[Field] = &[
    (1, "name", Kind::Text),
    (2, "description", Kind::Text),
    (3, "unit", Kind::Text),
    (
        5,
        "gauge",
        Kind::Message(&[(1, "dataPoints", Kind::MessageList(NUMBER))]),
    ),
    (
        7,
        "sum",
        Kind::Message(&[
            (1, "dataPoints", Kind::MessageList(NUMBER)),
            TEMPORALITY,
            (3, "isMonotonic", Kind::Bool),
        ]),
    ),
    (
        9,
        "histogram",
        Kind::Message(&[(1, "dataPoints", Kind::MessageList(HISTOGRAM)), TEMPORALITY]),
    ),
    (
        10,
        "exponentialHistogram",
        Kind::Message(&[(1, "dataPoints", Kind::MessageList(EXPONENTIAL)), TEMPORALITY]),
    ),
    (
        11,
        "summary",
        Kind::Message(&[(1, "dataPoints", Kind::MessageList(SUMMARY))]),
    ),
    (12, "metadata", Kind::Attributes),
];

const TEMPORALITY: Field = (2, "aggregationTemporality", Kind::Small);
const START: Field = (2, "startTimeUnixNano", Kind::Unsigned);
const TIME: Field = (3, "timeUnixNano", Kind::Unsigned);
const COUNT: Field = (4, "count", Kind::Unsigned);
const SUM: Field = (5, "sum", Kind::Double);

const NUMBER: &[Field] = &[
    (7, "attributes", Kind::Attributes),
    START,
    TIME,
    (4, "asDouble", Kind::Double),
    (6, "asInt", Kind::Signed),
    (5, "exemplars", Kind::MessageList(EXEMPLAR)),
    (8, "flags", Kind::Small),
];

const HISTOGRAM: &[Field] = &[
    (9, "attributes", Kind::Attributes),
    START,
    TIME,
    COUNT,
    SUM,
    (6, "bucketCounts", Kind::FixedList),
    (7, "explicitBounds", Kind::DoubleList),
    (8, "exemplars", Kind::MessageList(EXEMPLAR)),
    (10, "flags", Kind::Small),
    (11, "min", Kind::Double),
    (12, "max", Kind::Double),
];

const EXPONENTIAL: &[Field] = &[
    (1, "attributes", Kind::Attributes),
    START,
    TIME,
    COUNT,
    SUM,
    (6, "scale", Kind::ZigZag),
    (7, "zeroCount", Kind::Unsigned),
    (8, "positive", Kind::Message(BUCKETS)),
    (9, "negative", Kind::Message(BUCKETS)),
    (10, "flags", Kind::Small),
    (11, "exemplars", Kind::MessageList(EXEMPLAR)),
    (12, "min", Kind::Double),
    (13, "max", Kind::Double),
    (14, "zeroThreshold", Kind::Double),
];

const BUCKETS: &[Field] = &[(1, "offset", Kind::ZigZag), (2, "bucketCounts", Kind::VarintList)];

const SUMMARY: &[Field] = &[
    (7, "attributes", Kind::Attributes),
    START,
    TIME,
    COUNT,
    SUM,
    (
        6,
        "quantileValues",
        Kind::MessageList(&[(1, "quantile", Kind::Double), (2, "value", Kind::Double)]),
    ),
    (8, "flags", Kind::Small),
];

const EXEMPLAR: &[Field] = &[
    (7, "filteredAttributes", Kind::Attributes),
    (2, "timeUnixNano", Kind::Unsigned),
    (3, "asDouble", Kind::Double),
    (6, "asInt", Kind::Signed),
    (4, "spanId", Kind::Id),
    (5, "traceId", Kind::Id),
];

struct Message<'a> {
    bytes: &'a [u8],
    fields: &'static [Field],
}

impl Serialize for Message<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (number, name, kind) in self.fields {
            let mut values = Vec::new();
            for field in Fields::new(self.bytes) {
                match field.map_err(S::Error::custom)? {
                    (found, value) if found == *number => values.push(value),
                    _ => {}
                }
            }
            // Of a field that is there twice, the last one counts.
            let Some(last) = values.last() else { continue };
            let malformed = || S::Error::custom(Malformed);
            match (*kind, last) {
                (Kind::Text, FieldValue::Len(bytes)) => {
                    let text = std::str::from_utf8(bytes).map_err(|_| malformed())?;
                    map.serialize_entry(name, text)?;
                }
                (Kind::Unsigned, FieldValue::Fixed64(value)) => {
                    map.serialize_entry(name, &value.to_string())?
                }
                (Kind::Signed, FieldValue::Fixed64(value)) => {
                    map.serialize_entry(name, &(*value as i64).to_string())?;
                }
                (Kind::Double, FieldValue::Fixed64(value)) => {
                    map.serialize_entry(name, &Double(f64::from_bits(*value)))?;
                }
                (Kind::Small, FieldValue::Varint(value)) => map.serialize_entry(name, value)?,
                (Kind::ZigZag, FieldValue::Varint(value)) => {
                    map.serialize_entry(name, &((value >> 1) as i64 ^ -((value & 1) as i64)))?;
                }
                (Kind::Bool, FieldValue::Varint(value)) => map.serialize_entry(name, &(*value != 0))?,
                (Kind::Id, FieldValue::Len(bytes)) => {
                    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                    map.serialize_entry(name, &hex)?;
                }
                (Kind::Attributes, FieldValue::Len(_)) => {
                    let attributes = Attributes::new(self.bytes, *number);
                    map.serialize_entry(name, &AttributesJson::of(attributes))?;
                }
                (Kind::FixedList, FieldValue::Len(bytes)) => {
                    let words: Vec<String> = words(bytes).map(|word| word.to_string()).collect();
                    map.serialize_entry(name, &words)?;
                }
                (Kind::DoubleList, FieldValue::Len(bytes)) => {
                    let doubles: Vec<Double> =
                        words(bytes).map(|word| Double(f64::from_bits(word))).collect();
                    map.serialize_entry(name, &doubles)?;
                }
                (Kind::VarintList, FieldValue::Len(bytes)) => {
                    let counts = varints(bytes).ok_or_else(malformed)?;
                    map.serialize_entry(name, &counts)?;
                }
                (Kind::Message(fields), FieldValue::Len(bytes)) => {
                    map.serialize_entry(name, &Message { bytes, fields })?;
                }
                (Kind::MessageList(fields), FieldValue::Len(_)) => {
                    let list = List {
                        bytes: self.bytes,
                        number: *number,
                        fields,
                    };
                    map.serialize_entry(name, &list)?;
                }
                _ => return Err(malformed()),
            }
        }
        map.end()
    }
}

/// All messages in a field.
struct List<'a> {
    bytes: &'a [u8],
    number: u32,
    fields: &'static [Field],
}

impl Serialize for List<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(None)?;
        for bytes in Repeated::new(self.bytes, self.number) {
            let bytes = bytes.map_err(S::Error::custom)?;
            let fields = self.fields;
            sequence.serialize_element(&Message { bytes, fields })?;
        }
        sequence.end()
    }
}

/// A double, of which JSON has no form for all.
struct Double(f64);

impl Serialize for Double {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            double if double.is_nan() => serializer.serialize_str("NaN"),
            f64::INFINITY => serializer.serialize_str("Infinity"),
            f64::NEG_INFINITY => serializer.serialize_str("-Infinity"),
            double => serializer.serialize_f64(double),
        }
    }
}

fn words(packed: &[u8]) -> impl Iterator<Item = u64> {
    let (words, _) = packed.as_chunks::<8>();
    words.iter().map(|word| u64::from_le_bytes(*word))
}

/// Packed varints, as the text of 64-bit numbers.
fn varints(packed: &[u8]) -> Option<Vec<String>> {
    let mut counts = Vec::new();
    let (mut value, mut shift) = (0_u64, 0_u32);
    for byte in packed {
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
        if byte & 0x80 == 0 {
            counts.push(value.to_string());
            (value, shift) = (0, 0);
        }
    }
    (shift == 0).then_some(counts)
}
