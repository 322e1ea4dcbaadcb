//! A float that JSON can hold.
//!
//! JSON has no NaN and no infinities: they are the texts `NaN`, `Infinity` and `-Infinity` there, as in
//! protobuf's JSON. On the tape every float is a double.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A 64-bit float, NaN and infinities included.
///
/// Unlike an `f64`, a NaN equals a NaN: it is the same answer.
#[derive(Clone, Copy, Debug)]
pub struct Float(pub f64);

impl Float {
    /// The text that stands for it where JSON has no such number.
    pub fn text(self) -> Option<&'static str> {
        if self.0.is_finite() {
            None
        } else if self.0.is_nan() {
            Some("NaN")
        } else if self.0 > 0.0 {
            Some("Infinity")
        } else {
            Some("-Infinity")
        }
    }

    /// The number that this text stands for.
    pub fn of_text(text: &str) -> Option<Self> {
        match text {
            "NaN" => Some(Self(f64::NAN)),
            "Infinity" => Some(Self(f64::INFINITY)),
            "-Infinity" => Some(Self(f64::NEG_INFINITY)),
            _ => None,
        }
    }

    /// As a JSON value: a number, or the text that stands for it.
    pub fn to_json(self) -> serde_json::Value {
        match self.text() {
            Some(text) => text.into(),
            None => self.0.into(),
        }
    }
}

impl From<f64> for Float {
    fn from(float: f64) -> Self {
        Self(float)
    }
}

impl From<f32> for Float {
    fn from(float: f32) -> Self {
        Self(float.into())
    }
}

impl From<Float> for f64 {
    fn from(float: Float) -> Self {
        float.0
    }
}

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.0.is_nan() && other.0.is_nan()
    }
}

impl Serialize for Float {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.text() {
            Some(text) => serializer.serialize_str(text),
            None => serializer.serialize_f64(self.0),
        }
    }
}

impl<'de> Deserialize<'de> for Float {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;
        impl Visitor<'_> for Reading {
            type Value = Float;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, \"NaN\", \"Infinity\" or \"-Infinity\"")
            }

            fn visit_f64<E>(self, float: f64) -> Result<Float, E> {
                Ok(Float(float))
            }

            fn visit_i64<E>(self, int: i64) -> Result<Float, E> {
                Ok(Float(int as f64))
            }

            fn visit_u64<E>(self, int: u64) -> Result<Float, E> {
                Ok(Float(int as f64))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Float, E> {
                Float::of_text(text).ok_or_else(|| E::custom("a text that stands for no number"))
            }
        }
        deserializer.deserialize_any(Reading)
    }
}

impl JsonSchema for Float {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Float".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string"], "pattern": "^(NaN|-?Infinity)$" })
    }
}
