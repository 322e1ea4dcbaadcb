//! The redactor: what every key and value goes through.
//!
//! Invariant: masking is idempotent, and a value that is borrowed back is byte for byte the caller's. Nothing locks,
//! and a clean value costs no allocation.

use std::borrow::Cow;

use crate::builder::RedactorBuilder;
use crate::counts::{Counts, Kind};
use crate::detect::{self, Hit};
use crate::first_look::{self, Facts, SHORTEST};
use crate::key::KeyClass;
use crate::mask::{self, MaskKey};
use crate::rules::Rules;

/// After this many rounds (a user's pattern may match masks) a text is masked as a whole.
const ROUNDS: usize = 4;

/// Finds and masks secrets.
pub struct Redactor {
    key: MaskKey,
    rules: Rules,
    counts: Counts,
}

impl Redactor {
    pub(crate) fn new(key: MaskKey, rules: Rules) -> Self {
        Self {
            key,
            rules,
            counts: Counts::default(),
        }
    }

    /// Starts a redactor with rules or a mask key of one's own.
    pub fn builder() -> RedactorBuilder {
        RedactorBuilder::default()
    }

    /// Whether the user has rules for keys: if not, [`KeyClass::of`] is all that [`Redactor::key_class`] says.
    #[inline]
    pub fn has_key_rules(&self) -> bool {
        self.rules.has_key_rules()
    }

    /// The class of a key by the built-in rules and the user's.
    pub fn key_class(&self, key: &str) -> KeyClass {
        self.rules.key_class(key)
    }

    /// The value with its secrets masked; borrowed if it has none.
    ///
    /// ```
    /// use telensic_redact::{KeyClass, Redactor};
    ///
    /// let redactor = Redactor::builder().mask_key([1; 32]).build()?;
    /// let text = redactor.text(KeyClass::Plain, "login with password=hunter2 ok");
    /// assert!(text.starts_with("login with password=[REDACTED:") && text.ends_with("] ok"));
    /// # Ok::<(), telensic_redact::Error>(())
    /// ```
    #[inline]
    pub fn text<'a>(&self, class: KeyClass, value: &'a str) -> Cow<'a, str> {
        if class != KeyClass::Secret && !self.rules.has_value_rules() {
            if value.len() < SHORTEST || first_look::is_quiet_word(value.as_bytes()) {
                return Cow::Borrowed(value);
            }
            let facts = Facts::of(value.as_bytes());
            let may_be_random = class == KeyClass::Telling && facts.may_look_random(value.len());
            if !may_be_random && facts.are_clean(value.as_bytes()) {
                return Cow::Borrowed(value);
            }
            if !may_be_random {
                return self.suspect(value, facts);
            }
        }
        self.closer(class, value)
    }

    /// Whether a cheap look shows that [`Redactor::text`] gives a value under a plain key back as it is.
    #[inline]
    pub fn passes(&self, value: &str) -> bool {
        !self.rules.has_value_rules()
            && (value.len() < SHORTEST || first_look::finds_nothing(value.as_bytes()))
    }

    /// The same answer as [`Redactor::text`], without the first look: slower, for checks and fuzzing.
    pub fn text_by_full_scan<'a>(&self, class: KeyClass, value: &'a str) -> Cow<'a, str> {
        match class {
            KeyClass::Secret => self.whole(value, Kind::NamedKey),
            KeyClass::Telling if self.looks_random(value) => self.whole(value, Kind::HighEntropy),
            _ => self.masked(value, Facts::ALL),
        }
    }

    /// Bytes that may be a secret: under a secret key their mask, else the text masked if they are UTF-8, else the
    /// bytes as they are.
    pub fn bytes<'a>(&self, class: KeyClass, value: &'a [u8]) -> Cow<'a, [u8]> {
        if class == KeyClass::Secret && !value.is_empty() && !mask::is_mask(value) {
            return Cow::Owned(self.mask_of(value).into_bytes());
        }
        match std::str::from_utf8(value).map(|text| self.text(class, text)) {
            Ok(Cow::Owned(text)) => Cow::Owned(text.into_bytes()),
            _ => Cow::Borrowed(value),
        }
    }

    /// The mask for a number, a boolean or an array under a secret key: `secret` is its text or its bytes.
    pub fn mask_of(&self, secret: &[u8]) -> String {
        self.counts.add(Kind::NamedKey);
        let mut mask = String::new();
        self.key.write_mask(&mut mask, "", secret);
        mask
    }

    /// How many secrets were masked so far, kind by kind.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    #[cold]
    fn closer<'a>(&self, class: KeyClass, value: &'a str) -> Cow<'a, str> {
        match class {
            KeyClass::Secret => self.whole(value, Kind::NamedKey),
            KeyClass::Telling if self.looks_random(value) => self.whole(value, Kind::HighEntropy),
            _ => self.masked(value, Facts::of(value.as_bytes())),
        }
    }

    fn looks_random(&self, value: &str) -> bool {
        detect::looks_random(value.as_bytes()) && !self.rules.allows(value)
    }

    fn whole<'a>(&self, value: &'a str, kind: Kind) -> Cow<'a, str> {
        if value.is_empty() || mask::is_mask(value.as_bytes()) || self.rules.allows(value) {
            return Cow::Borrowed(value);
        }
        self.counts.add(kind);
        let mut mask = String::new();
        self.key.write_mask(&mut mask, "", value.as_bytes());
        Cow::Owned(mask)
    }

    #[inline(never)]
    fn suspect<'a>(&self, value: &'a str, facts: Facts) -> Cow<'a, str> {
        self.masked(value, facts)
    }

    /// Masks until nothing is found: a mask can join or part what stood around the secret.
    fn masked<'a>(&self, value: &'a str, facts: Facts) -> Cow<'a, str> {
        let Some(mut text) = self.masked_once(value, facts) else {
            return Cow::Borrowed(value);
        };
        for _ in 1..ROUNDS {
            match self.masked_once(&text, Facts::ALL) {
                Some(next) => text = next,
                None => return Cow::Owned(text),
            }
        }
        self.whole(value, Kind::UserRule)
    }

    fn masked_once(&self, value: &str, facts: Facts) -> Option<String> {
        let mut hits = detect::scan(value.as_bytes(), facts, &self.rules);
        if self.rules.has_value_rules() {
            self.add_user_hits(value, &mut hits);
        }
        hits.retain(|hit| {
            value
                .get(hit.start..hit.end)
                .is_some_and(|secret| !self.rules.allows(secret))
        });
        if hits.is_empty() {
            return None;
        }
        let mut out = String::with_capacity(value.len() + 16);
        let mut from = 0;
        for hit in &hits {
            out.push_str(&value[from..hit.start]);
            self.key
                .write_mask(&mut out, hit.label, &value.as_bytes()[hit.start..hit.end]);
            self.counts.add(hit.kind);
            from = hit.end;
        }
        out.push_str(&value[from..]);
        Some(out)
    }

    fn add_user_hits(&self, value: &str, hits: &mut Vec<Hit>) {
        for pattern in &self.rules.values {
            for found in pattern.captures_iter(value) {
                let Some(secret) = found.get(1).or(found.get(0)) else {
                    continue;
                };
                hits.push(Hit {
                    start: secret.start(),
                    end: secret.end(),
                    kind: Kind::UserRule,
                    label: "",
                });
            }
        }
        detect::merge(value.as_bytes(), hits);
    }
}

impl Default for Redactor {
    /// The built-in rules, and a mask key drawn for this redactor alone.
    fn default() -> Self {
        Self::new(MaskKey::new(mask::random_key()), Rules::default())
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Redactor")
            .field("rules", &self.rules)
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}
