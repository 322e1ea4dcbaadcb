//! Secrets that stand after their name without `=` or `:`: `PASSWORD 'x'` in SQL, `<password>x</password>` in XML.
//!
//! Invariant: the name must be a password's own; a token in quotes is more often a word that a parser met.

use super::span::{self, KeySpan};
use super::{Hit, harmless};
use crate::counts::Kind;
use crate::key::KeyClass;
use crate::rules::Rules;

/// A quoted value with a word for password before it.
pub(super) fn after_password_word(bytes: &[u8], quote: usize) -> Option<Hit> {
    let before = bytes[..quote].strip_suffix(b" ")?;
    let len = before
        .iter()
        .rev()
        .take(32)
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
        .count();
    let (rest, word) = before.split_at(before.len() - len);
    let identified_by = word.eq_ignore_ascii_case(b"by") && ends_with(rest, b"identified ");
    if !names_password(word) && !identified_by {
        return None;
    }
    let value = span::quoted(bytes, quote)?;
    let harmless = harmless::is_harmless(word, value.text(bytes), true);
    (!harmless).then_some(Hit {
        start: value.start,
        end: value.end,
        kind: Kind::Pair,
        label: "",
    })
}

fn names_password(word: &[u8]) -> bool {
    [&b"password"[..], b"passwd", b"passphrase", b"pwd"]
        .iter()
        .any(|name| ends_with(word, name))
}

fn ends_with(text: &[u8], word: &[u8]) -> bool {
    text.len() >= word.len() && text[text.len() - word.len()..].eq_ignore_ascii_case(word)
}

/// The text of an element whose name is a secret's.
pub(super) fn xml_element(bytes: &[u8], close: usize, rules: &Rules) -> Option<Hit> {
    let key = KeySpan::before(bytes, close).filter(|key| key.end == close)?;
    let open = key.start.checked_sub(1).map(|before| bytes[before]);
    if !matches!(open, Some(b'<' | b':')) || rules.key_class_of_bytes(key.text(bytes)) != KeyClass::Secret {
        return None;
    }
    let start = close + 1;
    let end = bytes[start..]
        .iter()
        .position(|byte| *byte == b'<')
        .map_or(bytes.len(), |len| start + len);
    let text = &bytes[start..end];
    // Prose such as `token=<token> and so on` has no closing tag; a cut document has none either.
    if !bytes[end..].starts_with(b"</") && (end < bytes.len() || text.contains(&b' ')) {
        return None;
    }
    let harmless = harmless::is_harmless(key.text(bytes), text.trim_ascii(), true);
    (!harmless).then_some(Hit {
        start,
        end,
        kind: Kind::Pair,
        label: "",
    })
}
