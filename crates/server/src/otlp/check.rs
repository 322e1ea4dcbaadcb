//! Looking through one message before it is written: is it sound, and does it hold a secret?
//!
//! Invariant: what comes out is well-formed, holds only fields that OTLP has, has valid ids where they are demanded,
//! and every text and byte string in it went through the redactor. A message in which nothing had to change is
//! borrowed back, to be copied as it lies. Depth of recursion is bounded by the nesting limit, whatever the bytes.

use std::borrow::Cow;
use std::ops::Range;

use telensic_redact::{KeyClass, Redactor};
use telensic_tape::otlp::{self, FieldValue, Fields, SpanView, field};
use telensic_tape::{SpanId, TraceId};

use super::arrays;
use super::patch::{Patch, patched};
use super::rejected::Reason;
use super::schema::{IdRule, Kind, Message};

/// Looks through messages, one after the other.
#[derive(Debug)]
pub(crate) struct Check<'r> {
    redactor: &'r Redactor,
    nesting: u32,
    patches: Vec<Patch>,
    links_left_out: u64,
    masked: u64,
}

impl<'r> Check<'r> {
    /// With this redactor, and values nested at most so deep.
    pub(crate) fn new(redactor: &'r Redactor, nesting: u32) -> Self {
        Self {
            redactor,
            nesting,
            patches: Vec::new(),
            links_left_out: 0,
            masked: 0,
        }
    }

    /// How many values were masked so far.
    pub(crate) fn masked(&self) -> u64 {
        self.masked
    }

    /// The message as it may be written, or why it may not.
    pub(crate) fn safe<'a>(&mut self, schema: &Message, message: &'a [u8]) -> Result<Cow<'a, [u8]>, Reason> {
        self.patches.clear();
        self.links_left_out = 0;
        self.message(schema, message, 0, KeyClass::Plain, 0)?;
        if self.patches.is_empty() {
            return Ok(Cow::Borrowed(message));
        }
        self.masked += self.patches.iter().filter(|patch| patch.with.is_some()).count() as u64;
        let mut safe = patched(message, &mut self.patches);
        if self.links_left_out > 0 {
            let before = SpanView::parse(&safe).map_or(0, |span| span.dropped_links);
            let dropped = before.saturating_add(self.links_left_out).min(u32::MAX.into());
            otlp::put_varint_field(&mut safe, field::span::DROPPED_LINKS, dropped);
        }
        Ok(Cow::Owned(safe))
    }

    /// Looks through a message that begins at `at` within the one that `safe` was given.
    fn message(
        &mut self,
        schema: &Message,
        message: &[u8],
        at: usize,
        class: KeyClass,
        depth: u32,
    ) -> Result<(), Reason> {
        let mut fields = Fields::new(message);
        let mut seen = 0u32;
        loop {
            let start = at + message.len() - fields.rest().len();
            let Some(next) = fields.next() else { break };
            let (number, value) = next.map_err(|_| Reason::Malformed)?;
            let end = at + message.len() - fields.rest().len();
            let Some(field) = schema.field(number) else {
                // Nobody knows what it holds, so it is not written.
                self.remove(start..end);
                continue;
            };
            seen |= 1 << number;
            match (field.kind, value) {
                (Kind::Text, FieldValue::Len(text)) => self.text(class, text, end)?,
                (Kind::Bytes, FieldValue::Len(bytes)) => {
                    if let Cow::Owned(safe) = self.redactor.bytes(class, bytes) {
                        self.replace(end - bytes.len()..end, safe);
                    }
                }
                (Kind::Id(rule), FieldValue::Len(id)) => {
                    if !is_valid(rule, id)? {
                        self.remove(start..end);
                    }
                }
                (Kind::Message(inner), FieldValue::Len(payload)) => {
                    self.message(inner, payload, end - payload.len(), class, depth)?;
                }
                (Kind::Link(inner), FieldValue::Len(payload)) => {
                    let mark = self.patches.len();
                    match self.message(inner, payload, end - payload.len(), class, depth) {
                        Err(Reason::TraceId | Reason::SpanId) => {
                            // It leads nowhere; what it says is not worth the span.
                            self.patches.truncate(mark);
                            self.remove(start..end);
                            self.links_left_out += 1;
                        }
                        other => other?,
                    }
                }
                (Kind::Attribute(inner), FieldValue::Len(payload)) => {
                    self.attribute(inner, payload, end - payload.len(), depth)?;
                }
                (Kind::Any(inner), FieldValue::Len(payload)) => {
                    self.any(inner, payload, end - payload.len(), class, depth)?;
                }
                (kind, FieldValue::Len(packed)) if field.repeated => check_packed(kind, packed)?,
                (kind, value) if is_scalar(kind, value) => {}
                _ => return Err(Reason::Malformed),
            }
        }
        let missing = schema.required() & !seen;
        if missing == 0 {
            return Ok(());
        }
        let lacks_trace = missing & 1 << field::span::TRACE_ID != 0;
        Err(if lacks_trace {
            Reason::TraceId
        } else {
            Reason::SpanId
        })
    }

    /// A `KeyValue`: what its key says decides how its value is looked at.
    fn attribute(&mut self, schema: &Message, pair: &[u8], at: usize, depth: u32) -> Result<(), Reason> {
        let mut class = KeyClass::Plain;
        for field in Fields::new(pair) {
            if let (field::key_value::KEY, FieldValue::Len(key)) = field.map_err(|_| Reason::Malformed)? {
                let key = std::str::from_utf8(key).map_err(|_| Reason::NotUtf8)?;
                class = class.max(self.redactor.key_class(key));
            }
        }
        let mut fields = Fields::new(pair);
        loop {
            let start = at + pair.len() - fields.rest().len();
            let Some(Ok((number, value))) = fields.next() else {
                return Ok(());
            };
            let end = at + pair.len() - fields.rest().len();
            match (schema.field(number).map(|field| field.kind), value) {
                (Some(Kind::Text), FieldValue::Len(key)) => self.text(KeyClass::Plain, key, end)?,
                (Some(Kind::Any(inner)), FieldValue::Len(payload)) => {
                    self.any(inner, payload, end - payload.len(), class, depth)?;
                }
                (None, _) => self.remove(start..end),
                _ => return Err(Reason::Malformed),
            }
        }
    }

    /// An `AnyValue`.
    fn any(
        &mut self,
        schema: &Message,
        any: &[u8],
        at: usize,
        class: KeyClass,
        depth: u32,
    ) -> Result<(), Reason> {
        if depth > self.nesting {
            return Err(Reason::TooDeep);
        }
        let mark = self.patches.len();
        self.message(schema, any, at, class, depth + 1)?;
        // Only now is it known to be sound: a secret, or an array that a fingerprint stands for.
        if let Some(text) = arrays::stand_in(self.redactor, class, any) {
            self.patches.truncate(mark);
            let mut with = Vec::with_capacity(text.len() + 4);
            otlp::put_bytes(&mut with, field::any::STRING, text.as_bytes());
            self.replace(at..at + any.len(), with);
        }
        Ok(())
    }

    fn text(&mut self, class: KeyClass, text: &[u8], end: usize) -> Result<(), Reason> {
        let plain = std::str::from_utf8(text).map_err(|_| Reason::NotUtf8)?;
        if let Cow::Owned(safe) = self.redactor.text(class, plain) {
            self.replace(end - text.len()..end, safe.into_bytes());
        }
        Ok(())
    }

    fn replace(&mut self, range: Range<usize>, with: Vec<u8>) {
        self.patches.push(Patch {
            range,
            with: Some(with),
        });
    }

    fn remove(&mut self, range: Range<usize>) {
        self.patches.push(Patch { range, with: None });
    }
}

/// Whether an id may stay; an error if the record cannot be without it.
fn is_valid(rule: IdRule, id: &[u8]) -> Result<bool, Reason> {
    match rule {
        IdRule::Trace if TraceId::from_slice(id).is_none() => Err(Reason::TraceId),
        IdRule::Span if SpanId::from_slice(id).is_none() => Err(Reason::SpanId),
        IdRule::Parent if !matches!(id.len(), 0 | 8) => Err(Reason::ParentSpanId),
        IdRule::Optional(len) => Ok(id.len() == len || id.is_empty()),
        _ => Ok(true),
    }
}

/// Whether a value has the wire type of its kind.
fn is_scalar(kind: Kind, value: FieldValue<'_>) -> bool {
    match value {
        FieldValue::Varint(_) => matches!(
            kind,
            Kind::Bool | Kind::Uint32 | Kind::Uint64 | Kind::Int64 | Kind::Sint32 | Kind::Enum(_)
        ),
        FieldValue::Fixed64(_) => matches!(kind, Kind::Fixed64 | Kind::Sfixed64 | Kind::Double),
        FieldValue::Fixed32(_) => matches!(kind, Kind::Fixed32),
        FieldValue::Len(_) => false,
    }
}

/// Numbers one behind the other.
fn check_packed(kind: Kind, packed: &[u8]) -> Result<(), Reason> {
    let is_sound = match kind {
        Kind::Fixed64 | Kind::Sfixed64 | Kind::Double => packed.len().is_multiple_of(8),
        Kind::Uint64 => are_varints(packed),
        _ => false,
    };
    is_sound.then_some(()).ok_or(Reason::Malformed)
}

fn are_varints(mut packed: &[u8]) -> bool {
    const LONGEST: usize = otlp::MAX_VARINT;
    while !packed.is_empty() {
        let Some(last) = packed.iter().take(LONGEST).position(|byte| byte & 0x80 == 0) else {
            return false;
        };
        // The tenth byte has room for one bit.
        if last == LONGEST - 1 && packed[last] > 1 {
            return false;
        }
        packed = &packed[last + 1..];
    }
    true
}
