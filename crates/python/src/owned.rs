//! A value that had to be copied, since Python does not keep it as the tape wants it.

use std::cell::OnceCell;

use serde_json::Value as Json;
use telensic::Value;

/// A value of any kind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Owned {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    /// Items of one kind are an array to the recorder: of a long one, which is data, it keeps a fingerprint only.
    Bools(Vec<bool>),
    Ints(Vec<i64>),
    Floats(Vec<f64>),
    Texts(Vec<String>),
    List(Vec<Owned>),
    Map(Vec<(String, Owned)>),
}

/// All items as values of one kind, if they are.
fn all<T>(items: &[Owned], take: impl Fn(&Owned) -> Option<T>) -> Option<Vec<T>> {
    items.iter().map(take).collect()
}

impl Owned {
    /// A list of these items.
    pub(crate) fn of_items(items: Vec<Self>) -> Self {
        let ints = |item: &Self| {
            if let Self::Int(int) = item {
                Some(*int)
            } else {
                None
            }
        };
        // Numbers of both kinds are measured data as well.
        let floats = |item: &Self| match item {
            Self::Float(float) => Some(*float),
            Self::Int(int) => Some(*int as f64),
            _ => None,
        };
        let bools = |item: &Self| {
            if let Self::Bool(truth) = item {
                Some(*truth)
            } else {
                None
            }
        };
        let texts = |item: &Self| {
            if let Self::Text(text) = item {
                Some(text.clone())
            } else {
                None
            }
        };
        if items.is_empty() {
            return Self::List(items);
        }
        if let Some(items) = all(&items, ints) {
            return Self::Ints(items);
        }
        if items.iter().any(|item| matches!(item, Self::Float(_)))
            && let Some(items) = all(&items, floats)
        {
            return Self::Floats(items);
        }
        if let Some(items) = all(&items, bools) {
            return Self::Bools(items);
        }
        match all(&items, texts) {
            Some(items) => Self::Texts(items),
            None => Self::List(items),
        }
    }

    /// Hands out the value; null is none, and not handed out.
    pub(crate) fn lend(&self, take: impl FnOnce(Value<'_>)) {
        if *self != Self::Null {
            let lent = Lent::of(self);
            take(lent.value());
        }
    }

    /// The value for a JSON document.
    pub(crate) fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(truth) => Json::Bool(*truth),
            Self::Int(int) => Json::from(*int),
            Self::Float(float) => telensic_run::json_number(*float),
            Self::Text(text) => Json::String(text.clone()),
            Self::Bytes(bytes) => {
                Json::String(telensic::redact::fingerprint_bytes("BYTES", bytes.len(), bytes))
            }
            Self::Bools(items) => items.iter().copied().map(Json::Bool).collect(),
            Self::Ints(items) => items.iter().copied().map(Json::from).collect(),
            Self::Floats(items) => items.iter().copied().map(telensic_run::json_number).collect(),
            Self::Texts(items) => items.iter().map(|text| Json::from(text.as_str())).collect(),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Map(pairs) => pairs
                .iter()
                .map(|(key, value)| (key.clone(), value.to_json()))
                .collect(),
        }
    }
}

/// A value being lent: the slices that a [`Value`] borrows live here.
enum Lent<'a> {
    Leaf(Value<'a>),
    List(Vec<Lent<'a>>, OnceCell<Vec<Value<'a>>>),
    Map(Vec<(&'a str, Lent<'a>)>, OnceCell<Vec<(&'a str, Value<'a>)>>),
}

impl<'a> Lent<'a> {
    fn of(owned: &'a Owned) -> Self {
        Self::Leaf(match owned {
            // The tape has no null; in a list its place is kept.
            Owned::Null => Value::Str("null"),
            Owned::Bool(truth) => Value::Bool(*truth),
            Owned::Int(int) => Value::I64(*int),
            Owned::Float(float) => Value::F64(*float),
            Owned::Text(text) => Value::Str(text),
            Owned::Bytes(bytes) => Value::Bytes(bytes),
            Owned::Bools(items) => Value::Bools(items),
            Owned::Ints(items) => Value::I64s(items),
            Owned::Floats(items) => Value::F64s(items),
            Owned::Texts(items) => Value::Strings(items),
            Owned::List(items) => return Self::List(items.iter().map(Self::of).collect(), OnceCell::new()),
            Owned::Map(pairs) => {
                let pairs = pairs.iter().filter(|(_, value)| *value != Owned::Null);
                let pairs = pairs.map(|(key, value)| (key.as_str(), Self::of(value)));
                return Self::Map(pairs.collect(), OnceCell::new());
            }
        })
    }

    fn value(&'a self) -> Value<'a> {
        match self {
            Self::Leaf(value) => *value,
            Self::List(items, values) => {
                Value::List(values.get_or_init(|| items.iter().map(Self::value).collect()))
            }
            Self::Map(pairs, values) => Value::Map(
                values.get_or_init(|| pairs.iter().map(|(key, value)| (*key, value.value())).collect()),
            ),
        }
    }
}
