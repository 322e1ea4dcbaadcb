//! Reading what [`encode`](super::encode) wrote.

use std::io::Read;

use flate2::read::GzDecoder;
use hashbrown::HashMap;
use telensic_tape::otlp::{FieldValue, Fields, Malformed};
use telensic_tape::{SpanId, TraceId, UnixNanos};

use super::label;
use crate::profile::{CpuProfile, Function, Line, Location, Mapping, ProfileFacts, Stack};

/// Larger ones are nobody's.
const LARGEST: u64 = 256 << 20;

/// The bytes are no CPU profile of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAProfile(&'static str);

impl std::fmt::Display for NotAProfile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for NotAProfile {}

impl From<Malformed> for NotAProfile {
    fn from(_: Malformed) -> Self {
        Self("it is no well-formed profile.proto")
    }
}

/// The profile that a pprof file of ours holds.
pub fn decode(file: &[u8]) -> Result<CpuProfile, NotAProfile> {
    let mut message = Vec::new();
    let mut content = GzDecoder::new(file).take(LARGEST + 1);
    content
        .read_to_end(&mut message)
        .map_err(|_| NotAProfile("it is not compressed with gzip, or cut short"))?;
    if message.len() as u64 > LARGEST {
        return Err(NotAProfile("it is larger than any profile"));
    }
    Raw::read(&message)?.resolve()
}

/// A message as it lies, its references not followed yet.
#[derive(Default)]
struct Raw<'a> {
    samples: Vec<&'a [u8]>,
    mappings: Vec<Numbers>,
    locations: Vec<&'a [u8]>,
    functions: Vec<Numbers>,
    strings: Vec<&'a str>,
    started: u64,
    duration: u64,
    comment: u64,
}

/// The numbers of a flat message, by field.
#[derive(Clone, Copy, Default)]
struct Numbers([u64; 8]);

impl Numbers {
    fn read(message: &[u8]) -> Result<Self, Malformed> {
        let mut numbers = Self::default();
        for field in Fields::new(message) {
            if let (number, FieldValue::Varint(value)) = field?
                && let Some(place) = numbers.0.get_mut(number as usize)
            {
                *place = value;
            }
        }
        Ok(numbers)
    }

    fn get(&self, number: usize) -> u64 {
        self.0.get(number).copied().unwrap_or_default()
    }
}

impl<'a> Raw<'a> {
    fn read(message: &'a [u8]) -> Result<Self, NotAProfile> {
        let mut raw = Self::default();
        for field in Fields::new(message) {
            match field? {
                (2, FieldValue::Len(bytes)) => raw.samples.push(bytes),
                (3, FieldValue::Len(bytes)) => raw.mappings.push(Numbers::read(bytes)?),
                (4, FieldValue::Len(bytes)) => raw.locations.push(bytes),
                (5, FieldValue::Len(bytes)) => raw.functions.push(Numbers::read(bytes)?),
                (6, FieldValue::Len(bytes)) => raw.strings.push(text_of(bytes)?),
                (9, FieldValue::Varint(value)) => raw.started = value,
                (10, FieldValue::Varint(value)) => raw.duration = value,
                (13, FieldValue::Varint(value)) => raw.comment = value,
                _ => {}
            }
        }
        Ok(raw)
    }

    fn text(&self, index: u64) -> Result<&'a str, NotAProfile> {
        let text = usize::try_from(index)
            .ok()
            .and_then(|index| self.strings.get(index));
        text.copied()
            .ok_or(NotAProfile("it refers to a text that is not there"))
    }

    fn resolve(self) -> Result<CpuProfile, NotAProfile> {
        let facts: ProfileFacts = serde_json::from_str(self.text(self.comment)?)
            .map_err(|_| NotAProfile("it does not say where it comes from"))?;
        let mappings = self.mappings.iter().map(|numbers| self.mapping(numbers));
        let functions = self.functions.iter().map(|numbers| {
            Ok(Function {
                name: self.text(numbers.get(2))?.to_owned(),
                file: self.text(numbers.get(4))?.to_owned(),
            })
        });
        let functions_by_id = by_id(self.functions.iter().map(|numbers| numbers.get(1)));
        let mappings_by_id = by_id(self.mappings.iter().map(|numbers| numbers.get(1)));
        let mut locations = Vec::with_capacity(self.locations.len());
        let mut location_ids = Vec::with_capacity(self.locations.len());
        for bytes in &self.locations {
            let (id, location) = location(bytes, &mappings_by_id, &functions_by_id)?;
            location_ids.push(id);
            locations.push(location);
        }
        let locations_by_id = by_id(location_ids.into_iter());
        let stacks = self
            .samples
            .iter()
            .map(|bytes| self.stack(bytes, &locations_by_id));
        Ok(CpuProfile {
            facts,
            started: UnixNanos(self.started),
            duration_ns: self.duration,
            mappings: mappings.collect::<Result<_, _>>()?,
            functions: functions.collect::<Result<_, NotAProfile>>()?,
            stacks: stacks.collect::<Result<_, _>>()?,
            locations,
        })
    }

    fn mapping(&self, numbers: &Numbers) -> Result<Mapping, NotAProfile> {
        Ok(Mapping {
            start: numbers.get(2),
            limit: numbers.get(3),
            file_offset: numbers.get(4),
            file: self.text(numbers.get(5))?.to_owned(),
            build_id: self.text(numbers.get(6))?.to_owned(),
        })
    }

    fn stack(&self, message: &[u8], locations: &ById) -> Result<Stack, NotAProfile> {
        let mut stack = Stack {
            locations: Vec::new(),
            thread: String::new(),
            span: None,
            stage: None,
            samples: 0,
            cpu_ns: 0,
        };
        let (mut trace_id, mut span_id) = (None, None);
        for field in Fields::new(message) {
            match field? {
                (1, FieldValue::Len(packed)) => {
                    for id in unpacked(packed)? {
                        stack.locations.push(find(locations, id)?);
                    }
                }
                (2, FieldValue::Len(packed)) => {
                    let values = unpacked(packed)?;
                    stack.samples = values.first().copied().unwrap_or_default();
                    stack.cpu_ns = values.get(1).copied().unwrap_or_default();
                }
                (3, FieldValue::Len(bytes)) => {
                    let numbers = Numbers::read(bytes)?;
                    let text = self.text(numbers.get(2))?;
                    match self.text(numbers.get(1))? {
                        label::TRACE_ID => trace_id = TraceId::from_hex(text),
                        label::SPAN_ID => span_id = SpanId::from_hex(text),
                        label::STAGE => stack.stage = Some(text.to_owned()),
                        label::THREAD => text.clone_into(&mut stack.thread),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        stack.span = trace_id.zip(span_id);
        Ok(stack)
    }
}

fn location(message: &[u8], mappings: &ById, functions: &ById) -> Result<(u64, Location), NotAProfile> {
    let numbers = Numbers::read(message)?;
    let mut lines = Vec::new();
    for field in Fields::new(message) {
        if let (4, FieldValue::Len(bytes)) = field? {
            let line = Numbers::read(bytes)?;
            lines.push(Line {
                function: find(functions, line.get(1))?,
                line: u32::try_from(line.get(2)).unwrap_or_default(),
            });
        }
    }
    let mapping = match numbers.get(2) {
        0 => None,
        id => Some(find(mappings, id)?),
    };
    let location = Location {
        address: numbers.get(3),
        mapping,
        lines,
    };
    Ok((numbers.get(1), location))
}

/// Where the thing of an id is.
type ById = HashMap<u64, usize>;

fn by_id(ids: impl Iterator<Item = u64>) -> ById {
    ids.zip(0..).collect()
}

fn find(places: &ById, id: u64) -> Result<usize, NotAProfile> {
    places
        .get(&id)
        .copied()
        .ok_or(NotAProfile("it refers to something that is not there"))
}

fn text_of(bytes: &[u8]) -> Result<&str, NotAProfile> {
    std::str::from_utf8(bytes).map_err(|_| NotAProfile("a text in it is not UTF-8"))
}

fn unpacked(mut packed: &[u8]) -> Result<Vec<u64>, NotAProfile> {
    let mut values = Vec::new();
    while !packed.is_empty() {
        let (mut value, mut shift) = (0_u64, 0_u32);
        loop {
            let (byte, rest) = packed.split_first().ok_or(Malformed)?;
            packed = rest;
            value |= u64::from(byte & 0x7f).checked_shl(shift).ok_or(Malformed)?;
            if byte & 0x80 == 0 {
                break;
            }
            shift += 7;
        }
        values.push(value);
    }
    Ok(values)
}
