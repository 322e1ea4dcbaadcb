//! Canonical JSON (RFC 8785, JCS) and the hash of a configuration.
//!
//! Invariant: equal values give equal bytes, whatever the order of their keys and however their numbers were
//! written: no white space, keys sorted by UTF-16 units, numbers as ECMAScript prints them.
//!
//! One deviation: an integer that no double holds keeps all its digits. RFC 8785 bids its senders not to use such
//! numbers; the crates `serde_jcs` 0.2 and `serde_json_canonicalizer` 0.4 round them, so that two seeds of 64 bits
//! that differ in their last digits get one hash. That is why this is written here.

use serde_json::{Number, Value};

use crate::fingerprint::Sha256Digest;

/// Up to this, every integer is a double.
const LARGEST_EXACT: u64 = 1 << 53;

/// The value as canonical JSON.
///
/// ```
/// let value = serde_json::json!({"b": 1.0, "a": [1e30, "x"]});
/// assert_eq!(telensic_run::canonical_json(&value), r#"{"a":[1e+30,"x"],"b":1}"#);
/// ```
pub fn canonical_json(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value);
    out
}

/// SHA-256 of the value's canonical JSON: `{"a":1}` and `{ "a": 1.0 }` have the same one.
pub fn config_hash(config: &Value) -> Sha256Digest {
    Sha256Digest::of(canonical_json(config).as_bytes())
}

/// A number for a configuration. JSON has no NaN and no infinities: they become the texts `NaN`, `Infinity` and
/// `-Infinity`, which are told apart, where `serde_json` makes `null` of all three.
pub fn json_number(number: f64) -> Value {
    Number::from_f64(number).map_or_else(|| Value::from(non_finite_name(number)), Value::Number)
}

/// What stands for a number that JSON does not have.
pub(crate) fn non_finite_name(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => write_number(out, number),
        Value::String(text) => write_text(out, text),
        Value::Array(elements) => {
            out.push('[');
            for (at, element) in elements.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_value(out, element);
            }
            out.push(']');
        }
        Value::Object(members) => {
            let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (at, (key, member)) in sorted.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_text(out, key);
                out.push(':');
                write_value(out, member);
            }
            out.push('}');
        }
    }
}

fn write_number(out: &mut String, number: &Number) {
    let magnitude = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs));
    match (magnitude, number.as_f64()) {
        (Some(magnitude), _) if magnitude > LARGEST_EXACT => out.push_str(&number.to_string()),
        (_, Some(double)) if double.is_finite() => {
            out.push_str(ryu_js::Buffer::new().format_finite(double));
        }
        // A number of more digits than a double has, which `serde_json` can be built to keep.
        _ => write_text(out, &number.to_string()),
    }
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}
