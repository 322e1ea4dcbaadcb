//! Building a redactor.
//!
//! Invariant: what `build` returns is complete; a wrong rule is an error there and nowhere else.

use crate::error::Error;
use crate::mask::{self, MaskKey};
use crate::redactor::Redactor;
use crate::rules::{Rules, checked_name, checked_pattern};

/// Gathers a mask key and a user's rules.
#[derive(Default)]
#[must_use]
pub struct RedactorBuilder {
    mask_key: Option<[u8; 32]>,
    secret_names: Vec<String>,
    secret_keys: Vec<String>,
    allowed_names: Vec<String>,
    values: Vec<String>,
    allowed_values: Vec<String>,
}

impl RedactorBuilder {
    /// The key of the masks' digits. Processes that share it write equal masks for equal secrets; without it each
    /// redactor draws its own. Treat it as a secret: who knows it can test guesses against a mask.
    pub fn mask_key(mut self, key: [u8; 32]) -> Self {
        self.mask_key = Some(key);
        self
    }

    /// A key whose values are always masked, whatever its case and punctuation.
    pub fn secret_key_name(mut self, name: impl Into<String>) -> Self {
        self.secret_names.push(name.into());
        self
    }

    /// A regular expression; values of keys in which it matches are always masked.
    pub fn secret_key_pattern(mut self, pattern: impl Into<String>) -> Self {
        self.secret_keys.push(pattern.into());
        self
    }

    /// A key that names no secret: its values are looked at like those of any ordinary key.
    pub fn allow_key_name(mut self, name: impl Into<String>) -> Self {
        self.allowed_names.push(name.into());
        self
    }

    /// A regular expression for secrets in values. Where it has groups, the first is masked, else the whole match.
    pub fn value_pattern(mut self, pattern: impl Into<String>) -> Self {
        self.values.push(pattern.into());
        self
    }

    /// A regular expression; a value or secret that it matches as a whole is never masked.
    pub fn allow_value_pattern(mut self, pattern: impl Into<String>) -> Self {
        self.allowed_values.push(pattern.into());
        self
    }

    /// The redactor, or what is wrong with the first rule that cannot be used.
    pub fn build(self) -> Result<Redactor, Error> {
        let names = |what, names: &[String]| {
            names
                .iter()
                .map(|name| checked_name(what, name))
                .collect::<Result<_, _>>()
        };
        let patterns = |what, patterns: &[String]| {
            patterns
                .iter()
                .map(|text| checked_pattern(what, text))
                .collect::<Result<_, _>>()
        };
        let rules = Rules {
            secret_names: names("secret key name", &self.secret_names)?,
            secret_keys: patterns("secret key pattern", &self.secret_keys)?,
            allowed_names: names("allowed key name", &self.allowed_names)?,
            values: patterns("value pattern", &self.values)?,
            allowed_values: patterns("allowed value pattern", &self.allowed_values)?,
        };
        let key = self.mask_key.unwrap_or_else(mask::random_key);
        Ok(Redactor::new(MaskKey::new(key), rules))
    }
}

impl std::fmt::Debug for RedactorBuilder {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("RedactorBuilder { .. }")
    }
}
