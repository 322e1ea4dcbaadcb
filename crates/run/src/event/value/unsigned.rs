//! Unsigned integers, exact to the last bit.
//!
//! OTLP has signed 64-bit integers only: what does not fit is its decimal text, on the tape and in JSON alike.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An unsigned 64-bit integer: a count, an index, a seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unsigned(pub u64);

impl From<u64> for Unsigned {
    fn from(int: u64) -> Self {
        Self(int)
    }
}

impl From<u32> for Unsigned {
    fn from(int: u32) -> Self {
        Self(int.into())
    }
}

impl From<usize> for Unsigned {
    fn from(int: usize) -> Self {
        Self(int as u64)
    }
}

impl From<Unsigned> for u64 {
    fn from(int: Unsigned) -> Self {
        int.0
    }
}

impl Serialize for Unsigned {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(self.0) {
            Ok(int) => serializer.serialize_i64(int),
            Err(_) => serializer.collect_str(&self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Unsigned {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;
        impl Visitor<'_> for Reading {
            type Value = Unsigned;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an integer from 0 to 18446744073709551615, or its decimal text")
            }

            fn visit_u64<E>(self, int: u64) -> Result<Unsigned, E> {
                Ok(Unsigned(int))
            }

            fn visit_i64<E: de::Error>(self, int: i64) -> Result<Unsigned, E> {
                let known = u64::try_from(int).map(Unsigned);
                known.map_err(|_| E::invalid_value(Unexpected::Signed(int), &self))
            }

            /// JSON Schema takes `5.0` for an integer, and so does this.
            fn visit_f64<E: de::Error>(self, float: f64) -> Result<Unsigned, E> {
                let fits = float.fract() == 0.0 && (0.0..18_446_744_073_709_551_616.0).contains(&float);
                let known = fits.then_some(Unsigned(float as u64));
                known.ok_or_else(|| E::invalid_value(Unexpected::Float(float), &self))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Unsigned, E> {
                let known = text.parse().map(Unsigned);
                known.map_err(|_| E::custom("no integer from 0 to 18446744073709551615"))
            }
        }
        deserializer.deserialize_any(Reading)
    }
}

impl JsonSchema for Unsigned {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Unsigned".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["integer", "string"], "minimum": 0, "maximum": u64::MAX, "pattern": "^[0-9]{1,20}$" })
    }
}
