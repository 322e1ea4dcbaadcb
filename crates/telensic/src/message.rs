//! An OTLP message while it is put together: its bytes, and the rules its attributes are written by.
//!
//! Attributes are classified, redacted, limited, and there is one of each key: setting a key again takes the
//! earlier value out.

mod safe;

use std::borrow::Cow;

use telensic_redact::{KeyClass, Redactor};
use telensic_tape::Value;
use telensic_tape::otlp::{self, FieldValue, Scalar, field};

use safe::{cut, safe_any};

use crate::Key;
use crate::config::Limits;
use crate::key::Nature;

/// What limits and protects the attributes of one kind of message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) redactor: &'static Redactor,
    has_key_rules: bool,
    /// The field number of the `KeyValue`s.
    field: u32,
    most: u32,
    /// The same, or 0 if there are rules of the user's for keys, so that every key is looked up.
    most_at_once: u32,
    value_length: u32,
}

impl Rules {
    /// Whether a text under a plain key may be written as it is.
    #[inline]
    fn passes(&self, text: &str) -> bool {
        text.len() <= self.value_length as usize && self.redactor.passes(text)
    }
}

/// The rules of every kind of message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MessageRules {
    pub(crate) span: Rules,
    pub(crate) event: Rules,
    pub(crate) link: Rules,
    pub(crate) log: Rules,
    pub(crate) scope: Rules,
}

impl MessageRules {
    pub(crate) fn new(redactor: &'static Redactor, limits: &Limits) -> Self {
        let has_key_rules = redactor.has_key_rules();
        let rules = |field, most, value_length| Rules {
            redactor,
            has_key_rules,
            field,
            most,
            most_at_once: if has_key_rules { 0 } else { most },
            value_length,
        };
        let length = limits.span_value_length;
        Self {
            span: rules(field::span::ATTRIBUTE, limits.span_attributes, length),
            event: rules(field::event::ATTRIBUTE, limits.event_attributes, length),
            link: rules(field::link::ATTRIBUTE, limits.link_attributes, length),
            scope: rules(field::scope::ATTRIBUTE, limits.span_attributes, length),
            log: rules(
                field::log::ATTRIBUTE,
                limits.log_attributes,
                limits.log_value_length,
            ),
        }
    }
}

/// The message. Its bytes are well-formed at any moment.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) bytes: Vec<u8>,
    rules: &'static Rules,
    /// A bit for each key's hash: a key whose bit is not set is new for certain.
    seen: u64,
    count: u32,
    /// A copy of the rules'.
    most_at_once: u32,
    pub(crate) dropped: u32,
}

/// A buffer that grew beyond this is not kept for another message.
const SPARE_CAPACITY: usize = 64 * 1024;

impl Message {
    pub(crate) fn new(rules: &'static Rules) -> Self {
        Self {
            bytes: Vec::with_capacity(512),
            rules,
            seen: 0,
            count: 0,
            most_at_once: 0,
            dropped: 0,
        }
    }

    /// Begins another message in the same memory.
    #[inline]
    pub(crate) fn begin(&mut self, rules: &'static Rules) {
        self.bytes.clear();
        self.rules = rules;
        self.seen = 0;
        self.count = 0;
        self.most_at_once = rules.most_at_once;
        self.dropped = 0;
    }

    /// Whether the memory is small enough to be kept for another message.
    #[inline]
    pub(crate) fn is_small(&self) -> bool {
        self.bytes.capacity() <= SPARE_CAPACITY
    }

    /// Appends an attribute, or replaces it.
    ///
    /// Inlined where the key is a constant and the kind of value is known, nearly all of it is known there: what is
    /// left is a few stores. Everything else is one call.
    #[inline(always)]
    pub(crate) fn set(&mut self, key: Key<'_>, value: Value<'_>) {
        self.set_in(self.rules.field, key, value);
    }

    /// As [`Self::set`], where it is known which message this is: then the field's tag is a constant too.
    #[inline(always)]
    pub(crate) fn set_in(&mut self, field: u32, key: Key<'_>, value: Value<'_>) {
        debug_assert_eq!(field, self.rules.field, "the field of this message's attributes");
        match (value, Scalar::of(value)) {
            (Value::Str(text), _) => match self.free_bit(&key) {
                Some(bit) if self.rules.passes(text) => {
                    self.count_in(bit);
                    otlp::put_text(&mut self.bytes, field, key.name(), text);
                }
                _ => self.set_text_with_care(key.name(), key.nature(), text),
            },
            (_, Some(scalar)) => match self.free_bit(&key) {
                Some(bit) => {
                    self.count_in(bit);
                    otlp::put_scalar(&mut self.bytes, field, key.name(), scalar);
                }
                None => self.set_scalar_with_care(key.name(), key.nature(), scalar),
            },
            _ => self.set_with_care(&key, value),
        }
    }

    /// The bit of a key that is known to be plain, new and not one too many.
    #[inline(always)]
    fn free_bit(&self, key: &Key<'_>) -> Option<u8> {
        key.plain_constant()
            .filter(|bit| self.seen & 1 << bit == 0 && self.count < self.most_at_once)
    }

    #[inline(always)]
    fn count_in(&mut self, bit: u8) {
        self.seen |= 1 << bit;
        self.count += 1;
    }

    /// As [`Self::set_with_care`]; in pieces, for which registers suffice: otherwise each call of [`Self::set_in`] would
    /// first store key and value on the stack, only in case they are needed there.
    #[inline(never)]
    fn set_text_with_care(&mut self, name: &str, nature: Nature, text: &str) {
        self.set_with_care(&Key::of(name, nature), Value::Str(text));
    }

    /// As [`Self::set_text_with_care`].
    #[inline(never)]
    fn set_scalar_with_care(&mut self, name: &str, nature: Nature, scalar: Scalar) {
        self.set_with_care(&Key::of(name, nature), scalar.into());
    }

    /// Any key and any value: perhaps there already, perhaps a secret's, perhaps one too many.
    #[inline(never)]
    fn set_with_care(&mut self, key: &Key<'_>, value: Value<'_>) {
        if key.is_dynamic() {
            // A key made at run time may itself hold what must not be written.
            let safe = self.rules.redactor.text(KeyClass::Plain, key.name());
            return self.set_admitted(&Key::dynamic(&safe), value);
        }
        self.set_admitted(key, value);
    }

    fn set_admitted(&mut self, key: &Key<'_>, value: Value<'_>) {
        let Some(class) = self.admit(key) else { return };
        let rules = self.rules;
        match (value, Scalar::of(value)) {
            (Value::Str(text), _) => {
                let safe = rules.redactor.text(class, text);
                otlp::put_text(
                    &mut self.bytes,
                    rules.field,
                    key.name(),
                    cut(&safe, rules.value_length),
                );
            }
            (_, Some(scalar)) if class != KeyClass::Secret => {
                otlp::put_scalar(&mut self.bytes, rules.field, key.name(), scalar);
            }
            _ => {
                let any = safe_any(rules, class, value);
                otlp::put_encoded(&mut self.bytes, rules.field, key.name(), &any);
            }
        }
    }

    /// Counts an attribute in; `None` when there are too many.
    #[inline]
    fn admit(&mut self, key: &Key<'_>) -> Option<KeyClass> {
        let (class, bit) = key.resolve(self.rules.redactor, self.rules.has_key_rules);
        let bit = 1u64 << bit;
        let is_new = self.seen & bit == 0 && self.count < self.rules.most;
        if !is_new && !self.make_room(key.name()) {
            return None;
        }
        self.seen |= bit;
        self.count += 1;
        Some(class)
    }

    /// Notes that there is an attribute with this key, which the limits do not count.
    #[inline]
    pub(crate) fn holds(&mut self, key: &Key<'_>) {
        self.seen |= 1 << key.resolve(self.rules.redactor, self.rules.has_key_rules).1;
    }

    /// A text that may be written.
    #[inline]
    pub(crate) fn redacted<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.rules.redactor.text(KeyClass::Plain, text)
    }

    /// Takes an earlier attribute with this key out; false when there are too many of them without it.
    #[cold]
    fn make_room(&mut self, key: &str) -> bool {
        if remove(&mut self.bytes, self.rules.field, key) {
            // One that the recorder itself has put there was not counted.
            self.count = self.count.saturating_sub(1);
        } else if self.count >= self.rules.most {
            self.dropped += 1;
            return false;
        }
        true
    }

    /// Takes the attribute with this key out, if there is one.
    #[cfg(feature = "opentelemetry-sdk")]
    pub(crate) fn take_out(&mut self, key: &Key<'_>) {
        remove(&mut self.bytes, self.rules.field, key.name());
    }

    /// Appends a log record's body, redacted but not cut.
    pub(crate) fn put_body(&mut self, body: Value<'_>) {
        let rules = Rules {
            value_length: u32::MAX,
            ..*self.rules
        };
        match body {
            Value::Str(text) => {
                let safe = rules.redactor.text(KeyClass::Plain, text);
                Value::Str(&safe).put(&mut self.bytes, field::log::BODY);
            }
            _ => {
                let any = safe_any(&rules, KeyClass::Plain, body);
                otlp::put_bytes(&mut self.bytes, field::log::BODY, &any);
            }
        }
    }
}

/// Takes the attribute with this key out of the record; false if there is none.
#[cold]
fn remove(buffer: &mut Vec<u8>, number: u32, key: &str) -> bool {
    let mut fields = otlp::Fields::new(buffer);
    loop {
        let start = buffer.len() - fields.rest().len();
        match fields.next() {
            Some(Ok((field, FieldValue::Len(pair)))) if field == number => {
                let is_it = matches!(
                    otlp::Fields::new(pair).next(),
                    Some(Ok((field::key_value::KEY, FieldValue::Len(name)))) if name == key.as_bytes()
                );
                if is_it {
                    let end = buffer.len() - fields.rest().len();
                    buffer.drain(start..end);
                    return true;
                }
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return false,
        }
    }
}

/// Attributes of an event or a link, while it is added to a span.
#[derive(Debug)]
pub struct Fields(pub(crate) Message);

impl Fields {
    /// Adds an attribute, or replaces the one with this key.
    pub fn set<'k, 'v>(&mut self, key: impl Into<Key<'k>>, value: impl Into<Value<'v>>) -> &mut Self {
        self.0.set(key.into(), value.into());
        self
    }
}
