//! Messages and their fields, read and appended at once: no tree of the JSON is ever built.

use std::fmt;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use telensic_tape::otlp;

use super::Reading;
use super::scalar::{Number, Wire, from_number, from_text};
use crate::otlp::rejected::Reason;
use crate::otlp::schema::{Field, IdRule, Kind, Message};

/// Reads an object and appends the content of the message that it stands for.
pub(super) struct MessageSeed<'a> {
    schema: &'static Message,
    out: &'a mut Vec<u8>,
    /// How many `AnyValue`s are around it.
    depth: u32,
    reading: &'a Reading,
}

impl<'a> MessageSeed<'a> {
    pub(super) fn new(
        schema: &'static Message,
        out: &'a mut Vec<u8>,
        depth: u32,
        reading: &'a Reading,
    ) -> Self {
        Self {
            schema,
            out,
            depth,
            reading,
        }
    }
}

impl<'de> DeserializeSeed<'de> for MessageSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for MessageSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(field) = map.next_key_seed(NameSeed(self.schema))? {
            match field {
                Some(field) => map.next_value_seed(FieldSeed {
                    field,
                    is_item: false,
                    out: self.out,
                    depth: self.depth,
                    reading: self.reading,
                })?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }
}

/// Reads a name; `None` if the message has no such field.
struct NameSeed(&'static Message);

impl<'de> DeserializeSeed<'de> for NameSeed {
    type Value = Option<&'static Field>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for NameSeed {
    type Value = Option<&'static Field>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.field_named(name))
    }
}

/// Reads what a field holds and appends the field.
struct FieldSeed<'a> {
    field: &'static Field,
    /// One of the items of a repeated field.
    is_item: bool,
    out: &'a mut Vec<u8>,
    depth: u32,
    reading: &'a Reading,
}

impl<'de> DeserializeSeed<'de> for FieldSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.field.kind {
            Kind::Record(schema) if self.is_item => {
                let text = <&RawValue>::deserialize(deserializer)?;
                self.put_record(schema, text);
                Ok(())
            }
            _ => deserializer.deserialize_any(self),
        }
    }
}

impl FieldSeed<'_> {
    /// A record by itself: whatever is wrong with it, the parser goes on behind it.
    fn put_record(self, schema: &'static Message, text: &RawValue) {
        let mut record = Vec::with_capacity(text.get().len() / 2);
        let seed = MessageSeed::new(schema, &mut record, 0, self.reading);
        let read = seed.deserialize(&mut serde_json::Deserializer::from_str(text.get()));
        let reason = self.reading.reason.take();
        match read {
            Ok(()) => otlp::put_bytes(self.out, self.field.number, &record),
            Err(_) => self.reading.reject(reason.unwrap_or(Reason::Malformed)),
        }
    }

    fn put_number<E: Error>(self, number: Number) -> Result<(), E> {
        let wire = from_number(self.field.kind, number).ok_or_else(|| self.wrong())?;
        self.put_wire(wire);
        Ok(())
    }

    /// A zero is the same as nothing, but among others in a list and where one of several fields is set.
    fn put_wire(self, wire: Wire) {
        let may_be_absent = matches!(
            self.field.kind,
            Kind::Uint32 | Kind::Sint32 | Kind::Fixed32 | Kind::Fixed64 | Kind::Enum(_)
        );
        if self.is_item || !may_be_absent || !wire.is_zero() {
            wire.put(self.out, self.field.number);
        }
    }

    fn wrong<E: Error>(&self) -> E {
        E::custom(format_args!("field {} has a wrong value", self.field.number))
    }
}

impl<'de> Visitor<'de> for FieldSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of the field's type")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        match self.field.kind {
            // In a list, nothing has a place of its own.
            Kind::Any(_) if self.is_item => otlp::put_bytes(self.out, self.field.number, &[]),
            _ => {}
        }
        Ok(())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.put_number(Number::Truth(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.put_number(Number::Unsigned(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.put_number(Number::Signed(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.put_number(Number::Float(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        let number = self.field.number;
        match self.field.kind {
            Kind::Text => otlp::put_bytes(self.out, number, text.as_bytes()),
            Kind::Bytes => {
                let bytes = decode_base64(text).ok_or_else(|| self.wrong())?;
                otlp::put_bytes(self.out, number, &bytes);
            }
            Kind::Id(rule) => match (decode_hex(text), rule) {
                (Some(id), _) => otlp::put_bytes(self.out, number, &id),
                (None, IdRule::Optional(_)) => {}
                (None, rule) => {
                    self.reading.reason.set(Some(match rule {
                        IdRule::Trace => Reason::TraceId,
                        IdRule::Parent => Reason::ParentSpanId,
                        IdRule::Span | IdRule::Optional(_) => Reason::SpanId,
                    }));
                    return Err(self.wrong());
                }
            },
            kind => {
                let wire = from_text(kind, text).ok_or_else(|| self.wrong())?;
                self.put_wire(wire);
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        if !self.field.repeated || self.is_item {
            return Err(self.wrong());
        }
        loop {
            let item = FieldSeed {
                field: self.field,
                is_item: true,
                out: &mut *self.out,
                depth: self.depth,
                reading: self.reading,
            };
            if items.next_element_seed(item)?.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let (schema, depth) = match self.field.kind {
            Kind::Message(schema) | Kind::Link(schema) | Kind::Attribute(schema) => (schema, self.depth),
            Kind::Any(schema) => (schema, self.depth + 1),
            _ => return Err(self.wrong()),
        };
        if self.field.repeated && !self.is_item {
            return Err(self.wrong());
        }
        if depth > self.reading.nesting + 1 {
            self.reading.reason.set(Some(Reason::TooDeep));
            return Err(self.wrong());
        }
        let mut message = Vec::new();
        MessageSeed::new(schema, &mut message, depth, self.reading).visit_map(map)?;
        otlp::put_bytes(self.out, self.field.number, &message);
        Ok(())
    }
}

/// Base64 of either alphabet, padded or not, as protobuf's JSON mapping takes it.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
    const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);
    STANDARD.decode(text).or_else(|_| URL_SAFE.decode(text)).ok()
}

/// Hex of either case.
fn decode_hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    digits
        .chunks_exact(2)
        .map(|pair| Some((digit(pair[0])? << 4 | digit(pair[1])?) as u8))
        .collect()
}
