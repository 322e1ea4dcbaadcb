//! The fields of two values that differ, by their paths.

use serde_json::Value;

use super::divergence::FieldChange;
use super::settled::settled;
use super::volatile::{UnderWay, is_drawn_port, is_volatile};

/// So many changed fields of one value are told.
const MOST: usize = 64;

/// The differences between two values, each in its own run; `None` for the times of configurations, which are data.
pub(super) fn changes(a: &Value, b: &Value, under_way: Option<(UnderWay, UnderWay)>) -> Vec<FieldChange> {
    let mut found = Vec::new();
    let walk = Walk { under_way };
    walk.compare(&mut found, String::new(), "", Some(a), Some(b));
    found
}

struct Walk {
    under_way: Option<(UnderWay, UnderWay)>,
}

impl Walk {
    // Depth is bounded: values come from JSON or the tape, which are both cut at some depth when read.
    fn compare(
        &self,
        found: &mut Vec<FieldChange>,
        path: String,
        key: &str,
        a: Option<&Value>,
        b: Option<&Value>,
    ) {
        if found.len() >= MOST {
            return;
        }
        match (a, b) {
            (Some(Value::Object(left)), Some(Value::Object(right))) => {
                let mut keys: Vec<&String> = left.keys().chain(right.keys()).collect();
                keys.sort_unstable();
                keys.dedup();
                for key in keys {
                    if self.under_way.is_some() && is_volatile(key) {
                        continue;
                    }
                    let below = if path.is_empty() {
                        key.clone()
                    } else {
                        format!("{path}.{key}")
                    };
                    self.compare(found, below, key, left.get(key), right.get(key));
                }
            }
            (Some(Value::Array(left)), Some(Value::Array(right))) => {
                for index in 0..left.len().max(right.len()) {
                    self.compare(
                        found,
                        format!("{path}[{index}]"),
                        "",
                        left.get(index),
                        right.get(index),
                    );
                }
            }
            _ if self.is_same(key, a, b) => {}
            _ => found.push(FieldChange {
                path,
                a: a.cloned(),
                b: b.cloned(),
            }),
        }
    }

    fn is_same(&self, key: &str, a: Option<&Value>, b: Option<&Value>) -> bool {
        if a == b {
            return true;
        }
        let (Some(left), Some(right)) = (a, b) else {
            return false;
        };
        // 5 and 5.0 are one number.
        if !(left.is_i64() && right.is_i64()) && left.is_number() && left.as_f64() == right.as_f64() {
            return true;
        }
        if let (Value::String(left), Value::String(right)) = (left, right)
            && settled(left) == settled(right)
        {
            return true;
        }
        self.under_way
            .is_some_and(|(in_a, in_b)| is_by_chance(in_a, key, left) && is_by_chance(in_b, key, right))
    }
}

/// Whether it is a time of the wall, or a port that was drawn.
fn is_by_chance(under_way: UnderWay, key: &str, value: &Value) -> bool {
    match value {
        Value::Number(number) => number
            .as_i64()
            .is_some_and(|int| under_way.has_nanos(key, int) || is_drawn_port(key, int)),
        Value::String(text) => under_way.has_text(key, text),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn paths(a: &Value, b: &Value) -> Vec<String> {
        changes(a, b, None)
            .into_iter()
            .map(|change| change.path)
            .collect()
    }

    #[test]
    fn every_changed_added_and_removed_leaf_is_named_by_its_path() {
        let a =
            json!({"lookback": 20, "limits": {"max": 1.0, "min": 0}, "symbols": ["BTC", "ETH"], "old": null});
        let b = json!({"lookback": 30, "limits": {"max": 1, "min": 0}, "symbols": ["BTC"], "new": true});
        assert_eq!(paths(&a, &b), ["lookback", "new", "old", "symbols[1]"]);
        assert_eq!(paths(&a, &a), [""; 0]);
    }

    #[test]
    fn integers_that_no_float_holds_are_told_apart() {
        let (a, b) = (
            json!({"seed": 9_007_199_254_740_993_i64}),
            json!({"seed": 9_007_199_254_740_992_i64}),
        );
        assert_eq!(paths(&a, &b), ["seed"]);
    }
}
