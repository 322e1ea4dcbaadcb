//! The cheap look at every value, and what it leaves to look for.
//!
//! Invariant: a value that this look calls clean has nothing that the full scan would mask. Each detector names the
//! bytes without which it cannot fire; this module only ever proves their absence.
//!
//! | detector | cannot fire without |
//! |---|---|
//! | any | [`SHORTEST`] bytes |
//! | pairs, URLs, quoted passwords, XML, anchored shapes | one of `= : > ~ " '` |
//! | flags and PEM blocks | a `-`, and a space or one of the former |
//! | provider formats, JWT, bearer | a digit or an upper-case letter, [`LONG_RUN`] bytes, one not in `0-9 a-f . -` |
//! | the same in one short word | a format's first two bytes where a key could start |
//! | a value that opens with `Bearer` or `Basic` | a space, and that letter |

use crate::detect;

/// No detector masks anything in a value shorter than this.
pub(crate) const SHORTEST: usize = 8;

/// No provider's format has fewer bytes in a row than this.
pub(crate) const LONG_RUN: usize = 16;

/// No key without a prefix is shorter than this.
pub(crate) const SHORTEST_SHAPE: usize = 32;

/// The facts about a value's bytes, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Facts(u8);

const SEPARATOR: u8 = 1;
const LOUD: u8 = 1 << 1;
const NOT_HEX: u8 = 1 << 2;
const DASH: u8 = 1 << 3;
const SPACE: u8 = 1 << 4;
const ESCAPE: u8 = 1 << 5;

impl Facts {
    /// Everything may be there: the full scan then looks for everything.
    pub(crate) const ALL: Self = Self(u8::MAX);

    /// The facts about a value of at least [`SHORTEST`] bytes.
    #[inline]
    pub(crate) fn of(value: &[u8]) -> Self {
        // By eights, so that the loop is unrolled.
        let (eights, rest) = value.as_chunks::<8>();
        let of = |bytes: &[u8]| {
            bytes
                .iter()
                .fold(0, |facts, byte| facts | FACTS[usize::from(*byte)])
        };
        Self(eights.iter().fold(of(rest), |facts, eight| facts | of(eight)))
    }

    const fn has(self, fact: u8) -> bool {
        self.0 & fact != 0
    }

    /// Whether something may follow a separator or a quote.
    #[inline]
    pub(crate) const fn may_hold_pairs(self) -> bool {
        self.has(SEPARATOR)
    }

    /// Whether a provider's key may be there.
    #[inline]
    pub(crate) const fn may_hold_tokens(self, len: usize) -> bool {
        len >= LONG_RUN && self.has(LOUD) && self.has(NOT_HEX)
    }

    /// Whether the value as a whole may look random: such a value has digits.
    #[inline]
    pub(crate) const fn may_look_random(self, len: usize) -> bool {
        len >= LONG_RUN && self.has(LOUD)
    }

    /// Whether a look at the beginnings of words leaves a provider's key possible.
    ///
    /// Only short values of one word are worth it: elsewhere a key may also be known by what stands before it.
    fn may_open_key(self, value: &[u8]) -> bool {
        value.len() >= SHORTEST_SHAPE || self.has(SPACE | ESCAPE) || detect::may_start_key(value)
    }

    /// Whether a command-line flag or a PEM header may be there.
    #[inline]
    pub(crate) const fn may_hold_dashes(self) -> bool {
        self.has(DASH) && self.has(SPACE | SEPARATOR)
    }

    /// Whether the value may open with an authorization scheme.
    #[inline]
    pub(crate) fn may_open_with_scheme(self, value: &[u8]) -> bool {
        self.has(SPACE) && value.first().is_some_and(|first| first | 0x20 == b'b')
    }

    /// Whether no detector can fire.
    #[inline]
    pub(crate) fn are_clean(self, value: &[u8]) -> bool {
        let may_hold_key = self.may_hold_tokens(value.len()) && self.may_open_key(value);
        !(self.may_hold_pairs() || self.may_hold_dashes() || may_hold_key || self.may_open_with_scheme(value))
    }
}

/// Whether no detector can fire on a value of at least [`SHORTEST`] bytes.
///
/// Each look is a function of its own: the short one, which is enough for most values, then saves no registers for the
/// long one.
#[inline(never)]
pub(crate) fn finds_nothing(value: &[u8]) -> bool {
    is_quiet_word(value) || facts_are_clean(value)
}

#[inline(never)]
fn facts_are_clean(value: &[u8]) -> bool {
    Facts::of(value).are_clean(value)
}

/// Whether a value is of 8 to 15 bytes, none of which is a separator or below `(`, as the space is: then no detector
/// can fire, as the table above says. Eight bytes are looked at in one go; most names and values of a program are such.
#[inline]
pub(crate) fn is_quiet_word(value: &[u8]) -> bool {
    const EACH: u64 = u64::from_le_bytes([1; 8]);
    // The highest bit of some byte of the result is set if and only if a byte of the word is below, or is, this one.
    let below = |word: u64, byte: u8| word.wrapping_sub(EACH * u64::from(byte)) & !word;
    let is = |word: u64, byte: u8| below(word ^ (EACH * u64::from(byte)), 1);
    let noise = |word: u64| {
        // But for three bits `=`, `>` and `~` are one; so are `<`, `?`, `|`, `}` and DEL, which only take the closer look.
        let signs = word & !(EACH * 0x43);
        (below(word, b'(') | is(word, b':') | is(signs, b'<')) & (EACH * 0x80)
    };
    match (value.first_chunk(), value.last_chunk()) {
        (Some(first), Some(last)) if value.len() < LONG_RUN => {
            noise(u64::from_le_bytes(*first)) | noise(u64::from_le_bytes(*last)) == 0
        }
        _ => false,
    }
}

/// The facts that each byte gives.
static FACTS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0'..=b'9' => LOUD,
            b'A'..=b'Z' => LOUD | NOT_HEX,
            b'a'..=b'f' | b'.' => 0,
            b'-' => DASH,
            b'\\' | b'%' | b'$' => ESCAPE | NOT_HEX,
            b' ' => SPACE | NOT_HEX,
            b'=' | b':' | b'>' | b'~' | b'"' | b'\'' => SEPARATOR | NOT_HEX,
            _ => NOT_HEX,
        };
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_word_is_clean_wherever_and_whatever_its_bytes_are() {
        for byte in 0..=u8::MAX {
            for (len, place) in (8..LONG_RUN).flat_map(|len| (0..len).map(move |place| (len, place))) {
                let mut value = vec![b'b'; len];
                value[place] = byte;
                let is_noisy = FACTS[usize::from(byte)] & (SEPARATOR | SPACE) != 0;
                let is_taken_for_noise = matches!(byte, b'<' | b'?' | b'|' | b'}' | 0x7f);
                let is_quiet = !is_noisy && !is_taken_for_noise && byte >= b'(';
                assert_eq!(is_quiet_word(&value), is_quiet, "{value:?}");
                assert!(!is_quiet_word(&value) || Facts::of(&value).are_clean(&value));
            }
        }
        assert!(!is_quiet_word(b"shorter") && !is_quiet_word(b"just as long as 16"));
    }
}
