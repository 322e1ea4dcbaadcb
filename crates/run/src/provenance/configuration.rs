//! A configuration as it may be kept: its secrets masked, and a hash that is the same for the same configuration.
//!
//! Invariant: no secret is kept, and none can be guessed from the hash, which is taken with every secret replaced by
//! the same word. So two configurations that differ in a password alone have one hash; and masks, which differ from
//! process to process, do not change it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use telensic_redact::{KeyClass, Redactor};

use crate::canonical::config_hash;
use crate::fingerprint::Sha256Digest;

const MASK: &str = "[REDACTED";
const MASK_DIGITS: usize = 8;

/// A run's configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Configuration {
    /// The values, secrets masked.
    #[serde(rename = "config")]
    pub values: Value,
    /// SHA-256 of the canonical JSON of the values, every mask without its digits.
    #[serde(rename = "config_hash")]
    pub hash: Sha256Digest,
}

impl Configuration {
    /// Masks the configuration and hashes it.
    pub fn of(config: Value, redactor: &Redactor) -> Self {
        let values = masked(redactor, KeyClass::Plain, config);
        let hash = config_hash(&without_digits(values.clone()));
        Self { values, hash }
    }
}

fn masked(redactor: &Redactor, class: KeyClass, value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(redactor.text(class, &text).into_owned()),
        Value::Number(number) if class == KeyClass::Secret => {
            Value::String(redactor.mask_of(number.to_string().as_bytes()))
        }
        Value::Array(elements) => {
            let elements = elements
                .into_iter()
                .map(|element| masked(redactor, class, element));
            Value::Array(elements.collect())
        }
        Value::Object(members) => {
            let members = members.into_iter().map(|(key, member)| {
                // What lies under a secret key is secret, however it is called further down.
                let own = redactor.key_class(&key);
                let inherited = if class == KeyClass::Secret { class } else { own };
                let key = redactor.text(KeyClass::Plain, &key).into_owned();
                (key, masked(redactor, inherited, member))
            });
            Value::Object(members.collect())
        }
        plain => plain,
    }
}

fn without_digits(value: Value) -> Value {
    match value {
        Value::String(text) if text.contains(MASK) => Value::String(cut_digits(&text)),
        Value::Array(elements) => Value::Array(elements.into_iter().map(without_digits).collect()),
        Value::Object(members) => {
            let members = members
                .into_iter()
                .map(|(key, member)| (cut_digits(&key), without_digits(member)));
            Value::Object(members.collect())
        }
        plain => plain,
    }
}

/// `[REDACTED:jwt:0123abcd]` becomes `[REDACTED:jwt]`.
fn cut_digits(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(MASK) {
        let end = rest[start..].find(']').map_or(rest.len(), |end| start + end);
        let mask = &rest[..end];
        let kept = match mask.rsplit_once(':') {
            Some((kept, digits)) if digits.len() == MASK_DIGITS => kept,
            _ => mask,
        };
        out.push_str(kept);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}
