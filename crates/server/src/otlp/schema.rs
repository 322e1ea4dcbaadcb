//! How an OTLP message is described: its fields by number and by JSON name, and what each one holds.
//!
//! One description serves all who meet foreign bytes: the JSON transcoder and the check of protobuf records, which
//! therefore cannot disagree. Invariant: numbers are below [`SLOTS`], and each is described once.

/// Field numbers of OTLP are smaller than this.
const SLOTS: usize = 20;

/// A message type.
#[derive(Debug)]
pub(crate) struct Message {
    fields: &'static [Field],
    /// One more than the place of the field with this number; 0 if there is none.
    by_number: [u8; SLOTS],
    /// A bit for each number of an id that must be there and valid.
    required: u32,
}

/// A field of a message.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) number: u32,
    /// The name in OTLP/JSON, lowerCamelCase.
    name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) repeated: bool,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// UTF-8 text that may hold a secret.
    Text,
    /// Bytes that may hold a secret; base64 in JSON.
    Bytes,
    /// A trace or span id; hex in JSON.
    Id(IdRule),
    /// A truth value.
    Bool,
    /// A varint without a sign, or one whose sign is spread over 64 bits.
    Uint32,
    /// 64 bits without a sign.
    Uint64,
    /// 64 bits with a sign.
    Int64,
    /// 32 bits with a sign, zigzag on the wire.
    Sint32,
    /// One of these names, by its place.
    Enum(&'static [&'static str]),
    /// Four bytes.
    Fixed32,
    /// Eight bytes without a sign.
    Fixed64,
    /// Eight bytes with a sign.
    Sfixed64,
    /// A float.
    Double,
    /// A message.
    Message(&'static Message),
    /// A span, log record or metric: rejected by itself when it is wrong.
    Record(&'static Message),
    /// A `Link`: left out and counted when it leads nowhere.
    Link(&'static Message),
    /// A `KeyValue`.
    Attribute(&'static Message),
    /// An `AnyValue`.
    Any(&'static Message),
}

/// What is demanded of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdRule {
    /// A trace id without which the message means nothing.
    Trace,
    /// A span id without which the message means nothing.
    Span,
    /// A span id, or nothing for a root.
    Parent,
    /// So many bytes; OTLP says to take a wrong one for none.
    Optional(usize),
}

impl Message {
    /// Describes a message type.
    pub(super) const fn new(fields: &'static [Field]) -> Self {
        let mut by_number = [0; SLOTS];
        let mut required = 0;
        let mut place = 0;
        while place < fields.len() {
            let field = &fields[place];
            by_number[field.number as usize] = place as u8 + 1;
            if matches!(field.kind, Kind::Id(IdRule::Trace | IdRule::Span)) {
                required |= 1 << field.number;
            }
            place += 1;
        }
        Self {
            fields,
            by_number,
            required,
        }
    }

    /// The field with this number.
    #[inline]
    pub(crate) fn field(&self, number: u32) -> Option<&'static Field> {
        let place = *self.by_number.get(number as usize)?;
        self.fields.get(usize::from(place).checked_sub(1)?)
    }

    /// The field with this name in JSON, in lowerCamelCase or as in the .proto file.
    pub(crate) fn field_named(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.is_named(name))
    }

    /// The bits of the numbers of all ids that must be there.
    #[inline]
    pub(crate) fn required(&self) -> u32 {
        self.required
    }
}

impl Field {
    pub(super) const fn one(number: u32, name: &'static str, kind: Kind) -> Self {
        Self {
            number,
            name,
            kind,
            repeated: false,
        }
    }

    pub(super) const fn many(number: u32, name: &'static str, kind: Kind) -> Self {
        Self {
            number,
            name,
            kind,
            repeated: true,
        }
    }

    fn is_named(&self, name: &str) -> bool {
        if self.name == name {
            return true;
        }
        let mut camel = self.name.bytes();
        let mut after_underscore = false;
        for byte in name.bytes() {
            if byte == b'_' {
                after_underscore = true;
                continue;
            }
            let expected = if after_underscore {
                byte.to_ascii_uppercase()
            } else {
                byte
            };
            after_underscore = false;
            if camel.next() != Some(expected) {
                return false;
            }
        }
        camel.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_known_by_both_of_its_names_and_by_no_other() {
        let field = Field::one(7, "startTimeUnixNano", Kind::Fixed64);
        assert!(field.is_named("startTimeUnixNano"));
        assert!(field.is_named("start_time_unix_nano"));
        for other in [
            "starttimeunixnano",
            "startTimeUnix",
            "startTimeUnixNanos",
            "",
            "start__",
        ] {
            assert!(!field.is_named(other), "{other}");
        }
    }
}
