//! Credentials in URLs and connection strings: between `://` and `@`.
//!
//! Invariant: scheme, user and host stay; the password goes, or the whole of what stands before `@` if it looks
//! made by a machine (a token used as the user's name).

use super::Hit;
use super::harmless;
use crate::counts::Kind;

/// No host or credential is longer; a bound keeps the scan linear.
const AUTHORITY_BYTES: usize = 1024;

/// No user and password in a data source's name are longer.
const PASSWORD_BYTES: usize = 128;

/// The credential of the URL whose colon is at `colon`.
pub(super) fn credentials(bytes: &[u8], colon: usize) -> Option<Hit> {
    let start = colon + 3;
    let text = &bytes[start..bytes.len().min(start + AUTHORITY_BYTES)];
    let user_info = &text[..user_info_len(text)?];
    let from = user_info
        .iter()
        .position(|byte| *byte == b':')
        .map_or(0, |colon| colon + 1);
    let secret = &user_info[from..];
    if from == 0 && !looks_like_a_token(secret) || harmless::is_harmless(b"password", secret, true) {
        return None;
    }
    let label = if from == 0 { "url-token" } else { "url-password" };
    Some(Hit {
        start: start + from,
        end: start + user_info.len(),
        kind: Kind::UrlCredential,
        label,
    })
}

/// The length of what stands before the host's `@`.
fn user_info_len(text: &[u8]) -> Option<usize> {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`');
    let word = &text[..text.iter().position(ends).unwrap_or(text.len())];
    let authority = &word[..word
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?' | b'#'))
        .unwrap_or(word.len())];
    if let Some(at) = authority.iter().rposition(|byte| *byte == b'@') {
        return Some(at);
    }
    // A password with a raw `/`, `?` or `#` in it: then what stands after the colon is no port.
    let colon = authority.iter().position(|byte| *byte == b':')?;
    let is_port = authority[colon + 1..].iter().all(u8::is_ascii_digit) || authority.starts_with(b"[");
    if is_port {
        None
    } else {
        word.iter().rposition(|byte| *byte == b'@')
    }
}

fn looks_like_a_token(user: &[u8]) -> bool {
    let digits = user.iter().filter(|byte| byte.is_ascii_digit()).count();
    user.len() >= 16
        && digits > 1
        && user
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.~%".contains(byte))
}

/// `user:password@tcp(host)/db`, as Go's MySQL driver has it; `at` is the place of the `@`.
pub(super) fn go_data_source(bytes: &[u8], at: usize) -> Option<Hit> {
    let host = &bytes[at + 1..];
    if !host.starts_with(b"tcp(") && !host.starts_with(b"unix(") {
        return None;
    }
    let before = bytes[..at].iter().rev().take(PASSWORD_BYTES);
    let word = before
        .take_while(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\''))
        .count();
    let colon = bytes[at - word..at].iter().position(|byte| *byte == b':')?;
    let start = at - word + colon + 1;
    if colon == 0 || harmless::is_harmless(b"password", &bytes[start..at], true) {
        return None;
    }
    Some(Hit {
        start,
        end: at,
        kind: Kind::UrlCredential,
        label: "url-password",
    })
}
