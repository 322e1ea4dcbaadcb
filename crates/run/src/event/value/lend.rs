//! Fields handed out as values of the tape, without copying texts.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use telensic_tape::Value;

use super::{Datum, Fields, Float, Integer, Moment, Texts, Unsigned};

/// What is nested deeper is written as [`TOO_DEEP`]: readers of protobuf and of JSON have their limits too.
pub(crate) const DEEPEST: u32 = 64;

/// What stands for a value that is nested too deep.
pub(crate) const TOO_DEEP: &str = "[NESTED TOO DEEP]";

/// A field of an event.
pub(crate) trait Lend {
    /// Calls `put` with the value, once; not at all when there is none.
    fn lend(&self, put: &mut dyn FnMut(Value<'_>));
}

/// A field that is a single value as it is.
pub(crate) trait Plain {
    /// The value.
    fn plain(&self) -> Value<'_>;
}

impl Plain for String {
    fn plain(&self) -> Value<'_> {
        Value::Str(self)
    }
}

impl Plain for bool {
    fn plain(&self) -> Value<'_> {
        Value::Bool(*self)
    }
}

impl Plain for Integer {
    fn plain(&self) -> Value<'_> {
        Value::I64(self.0)
    }
}

impl Plain for Float {
    fn plain(&self) -> Value<'_> {
        Value::F64(self.0)
    }
}

impl Plain for Moment {
    fn plain(&self) -> Value<'_> {
        Value::I64(self.0)
    }
}

impl<T: Plain> Lend for T {
    fn lend(&self, put: &mut dyn FnMut(Value<'_>)) {
        put(self.plain());
    }
}

impl Lend for Unsigned {
    fn lend(&self, put: &mut dyn FnMut(Value<'_>)) {
        match i64::try_from(self.0) {
            Ok(int) => put(Value::I64(int)),
            Err(_) => put(Value::Str(&self.0.to_string())),
        }
    }
}

impl<T: Lend> Lend for Option<T> {
    fn lend(&self, put: &mut dyn FnMut(Value<'_>)) {
        if let Some(value) = self {
            value.lend(put);
        }
    }
}

impl Lend for Vec<String> {
    fn lend(&self, put: &mut dyn FnMut(Value<'_>)) {
        // Not `Value::Strings`: a long one of those is data, of which the recorder keeps a fingerprint only.
        let items: Vec<_> = self.iter().map(|text| Value::Str(text)).collect();
        put(Value::List(&items));
    }
}

impl Lend for Texts {
    fn lend(&self, put: &mut dyn FnMut(Value<'_>)) {
        let pairs: Vec<_> = self
            .0
            .iter()
            .map(|(key, text)| (key.as_str(), Value::Str(text)))
            .collect();
        put(Value::Map(&pairs));
    }
}

impl Lend for Fields {
    fn lend(&self, put: &mut dyn FnMut(Value<'_>)) {
        let map = Lent::of_map(&self.0, 0);
        put(map.value());
    }
}

/// A datum being lent: the slices that `Value::List` and `Value::Map` borrow live here.
pub(crate) enum Lent<'a> {
    Leaf(Value<'a>),
    Ints(Vec<i64>),
    Floats(Vec<f64>),
    List(Vec<Lent<'a>>, OnceCell<Vec<Value<'a>>>),
    Map(Vec<(&'a str, Lent<'a>)>, OnceCell<Vec<(&'a str, Value<'a>)>>),
}

impl<'a> Lent<'a> {
    /// Prepares a datum at this depth of nesting.
    pub(crate) fn of(datum: &'a Datum, depth: u32) -> Self {
        match datum {
            // The tape has no null; in a list its place is kept.
            Datum::Null => Self::Leaf(Value::Str("null")),
            Datum::Bool(truth) => Self::Leaf(Value::Bool(*truth)),
            Datum::Int(int) => Self::Leaf(Value::I64(*int)),
            Datum::Float(float) => Self::Leaf(Value::F64(float.0)),
            Datum::Text(text) => Self::Leaf(Value::Str(text)),
            Datum::List(_) | Datum::Map(_) if depth >= DEEPEST => Self::Leaf(Value::Str(TOO_DEEP)),
            Datum::List(items) if items.is_empty() => Self::Leaf(Value::List(&[])),
            Datum::List(items) => {
                if let Some(numbers) = Self::of_numbers(items) {
                    return numbers;
                }
                let items = items.iter().map(|item| Self::of(item, depth + 1));
                Self::List(items.collect(), OnceCell::new())
            }
            Datum::Map(members) => Self::of_map(members, depth),
        }
    }

    /// Numbers of one kind are an array to the recorder: of a long one, which is data, it keeps a fingerprint only.
    fn of_numbers(items: &[Datum]) -> Option<Self> {
        let ints = items.iter().map(|item| match item {
            Datum::Int(int) => Some(*int),
            _ => None,
        });
        if let Some(ints) = ints.collect::<Option<Vec<_>>>() {
            return Some(Self::Ints(ints));
        }
        let floats = items.iter().map(|item| match item {
            Datum::Float(float) => Some(float.0),
            _ => None,
        });
        floats.collect::<Option<Vec<_>>>().map(Self::Floats)
    }

    fn of_map(members: &'a BTreeMap<String, Datum>, depth: u32) -> Self {
        let members = members
            .iter()
            .filter(|(_, value)| **value != Datum::Null)
            .map(|(key, value)| (key.as_str(), Self::of(value, depth + 1)));
        Self::Map(members.collect(), OnceCell::new())
    }

    /// The value, which lives as long as this does.
    pub(crate) fn value(&'a self) -> Value<'a> {
        match self {
            Self::Leaf(value) => *value,
            Self::Ints(items) => Value::I64s(items),
            Self::Floats(items) => Value::F64s(items),
            Self::List(items, values) => {
                Value::List(values.get_or_init(|| items.iter().map(Self::value).collect()))
            }
            Self::Map(members, pairs) => Value::Map(
                pairs.get_or_init(|| members.iter().map(|(key, value)| (*key, value.value())).collect()),
            ),
        }
    }
}
