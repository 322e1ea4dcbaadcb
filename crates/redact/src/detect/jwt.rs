//! JSON web tokens: base64url of `{"`, a dot, and more of the same.
//!
//! Invariant: the whole token is masked, signature and all; a header without a second part is no token.

use super::Hit;
use crate::counts::Kind;

/// `{"` in base64, as every header starts.
const OPEN: &[u8] = b"eyJ";

/// A header or a body with less than this says nothing.
const PART_BYTES: usize = 10;

/// The token that starts at `at`: `eyJ....eyJ....signature`, or the five parts of an encrypted one.
pub(super) fn at(bytes: &[u8], at: usize) -> Option<Hit> {
    let text = &bytes[at..];
    if !text.starts_with(OPEN) {
        return None;
    }
    let header = part(text);
    let rest = text[header..].strip_prefix(b".")?;
    let body = part(rest);
    if header < PART_BYTES || body < PART_BYTES {
        return None;
    }
    let mut end = at + header + 1 + body;
    while bytes.get(end) == Some(&b'.') {
        let signature = part(&bytes[end + 1..]);
        if signature == 0 {
            break;
        }
        end += 1 + signature;
    }
    Some(Hit {
        start: at,
        end,
        kind: Kind::Jwt,
        label: "jwt",
    })
}

fn part(text: &[u8]) -> usize {
    text.iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'/' | b'+'))
        .count()
}
