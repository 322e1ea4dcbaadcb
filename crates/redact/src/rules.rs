//! A user's own rules on top of the built-in ones.
//!
//! Invariant: rules are checked when they are built, so nothing can fail later. An allow rule beats every other.

use regex::Regex;

use crate::error::{Error, ErrorKind};
use crate::key::KeyClass;

/// The rules of one redactor; none by default.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    pub(crate) secret_names: Vec<String>,
    pub(crate) secret_keys: Vec<Regex>,
    pub(crate) allowed_names: Vec<String>,
    pub(crate) values: Vec<Regex>,
    pub(crate) allowed_values: Vec<Regex>,
}

impl Rules {
    pub(crate) fn has_key_rules(&self) -> bool {
        !(self.secret_names.is_empty() && self.secret_keys.is_empty() && self.allowed_names.is_empty())
    }

    pub(crate) fn has_value_rules(&self) -> bool {
        !self.values.is_empty()
    }

    pub(crate) fn key_class(&self, key: &str) -> KeyClass {
        if !self.has_key_rules() {
            return KeyClass::of(key);
        }
        let has = |names: &[String]| names.iter().any(|name| is_same_name(name, key));
        if has(&self.allowed_names) {
            KeyClass::Plain
        } else if has(&self.secret_names) || self.secret_keys.iter().any(|pattern| pattern.is_match(key)) {
            KeyClass::Secret
        } else {
            KeyClass::of(key)
        }
    }

    /// The class of a key found inside a text.
    pub(crate) fn key_class_of_bytes(&self, key: &[u8]) -> KeyClass {
        if !self.has_key_rules() {
            return KeyClass::of_bytes(key);
        }
        std::str::from_utf8(key).map_or(KeyClass::Plain, |key| self.key_class(key))
    }

    /// Whether a value, or the secret found in it, is on the allow-list as a whole.
    pub(crate) fn allows(&self, secret: &str) -> bool {
        self.allowed_values.iter().any(|pattern| {
            pattern
                .find(secret)
                .is_some_and(|found| found.len() == secret.len())
        })
    }
}

/// Names are compared by their letters and digits, without case: `x-my-key` is `X_MY_KEY`.
fn is_same_name(name: &str, key: &str) -> bool {
    let letters = |text: &'_ str| {
        text.chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<Vec<_>>()
    };
    letters(name) == letters(key)
}

/// A name with at least a letter or digit.
pub(crate) fn checked_name(what: &'static str, name: &str) -> Result<String, Error> {
    if name.chars().any(char::is_alphanumeric) {
        return Ok(name.to_owned());
    }
    Err(Error::new(
        ErrorKind::Name,
        what,
        name,
        "give a name with at least one letter or digit",
    ))
}

/// A pattern that compiles and needs at least a byte to match.
pub(crate) fn checked_pattern(what: &'static str, pattern: &str) -> Result<Regex, Error> {
    let regex = Regex::new(pattern).map_err(|error| {
        // The last line says what is wrong; those before draw the pattern.
        let text = error.to_string();
        let why = text
            .lines()
            .last()
            .unwrap_or_default()
            .trim_start_matches("error: ")
            .to_owned();
        Error::new(ErrorKind::Pattern, what, pattern, why)
    })?;
    if regex.is_match("") {
        let why = "it matches the empty string; let it match at least one character";
        return Err(Error::new(ErrorKind::MatchesNothing, what, pattern, why));
    }
    Ok(regex)
}
