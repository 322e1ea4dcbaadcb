//! Attribute keys, classified once.
//!
//! Whether a key names a secret decides what happens to its value, so every key has a class. For a
//! [`Key::new`] constant the compiler finds it; for a literal the first use does, and a table keyed by the
//! literal's address remembers it (a `&'static str` never changes); only a key made at run time is classified
//! at every use.

use std::sync::atomic::{AtomicU64, Ordering};

use telensic_redact::{KeyClass, Redactor};

/// The key of an attribute.
///
/// ```
/// use telensic::Key;
/// const SYMBOL: Key<'static> = Key::new("symbol");
/// let span = telensic::span("load").with(SYMBOL, "BTCUSDT").with("rows", 5_000);
/// # drop(span);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Key<'a> {
    name: &'a str,
    nature: Nature,
}

/// What is known of a key before its name is looked at: small enough to be handed on in a register.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Nature {
    class: Class,
    /// A bit chosen by the name: two keys with different bits are different.
    bit: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// By the built-in rules, found at compile time.
    BuiltIn(KeyClass),
    /// A literal: look it up.
    Literal,
    /// Made at run time: classify it.
    Dynamic,
}

impl Key<'static> {
    /// A key whose class is found at compile time when this is used in a constant.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            nature: Nature {
                class: Class::BuiltIn(KeyClass::of(name)),
                bit: bit(name),
            },
        }
    }
}

impl<'a> Key<'a> {
    /// A key made at run time.
    pub fn dynamic(name: &'a str) -> Self {
        Self {
            name,
            nature: Nature {
                class: Class::Dynamic,
                bit: 0,
            },
        }
    }

    /// The key that these are the pieces of.
    pub(crate) fn of(name: &'a str, nature: Nature) -> Self {
        Self { name, nature }
    }

    #[inline(always)]
    pub(crate) const fn nature(&self) -> Nature {
        self.nature
    }

    /// The name.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The name's bit, if this is a constant that by the built-in rules cannot name a secret.
    #[inline(always)]
    pub(crate) const fn plain_constant(&self) -> Option<u8> {
        match self.nature.class {
            Class::BuiltIn(KeyClass::Plain) => Some(self.nature.bit),
            _ => None,
        }
    }

    #[inline(always)]
    pub(crate) fn is_dynamic(&self) -> bool {
        self.nature.class == Class::Dynamic
    }

    /// The class by the redactor's rules, and the name's bit.
    #[inline(always)]
    pub(crate) fn resolve(&self, redactor: &Redactor, has_key_rules: bool) -> (KeyClass, u8) {
        match self.nature.class {
            Class::BuiltIn(class) if !has_key_rules => (class, self.nature.bit),
            _ => self.look_up(redactor),
        }
    }

    #[inline(never)]
    fn look_up(&self, redactor: &Redactor) -> (KeyClass, u8) {
        match self.nature.class {
            Class::Dynamic => (redactor.key_class(self.name), bit(self.name)),
            Class::BuiltIn(_) | Class::Literal => resolve_literal(self.name, redactor),
        }
    }
}

impl From<&'static str> for Key<'static> {
    #[inline]
    fn from(name: &'static str) -> Self {
        Self {
            name,
            nature: Nature {
                class: Class::Literal,
                bit: 0,
            },
        }
    }
}

impl<'a> From<&'a String> for Key<'a> {
    fn from(name: &'a String) -> Self {
        Self::dynamic(name)
    }
}

/// Remembered literals: address (47 bits), length (8), class (2), bit (6), in use (1).
static LITERALS: [AtomicU64; 1024] = [const { AtomicU64::new(0) }; 1024];

const IN_USE: u64 = 1;

/// Forgets all classes: the rules have changed.
pub(crate) fn forget_literals() {
    for literal in &LITERALS {
        literal.store(0, Ordering::Relaxed);
    }
}

#[inline]
fn resolve_literal(name: &str, redactor: &Redactor) -> (KeyClass, u8) {
    let address = name.as_ptr() as u64;
    let identity = address << 17 | (name.len() as u64 & 0xff) << 9;
    let slot = &LITERALS[(address.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54) as usize];
    let known = slot.load(Ordering::Relaxed);
    if known & !0x1ff == identity && known & IN_USE != 0 {
        return (unpack(known), ((known >> 1) & 63) as u8);
    }
    let class = redactor.key_class(name);
    let bit = bit(name);
    if name.len() < 256 && address >> 47 == 0 {
        slot.store(
            identity | pack(class) << 7 | u64::from(bit) << 1 | IN_USE,
            Ordering::Relaxed,
        );
    }
    (class, bit)
}

const fn pack(class: KeyClass) -> u64 {
    match class {
        KeyClass::Plain => 0,
        KeyClass::Telling => 1,
        KeyClass::Secret => 2,
    }
}

const fn unpack(literal: u64) -> KeyClass {
    match (literal >> 7) & 3 {
        0 => KeyClass::Plain,
        1 => KeyClass::Telling,
        _ => KeyClass::Secret,
    }
}

/// One of 64 bits, by the name's content.
const fn bit(name: &str) -> u8 {
    let bytes = name.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut index = 0;
    while index < bytes.len() {
        hash = (hash ^ bytes[index] as u64).wrapping_mul(0x0100_0000_01b3);
        index += 1;
    }
    (hash >> 58) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_classified_as_the_constant_is_and_a_prefix_of_it_apart() {
        let redactor = Redactor::default();
        let name: &'static str = "passwordless";
        for _ in 0..2 {
            let whole = Key::from(name).look_up(&redactor);
            assert_eq!(whole, Key::new("passwordless").resolve(&redactor, false));
            let prefix: &'static str = &name[..8];
            assert_eq!(Key::from(prefix).look_up(&redactor).0, KeyClass::Secret);
            assert_eq!(Key::dynamic(prefix).look_up(&redactor).0, KeyClass::Secret);
        }
    }
}
