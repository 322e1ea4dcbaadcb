//! Numbers, enums and truth values of JSON as protobuf has them on the wire.

use telensic_tape::otlp;

use crate::otlp::schema::Kind;

/// A value that is no text and no message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Truth(bool),
}

/// A value on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    Varint(u64),
    Fixed64(u64),
    Fixed32(u32),
}

impl Wire {
    pub(super) fn is_zero(self) -> bool {
        matches!(self, Self::Varint(0) | Self::Fixed64(0) | Self::Fixed32(0))
    }

    /// Appends it as a field.
    pub(super) fn put(self, out: &mut Vec<u8>, number: u32) {
        match self {
            Self::Varint(value) => otlp::put_varint_field(out, number, value),
            Self::Fixed64(value) => otlp::put_fixed64(out, number, value),
            Self::Fixed32(value) => otlp::put_fixed32(out, number, value),
        }
    }
}

/// The number in a text, for the kinds of which OTLP/JSON writes numbers as texts; an enum by its name.
pub(super) fn from_text(kind: Kind, text: &str) -> Option<Wire> {
    if let Kind::Enum(names) = kind
        && let Some(value) = names.iter().position(|name| *name == text)
    {
        return Some(Wire::Varint(value as u64));
    }
    let number = match (kind, text) {
        (Kind::Double, "NaN") => Number::Float(f64::NAN),
        (Kind::Double, "Infinity") => Number::Float(f64::INFINITY),
        (Kind::Double, "-Infinity") => Number::Float(f64::NEG_INFINITY),
        _ => {
            let unsigned = text.parse().map(Number::Unsigned);
            let signed = unsigned.or_else(|_| text.parse().map(Number::Signed));
            signed.or_else(|_| parse_float(text).ok_or(())).ok()?
        }
    };
    from_number(kind, number)
}

/// A float in digits only: Rust also takes `inf` and `nan`, JSON does not.
fn parse_float(text: &str) -> Option<Number> {
    let is_digits = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    text.parse().ok().filter(|_| is_digits).map(Number::Float)
}

/// The number as this kind has it on the wire; `None` if the kind has no such value.
pub(super) fn from_number(kind: Kind, number: Number) -> Option<Wire> {
    match kind {
        Kind::Bool => match number {
            Number::Truth(truth) => Some(Wire::Varint(u64::from(truth))),
            _ => None,
        },
        Kind::Double => match number {
            Number::Float(float) => Some(Wire::Fixed64(float.to_bits())),
            Number::Unsigned(value) => Some(Wire::Fixed64((value as f64).to_bits())),
            Number::Signed(value) => Some(Wire::Fixed64((value as f64).to_bits())),
            Number::Truth(_) => None,
        },
        Kind::Uint64 => unsigned(number).map(Wire::Varint),
        Kind::Uint32 => unsigned(number)
            .filter(|value| *value <= u64::from(u32::MAX))
            .map(Wire::Varint),
        Kind::Fixed64 => unsigned(number).map(Wire::Fixed64),
        Kind::Fixed32 => unsigned(number)
            .and_then(|value| u32::try_from(value).ok())
            .map(Wire::Fixed32),
        Kind::Int64 => signed(number).map(|value| Wire::Varint(value as u64)),
        Kind::Sfixed64 => signed(number).map(|value| Wire::Fixed64(value as u64)),
        Kind::Sint32 => {
            let value = i32::try_from(signed(number)?).ok()?;
            Some(Wire::Varint(u64::from(((value << 1) ^ (value >> 31)) as u32)))
        }
        // One that is not known yet is kept, as protobuf does.
        Kind::Enum(_) => {
            let value = i32::try_from(signed(number)?).ok()?;
            Some(Wire::Varint(i64::from(value) as u64))
        }
        _ => None,
    }
}

fn unsigned(number: Number) -> Option<u64> {
    match number {
        Number::Unsigned(value) => Some(value),
        Number::Signed(value) => value.try_into().ok(),
        Number::Float(float) => whole(float)?.try_into().ok(),
        Number::Truth(_) => None,
    }
}

fn signed(number: Number) -> Option<i64> {
    match number {
        Number::Unsigned(value) => value.try_into().ok(),
        Number::Signed(value) => Some(value),
        Number::Float(float) => whole(float),
        Number::Truth(_) => None,
    }
}

/// `1e3` and `5.0` are integers too; beyond 2^53 a float no longer tells which.
fn whole(float: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (float.fract() == 0.0 && float.abs() <= EXACT).then_some(float as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_exact_to_the_last_digit_and_never_guessed() {
        assert_eq!(
            from_text(Kind::Fixed64, "18446744073709551615"),
            Some(Wire::Fixed64(u64::MAX))
        );
        assert_eq!(
            from_text(Kind::Int64, "-9223372036854775808"),
            Some(Wire::Varint(i64::MIN as u64))
        );
        assert_eq!(
            from_number(Kind::Fixed64, Number::Float(1e3)),
            Some(Wire::Fixed64(1000))
        );
        assert_eq!(from_text(Kind::Sint32, "-1"), Some(Wire::Varint(1)));
        for text in ["18446744073709551616", "-1", "1.5", "", "inf", "0x10", "1e300"] {
            assert_eq!(from_text(Kind::Fixed64, text), None, "{text}");
        }
        assert_eq!(from_number(Kind::Uint32, Number::Unsigned(1 << 32)), None);
        assert_eq!(
            from_text(Kind::Double, "-1.5e3"),
            Some(Wire::Fixed64((-1500f64).to_bits()))
        );
        assert_eq!(from_text(Kind::Double, "infinity"), None);
    }
}
