//! Values of log records, which may be nested.

use std::cell::OnceCell;

use opentelemetry::Key;
use opentelemetry::logs::AnyValue;
use telensic_tape::Value;

/// What is nested deeper is left out, as everywhere on the tape.
const DEEPEST: u32 = 33;

/// Hands out the value in our words, in which lists and maps are slices: each lies in a place of its own meanwhile.
pub(super) fn with<T>(value: &AnyValue, run: impl FnOnce(Value<'_>) -> T) -> T {
    let mut places = Vec::new();
    places.resize_with(count(value, 0), OnceCell::new);
    run(convert(value, 0, &mut places.iter()))
}

/// Where a list or a map lies.
type Place<'a> = OnceCell<Nested<'a>>;

enum Nested<'a> {
    List(Vec<Value<'a>>),
    Map(Vec<(&'a str, Value<'a>)>),
}

impl<'a> Nested<'a> {
    fn as_value(&'a self) -> Value<'a> {
        match self {
            Self::List(items) => Value::List(items),
            Self::Map(pairs) => Value::Map(pairs),
        }
    }
}

/// How many lists and maps there are.
fn count(value: &AnyValue, depth: u32) -> usize {
    if depth >= DEEPEST {
        return 0;
    }
    match value {
        AnyValue::ListAny(items) => 1 + items.iter().map(|item| count(item, depth + 1)).sum::<usize>(),
        AnyValue::Map(pairs) => 1 + pairs.values().map(|item| count(item, depth + 1)).sum::<usize>(),
        _ => 0,
    }
}

fn convert<'a>(value: &'a AnyValue, depth: u32, places: &mut std::slice::Iter<'a, Place<'a>>) -> Value<'a> {
    let nested = match value {
        AnyValue::Int(int) => return Value::I64(*int),
        AnyValue::Double(float) => return Value::F64(*float),
        AnyValue::String(text) => return Value::Str(text.as_str()),
        AnyValue::Boolean(truth) => return Value::Bool(*truth),
        AnyValue::Bytes(bytes) => return Value::Bytes(bytes),
        AnyValue::ListAny(items) if depth < DEEPEST => {
            let items = items.iter().map(|item| convert(item, depth + 1, places));
            Nested::List(items.collect())
        }
        AnyValue::Map(pairs) if depth < DEEPEST => {
            let mut pairs: Vec<(&Key, &AnyValue)> = pairs.iter().collect();
            // A hash map has no order; the record of the same value is the same bytes.
            pairs.sort_unstable_by_key(|(key, _)| *key);
            let pairs = pairs.into_iter();
            Nested::Map(
                pairs
                    .map(|(key, item)| (key.as_str(), convert(item, depth + 1, places)))
                    .collect(),
            )
        }
        _ => return Value::List(&[]),
    };
    match places.next() {
        Some(place) => place.get_or_init(|| nested).as_value(),
        None => Value::List(&[]),
    }
}
