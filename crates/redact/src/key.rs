//! What a key's name says about its value.
//!
//! Invariant: the class depends on the words of the name alone, never on its spelling: `api_key`, `apiKey`,
//! `API-KEY` and `api.key` are one name. The whole classification is a `const fn`, so a call site with a literal
//! key pays for it at compile time.

mod words;

use words::{Roles, Word};

/// What a key's name says about its value.
///
/// ```
/// use telensic_redact::KeyClass;
///
/// const CLASS: KeyClass = KeyClass::of("db.password");
/// assert_eq!(CLASS, KeyClass::Secret);
/// assert_eq!(KeyClass::of("http.url"), KeyClass::Telling);
/// assert_eq!(KeyClass::of("token_count"), KeyClass::Plain);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyClass {
    /// The name says nothing: only the value's own shape can give a secret away.
    Plain,
    /// The name says that a secret may be inside (`auth`, `key`, `url`, `config`): a value that looks random is
    /// masked too.
    Telling,
    /// The name says that the value is a secret (`password`, `api_key`): the value is always masked.
    Secret,
}

impl KeyClass {
    /// The class that the name alone gives, by the built-in rules.
    ///
    /// Case does not matter; words are told apart by any byte that is no letter or digit, and by camel case.
    pub const fn of(key: &str) -> KeyClass {
        Self::of_bytes(key.as_bytes())
    }

    pub(crate) const fn of_bytes(bytes: &[u8]) -> KeyClass {
        let mut reading = Reading::new();
        let mut at = 0;
        while at < bytes.len() {
            if !bytes[at].is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
            let (word, end) = word_at(bytes, at);
            reading = reading.then(word.roles());
            at = end;
        }
        reading.class()
    }
}

/// The reading of a name, word by word.
#[derive(Clone, Copy)]
struct Reading {
    class: KeyClass,
    /// The class before the last word raised it: what is left when the next word takes the raise back.
    before: KeyClass,
    previous: Roles,
    words: usize,
    /// The name opens with a word such as `is` or `max`: it asks about a secret or counts it.
    asks: bool,
}

impl Reading {
    const fn new() -> Self {
        let plain = KeyClass::Plain;
        Self {
            class: plain,
            before: plain,
            previous: Roles::NONE,
            words: 0,
            asks: false,
        }
    }

    const fn then(self, word: Roles) -> Self {
        let mut next = self;
        next.words += 1;
        next.asks = self.asks || (self.words == 0 && word.has(Roles::ASKS));
        if word.has(Roles::TAIL) && self.previous.has(Roles::RAISES) {
            next.class = self.before;
        }
        if word.has(Roles::DIGEST) && matches!(next.class, KeyClass::Telling) {
            next.class = KeyClass::Plain;
        }
        next.before = next.class;
        let raised = raised_by(self.previous, self.words, word);
        if raised as u8 > next.class as u8 {
            next.class = raised;
        }
        next.previous = word;
        next
    }

    const fn class(self) -> KeyClass {
        if self.asks {
            return KeyClass::Plain;
        }
        // `pass` and `pin` are ordinary words unless the name ends with them.
        if self.previous.has(Roles::PIN) {
            return KeyClass::Secret;
        }
        if self.previous.has(Roles::PASS) && self.words == 1 {
            return KeyClass::Telling;
        }
        self.class
    }
}

/// The class that `word` alone gives, coming after `previous`.
const fn raised_by(previous: Roles, words_before: usize, word: Roles) -> KeyClass {
    let qualified = words_before > 0;
    let secret = word.has(Roles::SECRET)
        || (word.has(Roles::TOKEN) && !(qualified && previous.has(Roles::TOKEN_HEAD)))
        || (word.has(Roles::KEY) && previous.has(Roles::KEY_HEAD))
        || (word.has(Roles::STRING) && previous.has(Roles::CONNECTION))
        || (word.has(Roles::PASS) && previous.has(Roles::PASS_HEAD));
    if secret {
        return KeyClass::Secret;
    }
    let telling = word.has(Roles::TELLING) || (word.has(Roles::KEY) && !previous.has(Roles::PLAIN_HEAD));
    if telling {
        KeyClass::Telling
    } else {
        KeyClass::Plain
    }
}

/// The word that starts at `start`, and its end: at a byte that is no letter or digit, or where camel case turns.
const fn word_at(bytes: &[u8], start: usize) -> (Word, usize) {
    let mut word = Word::EMPTY.and_then(bytes[start]);
    let mut at = start + 1;
    while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
        if bytes[at].is_ascii_uppercase() {
            let after_upper = bytes[at - 1].is_ascii_uppercase();
            let before_lower = at + 1 < bytes.len() && bytes[at + 1].is_ascii_lowercase();
            if !after_upper || before_lower {
                break;
            }
        }
        word = word.and_then(bytes[at]);
        at += 1;
    }
    (word, at)
}
