//! Authorization schemes: what follows `Bearer` or `Basic`.
//!
//! Invariant: the scheme stays, the credential goes. Without a header's name before it, the credential must look
//! made by a machine, because both schemes are also English words.

use super::Hit;
use super::runs::Run;
use super::span::skip_blanks;
use crate::counts::Kind;

/// Schemes that a credential may follow in an `Authorization` header.
const SCHEMES: [&[u8]; 12] = [
    b"bearer",
    b"basic",
    b"token",
    b"digest",
    b"negotiate",
    b"ntlm",
    b"apikey",
    b"api-token",
    b"bot",
    b"hawk",
    b"geniekey",
    b"splunk",
];

/// Where the credential starts when the text opens with a scheme and a blank.
pub(super) fn after_scheme(text: &[u8]) -> usize {
    let word = text
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-')
        .count();
    let blanks = skip_blanks(&text[word..]);
    let scheme = &text[..word];
    if blanks > 0
        && (SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme)) || scheme.starts_with(b"AWS4-"))
    {
        word + blanks
    } else {
        0
    }
}

/// A value that is nothing but a scheme and a credential.
pub(super) fn at_start(bytes: &[u8]) -> Option<Hit> {
    let label = label_of(&bytes[..bytes.iter().position(|byte| *byte == b' ')?])?;
    let start = after_scheme(bytes);
    let credential = &bytes[start..];
    let one_word = !credential.iter().any(|byte| byte.is_ascii_whitespace());
    let machine_made = credential.iter().any(u8::is_ascii_digit) || credential.len() >= 24;
    let is_text = credential.iter().all(|byte| byte.is_ascii_graphic());
    (one_word && machine_made && is_text && credential.len() >= 3).then_some(Hit {
        start,
        end: bytes.len(),
        kind: Kind::Header,
        label,
    })
}

/// A long run with a scheme before it.
pub(super) fn before_run(run: Run<'_>) -> Option<Hit> {
    let before = run.bytes[..run.start].strip_suffix(b" ")?;
    let word = before
        .iter()
        .rev()
        .take(7)
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let label = label_of(&before[before.len() - word..])?;
    let text = run.text();
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let inner_upper = text[1..].iter().any(u8::is_ascii_uppercase);
    if digits == 0 && !inner_upper {
        return None;
    }
    let tail = run.bytes[run.end..]
        .iter()
        .take_while(|byte| byte.is_ascii_graphic() && !b"\"'`,;)]}<>\\".contains(byte));
    Some(Hit {
        start: run.start,
        end: run.end + tail.count(),
        kind: Kind::Header,
        label,
    })
}

fn label_of(scheme: &[u8]) -> Option<&'static str> {
    if scheme.eq_ignore_ascii_case(b"bearer") {
        Some("bearer")
    } else if scheme.eq_ignore_ascii_case(b"basic") {
        Some("basic")
    } else {
        None
    }
}
