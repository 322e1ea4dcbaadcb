//! The values an attribute or a log body may have, borrowed from the caller.

/// A value about to be encoded as an OTLP `AnyValue`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// UTF-8 text.
    Str(&'a str),
    /// A truth value.
    Bool(bool),
    /// A signed 64-bit integer.
    I64(i64),
    /// A 64-bit float; NaN and infinities are kept.
    F64(f64),
    /// Raw bytes.
    Bytes(&'a [u8]),
    /// A list of texts.
    Strs(&'a [&'a str]),
    /// A list of owned texts.
    Strings(&'a [String]),
    /// A list of truth values.
    Bools(&'a [bool]),
    /// A list of integers.
    I64s(&'a [i64]),
    /// A list of floats.
    F64s(&'a [f64]),
    /// A list of any values.
    List(&'a [Value<'a>]),
    /// A map of any values.
    Map(&'a [(&'a str, Value<'a>)]),
}

impl Value<'_> {
    /// Whether it is a truth value or a number.
    #[inline]
    pub const fn is_scalar(&self) -> bool {
        matches!(self, Self::Bool(_) | Self::I64(_) | Self::F64(_))
    }
}

macro_rules! from {
    ($($source:ty => |$v:ident| $value:expr;)*) => {$(
        impl<'a> From<$source> for Value<'a> {
            #[inline]
            fn from($v: $source) -> Self {
                $value
            }
        }
    )*};
}

from! {
    &'a str => |v| Value::Str(v);
    &'a String => |v| Value::Str(v);
    &'a std::borrow::Cow<'a, str> => |v| Value::Str(v);
    bool => |v| Value::Bool(v);
    i64 => |v| Value::I64(v);
    i32 => |v| Value::I64(v.into());
    i16 => |v| Value::I64(v.into());
    i8 => |v| Value::I64(v.into());
    u32 => |v| Value::I64(v.into());
    u16 => |v| Value::I64(v.into());
    u8 => |v| Value::I64(v.into());
    f64 => |v| Value::F64(v);
    f32 => |v| Value::F64(v.into());
    &'a [u8] => |v| Value::Bytes(v);
    &'a [&'a str] => |v| Value::Strs(v);
    &'a [String] => |v| Value::Strings(v);
    &'a Vec<String> => |v| Value::Strings(v);
    &'a [bool] => |v| Value::Bools(v);
    &'a [i64] => |v| Value::I64s(v);
    &'a Vec<i64> => |v| Value::I64s(v);
    &'a [f64] => |v| Value::F64s(v);
    &'a [Value<'a>] => |v| Value::List(v);
    &'a [(&'a str, Value<'a>)] => |v| Value::Map(v);
    &'a Vec<f64> => |v| Value::F64s(v);
    // OTLP has no unsigned 64-bit integer: what does not fit is clamped rather than turned negative.
    u64 => |v| Value::I64(i64::try_from(v).unwrap_or(i64::MAX));
    usize => |v| Value::I64(i64::try_from(v).unwrap_or(i64::MAX));
}

impl<'a, const N: usize> From<&'a [&'a str; N]> for Value<'a> {
    fn from(v: &'a [&'a str; N]) -> Self {
        Value::Strs(v)
    }
}

impl<'a, const N: usize> From<&'a [i64; N]> for Value<'a> {
    fn from(v: &'a [i64; N]) -> Self {
        Value::I64s(v)
    }
}

impl<'a, const N: usize> From<&'a [f64; N]> for Value<'a> {
    fn from(v: &'a [f64; N]) -> Self {
        Value::F64s(v)
    }
}

impl<'a, const N: usize> From<&'a [bool; N]> for Value<'a> {
    fn from(v: &'a [bool; N]) -> Self {
        Value::Bools(v)
    }
}
