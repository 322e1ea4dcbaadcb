//! The text that stands in a secret's place.
//!
//! Invariant: equal secrets get equal digits under one mask key, and a mask is never masked again.
//!
//! Layout: `[REDACTED:9f31c2aa]`, or `[REDACTED:github:9f31c2aa]` where the kind of secret is known. The digits are
//! the first 32 bits of BLAKE3, keyed with the mask key, over the bytes of the secret.

use std::fmt::Write as _;

/// What every mask starts with.
pub(crate) const OPEN: &str = "[REDACTED:";

/// How many hexadecimal digits a mask ends with.
const DIGITS: usize = 8;

/// A kind's name is no longer than this.
const KIND_BYTES: usize = 24;

/// The key under which the digits of all masks are made.
#[derive(Clone)]
pub(crate) struct MaskKey([u8; 32]);

impl MaskKey {
    pub(crate) const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Appends the mask of `secret` to `out`; an empty `kind` is left out.
    pub(crate) fn write_mask(&self, out: &mut String, kind: &str, secret: &[u8]) {
        let hash = blake3::keyed_hash(&self.0, secret);
        let [a, b, c, d, ..] = *hash.as_bytes();
        let digits = u32::from_be_bytes([a, b, c, d]);
        out.push_str(OPEN);
        if !kind.is_empty() {
            out.push_str(kind);
            out.push(':');
        }
        // Writing to a String cannot fail.
        let _ = write!(out, "{digits:08x}]");
    }
}

/// A key from the operating system's random source.
///
/// Without one (no supported system lacks it) the key comes from the clock, the process and an address: masks stay
/// unreadable to whoever does not know these, and telemetry does not take the program down.
pub(crate) fn random_key() -> [u8; 32] {
    let mut key = [0; 32];
    if getrandom::fill(&mut key).is_ok() {
        return key;
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let here = std::ptr::from_ref(&key) as usize;
    let seed = format!("{now:?} {} {here}", std::process::id());
    blake3::derive_key("telensic 2026 mask key without a random source", seed.as_bytes())
}

/// The length of the mask that `text` starts with, if it starts with one.
pub(crate) fn mask_at_start(text: &[u8]) -> Option<usize> {
    let rest = text.strip_prefix(OPEN.as_bytes())?;
    if let Some(end) = digits_and_bracket(rest) {
        return Some(OPEN.len() + end);
    }
    let colon = rest.iter().take(KIND_BYTES + 1).position(|byte| *byte == b':')?;
    let kind = &rest[..colon];
    if kind.is_empty()
        || !kind
            .iter()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || *byte == b'-')
    {
        return None;
    }
    let end = digits_and_bracket(&rest[colon + 1..])?;
    Some(OPEN.len() + colon + 1 + end)
}

fn digits_and_bracket(text: &[u8]) -> Option<usize> {
    let digits = text.get(..DIGITS)?;
    let all_hex = digits
        .iter()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (all_hex && text.get(DIGITS) == Some(&b']')).then_some(DIGITS + 1)
}

/// Whether the whole of `text` is one mask.
pub(crate) fn is_mask(text: &[u8]) -> bool {
    mask_at_start(text) == Some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_known_again_with_and_without_a_kind() {
        let key = MaskKey::new([7; 32]);
        for kind in ["", "github", "private-key"] {
            let mut mask = String::new();
            key.write_mask(&mut mask, kind, b"hunter2");
            assert!(is_mask(mask.as_bytes()), "{mask}");
        }
        assert!(!is_mask(b"[REDACTED:hunter2!]"));
        assert!(!is_mask(b"[REDACTED:PASSWORD:00000000]"));
    }
}
