//! What the elements of an array are, named as NumPy names them.

use std::fmt;
use std::str::FromStr;

use crate::{RunError, RunErrorKind};

/// The type of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ArrayDtype {
    /// A byte that is 0 or 1.
    Bool,
    /// Signed, 8 bits.
    Int8,
    /// Signed, 16 bits.
    Int16,
    /// Signed, 32 bits.
    Int32,
    /// Signed, 64 bits.
    Int64,
    /// Unsigned, 8 bits.
    UInt8,
    /// Unsigned, 16 bits.
    UInt16,
    /// Unsigned, 32 bits.
    UInt32,
    /// Unsigned, 64 bits.
    UInt64,
    /// IEEE 754 half.
    Float16,
    /// IEEE 754 single.
    Float32,
    /// IEEE 754 double.
    Float64,
    /// Two singles.
    Complex64,
    /// Two doubles.
    Complex128,
    /// An instant since 1970, 64 bits; the least integer is "not a time".
    Datetime(TimeUnit),
    /// A duration, 64 bits.
    Timedelta(TimeUnit),
    /// So many bytes that are not looked into: fixed-width text, records.
    Bytes(usize),
}

/// What a tick of an instant or a duration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// `D`
    Day,
    /// `h`
    Hour,
    /// `m`
    Minute,
    /// `s`
    Second,
    /// `ms`
    Millisecond,
    /// `us`
    Microsecond,
    /// `ns`
    Nanosecond,
}

const UNITS: [(TimeUnit, &str); 7] = [
    (TimeUnit::Day, "D"),
    (TimeUnit::Hour, "h"),
    (TimeUnit::Minute, "m"),
    (TimeUnit::Second, "s"),
    (TimeUnit::Millisecond, "ms"),
    (TimeUnit::Microsecond, "us"),
    (TimeUnit::Nanosecond, "ns"),
];

const PLAIN: [(ArrayDtype, &str); 14] = [
    (ArrayDtype::Bool, "bool"),
    (ArrayDtype::Int8, "int8"),
    (ArrayDtype::Int16, "int16"),
    (ArrayDtype::Int32, "int32"),
    (ArrayDtype::Int64, "int64"),
    (ArrayDtype::UInt8, "uint8"),
    (ArrayDtype::UInt16, "uint16"),
    (ArrayDtype::UInt32, "uint32"),
    (ArrayDtype::UInt64, "uint64"),
    (ArrayDtype::Float16, "float16"),
    (ArrayDtype::Float32, "float32"),
    (ArrayDtype::Float64, "float64"),
    (ArrayDtype::Complex64, "complex64"),
    (ArrayDtype::Complex128, "complex128"),
];

impl ArrayDtype {
    /// The bytes of an element.
    pub fn width(self) -> usize {
        match self {
            Self::Bool | Self::Int8 | Self::UInt8 => 1,
            Self::Int16 | Self::UInt16 | Self::Float16 => 2,
            Self::Int32 | Self::UInt32 | Self::Float32 => 4,
            Self::Int64
            | Self::UInt64
            | Self::Float64
            | Self::Complex64
            | Self::Datetime(_)
            | Self::Timedelta(_) => 8,
            Self::Complex128 => 16,
            Self::Bytes(width) => width,
        }
    }

    /// The bytes of what has an order of bytes: the whole element, or one part of a complex number.
    pub(crate) fn part(self) -> usize {
        match self {
            Self::Complex64 => 4,
            Self::Complex128 => 8,
            Self::Bytes(_) => 1,
            other => other.width(),
        }
    }
}

impl fmt::Display for ArrayDtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit_name = |unit: TimeUnit| {
            UNITS
                .iter()
                .find(|known| known.0 == unit)
                .map_or("", |known| known.1)
        };
        match *self {
            Self::Datetime(unit) => write!(f, "datetime64[{}]", unit_name(unit)),
            Self::Timedelta(unit) => write!(f, "timedelta64[{}]", unit_name(unit)),
            Self::Bytes(width) => write!(f, "bytes{width}"),
            plain => f.write_str(
                PLAIN
                    .iter()
                    .find(|known| known.0 == plain)
                    .map_or("", |known| known.1),
            ),
        }
    }
}

impl FromStr for ArrayDtype {
    type Err = RunError;

    /// By the name that [`fmt::Display`] writes, which is NumPy's.
    fn from_str(name: &str) -> Result<Self, RunError> {
        let unit_in = |prefix: &str| {
            let unit = name.strip_prefix(prefix)?.strip_suffix(']')?;
            UNITS.iter().find(|known| known.1 == unit).map(|known| known.0)
        };
        let plain = PLAIN.iter().find(|known| known.1 == name).map(|known| known.0);
        plain
            .or_else(|| unit_in("datetime64[").map(Self::Datetime))
            .or_else(|| unit_in("timedelta64[").map(Self::Timedelta))
            .or_else(|| name.strip_prefix("bytes")?.parse().ok().map(Self::Bytes))
            .ok_or_else(|| {
                RunError::new(
                    RunErrorKind::Invalid,
                    format!("{name:?} is no known dtype: write float64, int32, datetime64[ns], bytes16 or the like"),
                )
            })
    }
}
