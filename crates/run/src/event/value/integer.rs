//! Signed integers as JSON Schema understands them: `5.0` is one, and they end where `i64` does.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// A signed 64-bit integer: a time in nanoseconds, a number of bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Integer(pub i64);

impl From<i64> for Integer {
    fn from(int: i64) -> Self {
        Self(int)
    }
}

impl From<i32> for Integer {
    fn from(int: i32) -> Self {
        Self(int.into())
    }
}

impl From<u32> for Integer {
    fn from(int: u32) -> Self {
        Self(int.into())
    }
}

impl From<Integer> for i64 {
    fn from(int: Integer) -> Self {
        int.0
    }
}

/// The integer that a float is, if it is one.
pub(super) fn of_float(float: f64) -> Option<i64> {
    const BOUND: f64 = 9_223_372_036_854_775_808.0;
    (float.fract() == 0.0 && (-BOUND..BOUND).contains(&float)).then_some(float as i64)
}

impl<'de> Deserialize<'de> for Integer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;
        impl Visitor<'_> for Reading {
            type Value = Integer;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an integer of 64 bits")
            }

            fn visit_i64<E>(self, int: i64) -> Result<Integer, E> {
                Ok(Integer(int))
            }

            fn visit_u64<E: de::Error>(self, int: u64) -> Result<Integer, E> {
                let known = i64::try_from(int).map(Integer);
                known.map_err(|_| E::invalid_value(Unexpected::Unsigned(int), &self))
            }

            fn visit_f64<E: de::Error>(self, float: f64) -> Result<Integer, E> {
                let known = of_float(float).map(Integer);
                known.ok_or_else(|| E::invalid_value(Unexpected::Float(float), &self))
            }
        }
        deserializer.deserialize_any(Reading)
    }
}

impl JsonSchema for Integer {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Integer".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX })
    }
}
