//! The full scan: every detector, each over the bytes it can fire on.
//!
//! Invariant: hits come out sorted, apart from one another, on character boundaries, and outside existing masks.
//! All detectors are anchored: on a separator, on a dash, or on a long run of token bytes. Nothing is initialised
//! before the first call and no detector reads a stretch of the value more than a bounded number of times.

mod code;
mod entropy;
mod flag;
mod formats;
mod harmless;
mod header;
mod jwt;
mod pair;
mod pem;
mod quoted;
mod runs;
mod shapes;
mod span;
mod token;
mod url;

use crate::counts::Kind;
use crate::first_look::{Facts, SHORTEST};
use crate::mask;
use crate::rules::Rules;

pub(crate) use entropy::looks_random;
pub(crate) use token::may_start as may_start_key;

/// A secret inside a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: Kind,
    /// What the mask says about the secret; empty where nothing is known.
    pub(crate) label: &'static str,
}

/// All secrets that the built-in detectors find in `bytes`.
pub(crate) fn scan(bytes: &[u8], facts: Facts, rules: &Rules) -> Vec<Hit> {
    let mut hits = Vec::new();
    if bytes.len() < SHORTEST {
        return hits;
    }
    if facts.may_open_with_scheme(bytes) {
        hits.extend(header::at_start(bytes));
    }
    if facts.may_hold_dashes() {
        pem::scan(bytes, &mut hits);
        flag::scan(bytes, rules, &mut hits);
    }
    if facts.may_hold_pairs() {
        scan_separators(bytes, rules, &mut hits);
    }
    if facts.may_hold_tokens(bytes.len()) {
        runs::scan(bytes, &mut hits);
    }
    merge(bytes, &mut hits);
    hits
}

/// Walks from separator to separator; what a hit covers is not looked at again.
fn scan_separators(bytes: &[u8], rules: &Rules, hits: &mut Vec<Hit>) {
    let mut at = 0;
    while let Some(step) = bytes[at..]
        .iter()
        .position(|byte| IS_SEPARATOR[usize::from(*byte)])
    {
        let separator = at + step;
        at = separator + 1;
        let found = match bytes[separator] {
            b':' => {
                if let Some(end) = mask_around(bytes, separator) {
                    at = end;
                    continue;
                }
                after_colon(bytes, separator, rules)
            }
            b'=' => pair::at(bytes, separator, rules),
            b'>' => quoted::xml_element(bytes, separator, rules),
            b'@' => url::go_data_source(bytes, separator),
            b'~' => shapes::at_tilde(bytes, separator),
            _ => quoted::after_password_word(bytes, separator),
        };
        if let Some(hit) = found {
            at = at.max(hit.end);
            hits.push(hit);
        }
    }
}

/// The bytes that detectors are anchored on.
static IS_SEPARATOR: [bool; 256] = {
    let mut table = [false; 256];
    let separators = b"=:>~\"'@";
    let mut at = 0;
    while at < separators.len() {
        table[separators[at] as usize] = true;
        at += 1;
    }
    table
};

fn after_colon(bytes: &[u8], colon: usize, rules: &Rules) -> Option<Hit> {
    if bytes[colon + 1..].starts_with(b"//") {
        return url::credentials(bytes, colon);
    }
    shapes::telegram(bytes, colon)
        .or_else(|| flag::curl_user(bytes, colon))
        .or_else(|| pair::at(bytes, colon, rules))
}

/// Where the mask ends whose first colon is at `colon`.
fn mask_around(bytes: &[u8], colon: usize) -> Option<usize> {
    let start = (colon + 1).checked_sub(mask::OPEN.len())?;
    Some(start + mask::mask_at_start(&bytes[start..])?)
}

/// Sorts the hits and joins those that overlap.
///
/// Of two hits over the same bytes the one that knows more stays: a provider's name beats a bare pair.
pub(crate) fn merge(bytes: &[u8], hits: &mut Vec<Hit>) {
    hits.retain(|hit| hit.start < hit.end && !mask::is_mask(&bytes[hit.start..hit.end]));
    if hits.len() < 2 {
        return;
    }
    hits.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end), hit.label.is_empty()));
    hits.dedup_by(|later, kept| {
        if later.start >= kept.end {
            return false;
        }
        kept.end = kept.end.max(later.end);
        true
    });
}
