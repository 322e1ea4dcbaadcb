//! Keys that carry their provider's prefix.
//!
//! Invariant: a candidate costs one table look-up unless its first two bytes open some format.

use super::Hit;
use super::formats::{Body, FORMATS, Format};
use crate::counts::Kind;
use crate::first_look::LONG_RUN;

/// The key that starts at `at`.
pub(super) fn at(bytes: &[u8], at: usize) -> Option<Hit> {
    formats_at(bytes, at)
        .iter()
        .find_map(|index| match_format(&FORMATS[usize::from(*index)], bytes, at))
}

/// Whether some format's first two bytes stand where a key could start and be long enough.
pub(crate) fn may_start(bytes: &[u8]) -> bool {
    let last = bytes.len().saturating_sub(LONG_RUN);
    (0..=last)
        .any(|at| (at == 0 || !bytes[at - 1].is_ascii_alphanumeric()) && !formats_at(bytes, at).is_empty())
}

/// The formats that may start at `at`, by their first two bytes.
fn formats_at(bytes: &[u8], at: usize) -> &'static [u8] {
    let (Some(first), Some(second)) = (bytes.get(at), bytes.get(at + 1)) else {
        return &[];
    };
    let bucket = bucket(*first, *second);
    &ORDERED[usize::from(BUCKETS[bucket])..usize::from(BUCKETS[bucket + 1])]
}

fn match_format(format: &Format, bytes: &[u8], at: usize) -> Option<Hit> {
    let after = bytes[at..].strip_prefix(format.prefix.as_bytes())?;
    let len = after
        .iter()
        .take(format.max + 1)
        .take_while(|byte| format.alphabet.has(**byte))
        .count();
    if len < format.min || len > format.max {
        return None;
    }
    let (body, rest) = after.split_at(len);
    // A key that goes on in letters it cannot have is something else.
    if rest.first().is_some_and(u8::is_ascii_alphanumeric) || !looks_made(format.body, body) {
        return None;
    }
    let padding = rest.iter().take(2).take_while(|byte| **byte == b'=').count();
    let end = at + format.prefix.len() + len + padding;
    Some(Hit {
        start: at,
        end,
        kind: Kind::Provider,
        label: format.label,
    })
}

/// Whether the body can come from a random source and not from a person.
fn looks_made(rule: Body, body: &[u8]) -> bool {
    let digits = body.iter().filter(|byte| byte.is_ascii_digit()).count();
    let upper = body.iter().any(u8::is_ascii_uppercase);
    let lower = body.iter().any(u8::is_ascii_lowercase);
    if distinct(body) < 5 {
        return false;
    }
    match rule {
        Body::Loud => digits > 0 || upper,
        Body::Mixed => digits > 0 && (upper || lower) && !ends_like_an_option(body),
        Body::Strict => digits > 1 && upper && lower,
        Body::Dense => digits > 1 && upper && lower && !body.windows(2).any(|pair| pair == b"AA"),
    }
}

/// `PKXYZ240119C00150000` is an option of the symbol PKXYZ.
fn ends_like_an_option(body: &[u8]) -> bool {
    let Some([date @ .., side, _, _, _, _, _, _, _, _]) = body.last_chunk::<15>() else {
        return false;
    };
    let strike = &body[body.len() - 8..];
    matches!(side, b'C' | b'P') && date.iter().chain(strike).all(u8::is_ascii_digit)
}

fn distinct(body: &[u8]) -> u32 {
    let seen = body.iter().fold(0u128, |seen, byte| seen | 1 << (byte & 127));
    seen.count_ones()
}

/// The low bits of two bytes; letters of the same case never share a bucket.
const fn bucket(first: u8, second: u8) -> usize {
    ((first & 63) as usize) << 5 | (second & 31) as usize
}

const BUCKET_COUNT: usize = 1 << 11;

/// Indices of the formats, ordered by bucket, and within one as in the table.
static ORDERED: [u8; FORMATS.len()] = ordered();

/// Where each bucket's formats start in [`ORDERED`].
static BUCKETS: [u8; BUCKET_COUNT + 1] = buckets();

const fn bucket_of(index: usize) -> usize {
    let prefix = FORMATS[index].prefix.as_bytes();
    bucket(prefix[0], prefix[1])
}

const fn buckets() -> [u8; BUCKET_COUNT + 1] {
    let mut starts = [0u8; BUCKET_COUNT + 1];
    let mut index = 0;
    while index < FORMATS.len() {
        starts[bucket_of(index) + 1] += 1;
        index += 1;
    }
    let mut bucket = 1;
    while bucket <= BUCKET_COUNT {
        starts[bucket] += starts[bucket - 1];
        bucket += 1;
    }
    starts
}

const fn ordered() -> [u8; FORMATS.len()] {
    let mut next = buckets();
    let mut order = [0; FORMATS.len()];
    let mut index = 0;
    while index < FORMATS.len() {
        let bucket = bucket_of(index);
        order[next[bucket] as usize] = index as u8;
        next[bucket] += 1;
        index += 1;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_long_enough_to_be_probed() {
        assert!(FORMATS.len() <= 255);
        for format in FORMATS {
            assert!(format.prefix.len() + format.min >= LONG_RUN, "{}", format.prefix);
            assert!(
                format.prefix.len() >= 2 && format.min <= format.max,
                "{}",
                format.prefix
            );
            let is_run = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.+/-".contains(byte);
            assert!(format.prefix.as_bytes().iter().all(is_run), "{}", format.prefix);
        }
    }
}
