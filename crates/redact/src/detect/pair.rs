//! Pairs inside a text whose key names a secret: `key=value`, `key: value`, JSON, query strings, headers.
//!
//! Invariant: the key stays and the value goes, in whatever quotes or brackets it stands.

use super::span::{self, KeySpan, ValueSpan};
use super::{Hit, code, harmless, header, looks_random};
use crate::counts::Kind;
use crate::key::KeyClass;
use crate::rules::Rules;

/// No random-looking value next to a merely telling name is longer; a bound keeps the scan linear.
const TELLING_BYTES: usize = 512;

/// The secret of the pair whose separator is at `separator`.
pub(super) fn at(bytes: &[u8], separator: usize, rules: &Rules) -> Option<Hit> {
    if is_path(bytes, separator) || is_time(bytes, separator) {
        return None;
    }
    let key = KeySpan::before(bytes, separator)?;
    let mut class = rules.key_class_of_bytes(key.text(bytes));
    if class != KeyClass::Secret
        && is_half_a_name(key.text(bytes))
        && let Some(longer) = key.with_word_before(bytes)
    {
        class = class.max(rules.key_class_of_bytes(longer.text(bytes)));
    }
    let start = || ValueSpan::start_after(bytes, separator);
    match class {
        KeyClass::Secret => secret_value(bytes, key, start()),
        KeyClass::Telling => {
            random_value(bytes, key, start()).or_else(|| named_by_value(bytes, key, start(), rules))
        }
        KeyClass::Plain if is_called_name(key.text(bytes)) => named_by_value(bytes, key, start(), rules),
        KeyClass::Plain => None,
    }
}

/// `12:34`, the commonest colon of all.
fn is_time(bytes: &[u8], separator: usize) -> bool {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let starts = |at: usize| matches!(bytes[at], b'T' | b' ' | b':' | b'+' | b'-');
    bytes[separator] == b':'
        && separator >= 2
        && digit(separator - 1)
        && digit(separator - 2)
        && digit(separator + 1)
        && (separator == 2 || starts(separator - 3))
}

/// `std::token`.
fn is_path(bytes: &[u8], separator: usize) -> bool {
    let before = separator.checked_sub(1).map(|before| bytes[before]);
    let doubled = before == Some(b':') || bytes.get(separator + 1) == Some(&b':');
    bytes[separator] == b':' && doubled
}

/// Words that need the one before them to say what they name: `api key: ...`.
fn is_half_a_name(key: &[u8]) -> bool {
    key.eq_ignore_ascii_case(b"key") || key.eq_ignore_ascii_case(b"string")
}

fn secret_value(bytes: &[u8], key: KeySpan, start: usize) -> Option<Hit> {
    if code::starts(&bytes[start..]) {
        return None;
    }
    let mut value = ValueSpan::at(bytes, start, key.quoted)?;
    let mut name = key.text(bytes);
    if ends_with_word(name, b"authorization") {
        let scheme = header::after_scheme(&bytes[value.start..]);
        if scheme > 0 {
            value = after_scheme(bytes, value, scheme);
            // After a scheme even a plain word is a credential.
            name = b"";
        }
    } else if ends_with_word(name, b"cookie") && !value.quoted && bytes.get(key.end) == Some(&b':') {
        value.end = span::line_end(bytes, value.start);
    }
    if harmless::is_harmless(name, value.text(bytes), value.quoted) {
        return None;
    }
    Some(Hit {
        start: value.start,
        end: value.end,
        kind: Kind::Pair,
        label: "",
    })
}

fn after_scheme(bytes: &[u8], value: ValueSpan, scheme: usize) -> ValueSpan {
    let start = value.start + scheme;
    let many_fields = matches!(bytes[value.start], b'A' | b'D' | b'a' | b'd' | b'H' | b'h');
    if value.quoted {
        return ValueSpan {
            start: start.min(value.end),
            ..value
        };
    }
    if many_fields {
        return ValueSpan {
            start,
            end: span::line_end(bytes, start),
            quoted: false,
        };
    }
    ValueSpan::at(bytes, start, false).unwrap_or(value)
}

fn random_value(bytes: &[u8], key: KeySpan, start: usize) -> Option<Hit> {
    if matches!(bytes.get(start), Some(b'[' | b'{') | None) {
        return None;
    }
    // Cut on a character boundary: a value with other than ASCII does not look random anyway.
    let near = &bytes[..bytes.len().min(start + TELLING_BYTES)];
    let value = ValueSpan::at(near, start, key.quoted)?;
    let hit = Hit {
        start: value.start,
        end: value.end,
        kind: Kind::HighEntropy,
        label: "",
    };
    looks_random(value.text(bytes)).then_some(hit)
}

/// The attribute that holds another's name.
fn is_called_name(key: &[u8]) -> bool {
    key.eq_ignore_ascii_case(b"name") || key.eq_ignore_ascii_case(b"key")
}

/// `{"name": "DB_PASSWORD", "value": "..."}`, `<add key="Password" value="..."/>`.
fn named_by_value(bytes: &[u8], key: KeySpan, start: usize, rules: &Rules) -> Option<Hit> {
    if !is_called_name(key.text(bytes)) {
        return None;
    }
    let near = &bytes[..bytes.len().min(start + 96)];
    let named = ValueSpan::at(near, start, false).filter(|value| value.quoted)?;
    if rules.key_class_of_bytes(named.text(bytes)) != KeyClass::Secret {
        return None;
    }
    let rest = &bytes[(named.end + 1).min(bytes.len())..];
    let gap = rest
        .iter()
        .take(8)
        .take_while(|byte| !byte.is_ascii_alphabetic())
        .count();
    let is_value = rest
        .get(gap..gap + 5)
        .is_some_and(|word| word.eq_ignore_ascii_case(b"value"));
    let from = named.end + 1 + gap + 5;
    let separator = bytes
        .get(from..)?
        .iter()
        .take(4)
        .position(|byte| matches!(byte, b'=' | b':'))?;
    let value = ValueSpan::at(bytes, ValueSpan::start_after(bytes, from + separator), true)?;
    let secret = is_value && !harmless::is_harmless(named.text(bytes), value.text(bytes), value.quoted);
    secret.then_some(Hit {
        start: value.start,
        end: value.end,
        kind: Kind::Pair,
        label: "",
    })
}

fn ends_with_word(name: &[u8], word: &[u8]) -> bool {
    name.len() >= word.len() && name[name.len() - word.len()..].eq_ignore_ascii_case(word)
}
