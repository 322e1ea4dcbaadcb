//! Private key blocks: everything between `-----BEGIN ... PRIVATE KEY-----` and its `-----END`.
//!
//! Invariant: the two lines stay, so a reader sees what was there; certificates and public keys stay whole. A block
//! without an end goes up to the end of the text.

use super::Hit;
use crate::counts::Kind;

const BEGIN: &[u8] = b"-----BEGIN ";
const DASHES: &[u8] = b"-----";

/// No label is longer.
const LABEL_BYTES: usize = 64;

/// Adds the blocks of `bytes`.
pub(super) fn scan(bytes: &[u8], hits: &mut Vec<Hit>) {
    let mut from = 0;
    while let Some(begin) = find(&bytes[from..], BEGIN) {
        let label = from + begin + BEGIN.len();
        from = label;
        let near = &bytes[label..bytes.len().min(label + LABEL_BYTES)];
        let Some(len) = find(near, DASHES) else { continue };
        if find(&near[..len], b"PRIVATE KEY").is_none() {
            continue;
        }
        let start = label + len + DASHES.len();
        let end = find(&bytes[start..], b"-----END").map_or(bytes.len(), |len| start + len);
        from = end;
        hits.push(Hit {
            start,
            end,
            kind: Kind::PrivateKey,
            label: "private-key",
        });
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    // The first byte of both needles is rare, so most windows cost one comparison.
    text.windows(what.len())
        .position(|window| window[0] == what[0] && window == what)
}
