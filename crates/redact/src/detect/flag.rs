//! Command lines: `--password x`, `["--token", "x"]`, `curl -u user:x`.
//!
//! Invariant: the flag stays and its argument goes; a flag that another flag follows has no argument.

use super::span::{self, ValueSpan};
use super::{Hit, code, harmless};
use crate::counts::Kind;
use crate::key::KeyClass;
use crate::rules::Rules;

/// No flag is longer.
const FLAG_BYTES: usize = 64;

/// Adds the arguments of flags that name a secret.
pub(super) fn scan(bytes: &[u8], rules: &Rules, hits: &mut Vec<Hit>) {
    let mut from = 0;
    while let Some(step) = bytes[from..].windows(2).position(|pair| pair == b"--") {
        let start = from + step + 2;
        let is_flag =
            |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'_' | b'.') || **byte == b'-';
        let len = bytes[start..].iter().take(FLAG_BYTES).take_while(is_flag).count();
        from = start + len;
        if len < 2
            || bytes[start] == b'-'
            || rules.key_class_of_bytes(&bytes[start..from]) != KeyClass::Secret
        {
            continue;
        }
        if let Some(hit) = argument(bytes, start, from) {
            from = hit.end;
            hits.push(hit);
        }
    }
}

fn argument(bytes: &[u8], flag: usize, end: usize) -> Option<Hit> {
    let between = bytes[end..]
        .iter()
        .take(8)
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b',' | b'\\'))
        .count();
    let gap = &bytes[end..end + between];
    if gap.is_empty() || !(gap.contains(&b' ') || gap.contains(&b',')) {
        return None;
    }
    // An opening quote belongs to the argument.
    let quoted = gap.last().is_some_and(|byte| matches!(byte, b'"' | b'\''));
    let slashes = gap
        .iter()
        .rev()
        .skip(1)
        .take_while(|byte| **byte == b'\\')
        .count();
    let start = if quoted {
        end + between - 1 - slashes
    } else {
        end + between
    };
    let value = ValueSpan::at(bytes, start, false)?;
    let text = value.text(bytes);
    if text.starts_with(b"-")
        || code::starts(text)
        || harmless::is_harmless(&bytes[flag..end], text, value.quoted)
    {
        return None;
    }
    Some(Hit {
        start: value.start,
        end: value.end,
        kind: Kind::Pair,
        label: "",
    })
}

/// The password after the colon of `-u user:password`.
pub(super) fn curl_user(bytes: &[u8], colon: usize) -> Option<Hit> {
    if bytes.get(colon + 1).is_none_or(u8::is_ascii_whitespace) {
        return None;
    }
    let is_name = |byte: &&u8| byte.is_ascii_graphic() && !matches!(**byte, b':' | b'"' | b'\'');
    let user = bytes[..colon].iter().rev().take(64).take_while(is_name).count();
    let mut before = &bytes[..colon - user];
    if let [rest @ .., b'"' | b'\''] = before {
        before = rest;
    }
    if user == 0 || !(before.ends_with(b" -u ") || before.ends_with(b"--user ")) {
        return None;
    }
    let value = span::bare_at(bytes, colon + 1);
    let harmless = harmless::is_harmless(b"password", value.text(bytes), false);
    (!harmless).then_some(Hit {
        start: value.start,
        end: value.end,
        kind: Kind::Pair,
        label: "",
    })
}
