//! The keys of records and the types of their values.
//!
//! Invariant: only names and types are taken from a record; a key's type is widened until it fits all its values.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de::DeserializeSeed};

use crate::fingerprint::column::{Column, MOST_COLUMNS};
use crate::fingerprint::table::Table;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Null,
    Bool,
    Int,
    Float,
    Text,
    Array,
    Object,
    Mixed,
}

impl Kind {
    fn widened_to(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::Null, kind) | (kind, Self::Null) => kind,
            (Self::Int, Self::Float) | (Self::Float, Self::Int) => Self::Float,
            _ => Self::Mixed,
        }
    }

    fn dtype(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Int => "int64",
            Self::Float => "float64",
            Self::Text => "string",
            Self::Array => "array",
            Self::Object => "object",
            Self::Mixed => "mixed",
        }
    }
}

/// The rows seen so far.
#[derive(Default)]
pub(super) struct Rows {
    count: u64,
    pub(super) ragged: u64,
    columns: Vec<(String, Kind)>,
    places: HashMap<String, usize>,
    left_out: u64,
    /// Where the next key is expected: most records have their keys in one order.
    next: usize,
}

impl Rows {
    fn key(&mut self, key: &str) -> Option<usize> {
        let place = match self.columns.get(self.next) {
            Some((expected, _)) if expected == key => self.next,
            _ => match self.places.get(key) {
                Some(place) => *place,
                None if self.columns.len() >= MOST_COLUMNS => {
                    self.left_out = self.left_out.saturating_add(1);
                    return None;
                }
                None => {
                    self.columns.push((key.to_owned(), Kind::Null));
                    self.places.insert(key.to_owned(), self.columns.len() - 1);
                    self.columns.len() - 1
                }
            },
        };
        self.next = place + 1;
        Some(place)
    }

    fn widen(&mut self, place: Option<usize>, kind: Kind) {
        if let Some((_, known)) = place.and_then(|place| self.columns.get_mut(place)) {
            *known = known.widened_to(kind);
        }
    }

    pub(super) fn into_table(self) -> Table {
        let schema = self.columns.into_iter().map(|(name, kind)| Column {
            name,
            dtype: kind.dtype().to_owned(),
        });
        Table {
            row_count: self.count,
            schema: schema.collect(),
            columns_left_out: self.left_out,
            ragged_rows: self.ragged,
            ..Table::default()
        }
    }
}

/// Reads one document into the rows: an array's elements are rows, anything else is one.
pub(super) struct Document<'a>(pub(super) &'a mut Rows);

/// Reads one row.
pub(super) struct Row<'a>(pub(super) &'a mut Rows);

struct KeyOf<'a>(&'a mut Rows);

impl<'de> DeserializeSeed<'de> for Document<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(DocumentVisitor(self.0))
    }
}

impl<'de> DeserializeSeed<'de> for Row<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.count += 1;
        deserializer.deserialize_any(RowVisitor(self.0))
    }
}

impl<'de> DeserializeSeed<'de> for KeyOf<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeyOf<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.key(key))
    }
}

struct DocumentVisitor<'a>(&'a mut Rows);
struct RowVisitor<'a>(&'a mut Rows);

/// A visitor's answers to the values that hold no others.
macro_rules! scalars {
    ($answer:expr) => {
        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok($answer(self, Kind::Null))
        }
        fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
            Ok($answer(self, Kind::Bool))
        }
        fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
            Ok($answer(self, Kind::Int))
        }
        fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
            Ok($answer(self, Kind::Int))
        }
        fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
            Ok($answer(self, Kind::Float))
        }
        fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
            Ok($answer(self, Kind::Text))
        }
    };
}

impl<'de> Visitor<'de> for DocumentVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        while rows.next_element_seed(Row(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        self.0.count += 1;
        RowVisitor(self.0).visit_map(members)
    }

    scalars!(|visitor: Self, _| visitor.0.count += 1);
}

impl<'de> Visitor<'de> for RowVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.0.next = 0;
        while let Some(place) = members.next_key_seed(KeyOf(self.0))? {
            let kind = members.next_value::<Kind>()?;
            self.0.widen(place, kind);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    scalars!(|_: Self, _| ());
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KindVisitor)
    }
}

struct KindVisitor;

impl<'de> Visitor<'de> for KindVisitor {
    type Value = Kind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Kind, A::Error> {
        while elements.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Kind::Array)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Kind, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Kind::Object)
    }

    scalars!(|_: Self, kind| kind);
}

/// Where a text is no JSON. The parser's own message is not used, since it can quote the text.
pub(super) fn place_of(error: &serde_json::Error) -> String {
    let what = if error.is_eof() {
        "ends too early"
    } else {
        "is no JSON"
    };
    format!("{what} at line {}, column {}", error.line(), error.column())
}
