//! Values whose shape an event does not fix: a configuration, a set of metrics, a feature.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::Float;

/// Any value.
///
/// It holds what the tape and JSON can both tell apart. So an integer beyond `i64` is its decimal text, and the
/// texts `NaN`, `Infinity` and `-Infinity` are the numbers that they stand for. A null member of a map is the same
/// as none, and is not written.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Datum {
    /// Nothing.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(Float),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Datum>),
    /// A map.
    Map(BTreeMap<String, Datum>),
}

impl From<&str> for Datum {
    fn from(text: &str) -> Self {
        Float::of_text(text).map_or_else(|| Self::Text(text.to_owned()), Self::Float)
    }
}

impl From<String> for Datum {
    fn from(text: String) -> Self {
        Float::of_text(&text).map_or(Self::Text(text), Self::Float)
    }
}

impl From<u64> for Datum {
    fn from(int: u64) -> Self {
        i64::try_from(int).map_or_else(|_| Self::Text(int.to_string()), Self::Int)
    }
}

impl From<usize> for Datum {
    fn from(int: usize) -> Self {
        (int as u64).into()
    }
}

macro_rules! from {
    ($($source:ty => $variant:ident;)*) => {$(
        impl From<$source> for Datum {
            fn from(value: $source) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

from! {
    bool => Bool;
    i64 => Int;
    i32 => Int;
    u32 => Int;
    f64 => Float;
    f32 => Float;
    Float => Float;
    BTreeMap<String, Datum> => Map;
}

impl<T: Into<Datum>> From<Vec<T>> for Datum {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Datum>> From<Option<T>> for Datum {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<serde_json::Value> for Datum {
    fn from(value: serde_json::Value) -> Self {
        use serde_json::Value;
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => Self::Bool(truth),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(int), _) => Self::Int(int),
                (_, Some(int)) => int.into(),
                _ => Self::Float(Float(number.as_f64().unwrap_or(f64::NAN))),
            },
            Value::String(text) => text.into(),
            Value::Array(items) => Self::List(items.into_iter().map(Into::into).collect()),
            Value::Object(members) => {
                let members = members.into_iter().map(|(key, value)| (key, value.into()));
                Self::Map(members.collect())
            }
        }
    }
}

impl<'de> Deserialize<'de> for Datum {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reading;
        impl<'de> Visitor<'de> for Reading {
            type Value = Datum;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }

            fn visit_unit<E>(self) -> Result<Datum, E> {
                Ok(Datum::Null)
            }

            fn visit_bool<E>(self, truth: bool) -> Result<Datum, E> {
                Ok(truth.into())
            }

            fn visit_i64<E>(self, int: i64) -> Result<Datum, E> {
                Ok(int.into())
            }

            fn visit_u64<E>(self, int: u64) -> Result<Datum, E> {
                Ok(int.into())
            }

            fn visit_f64<E>(self, float: f64) -> Result<Datum, E> {
                Ok(float.into())
            }

            fn visit_str<E>(self, text: &str) -> Result<Datum, E> {
                Ok(text.into())
            }

            fn visit_string<E>(self, text: String) -> Result<Datum, E> {
                Ok(text.into())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Datum, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Datum::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Datum, A::Error> {
                let mut map = BTreeMap::new();
                while let Some((key, value)) = members.next_entry()? {
                    map.insert(key, value);
                }
                Ok(Datum::Map(map))
            }
        }
        deserializer.deserialize_any(Reading)
    }
}

impl JsonSchema for Datum {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Datum".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        true.into()
    }
}
