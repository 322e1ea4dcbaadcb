//! A least or greatest value, as it stands in a fingerprint: NaN is never one, and infinities survive JSON.

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::canonical::non_finite_name;

/// A number or an instant that bounds a column or an array.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// An integer; also a date, time or timestamp in the unit of its dtype, in full.
    Int(i64),
    /// An integer above the range of [`Scalar::Int`].
    UInt(u64),
    /// A float, never NaN. An infinity is the text `Infinity` or `-Infinity` in JSON.
    Float(f64),
    /// An instant as the file writes it.
    Instant(String),
}

impl From<u64> for Scalar {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or(Self::UInt(value), Self::Int)
    }
}

impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::UInt(value) => serializer.serialize_u64(*value),
            Self::Float(value) if value.is_finite() => serializer.serialize_f64(*value),
            Self::Float(value) => serializer.serialize_str(non_finite_name(*value)),
            Self::Instant(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyScalar;
        impl Visitor<'_> for AnyScalar {
            type Value = Scalar;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number or an instant")
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Scalar, E> {
                Ok(Scalar::Int(value))
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Scalar, E> {
                Ok(Scalar::from(value))
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Scalar, E> {
                Ok(Scalar::Float(value))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Scalar, E> {
                Ok(match text {
                    "Infinity" => Scalar::Float(f64::INFINITY),
                    "-Infinity" => Scalar::Float(f64::NEG_INFINITY),
                    _ => Scalar::Instant(text.to_owned()),
                })
            }
        }
        deserializer.deserialize_any(AnyScalar)
    }
}
