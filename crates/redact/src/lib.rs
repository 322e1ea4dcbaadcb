//! Finds secrets in telemetry keys and values and masks them before the first byte is written.
//!
//! A key is classed once, at compile time where it is a literal; each value is then looked at under its key's class.
//!
//! ```
//! use telensic_redact::{KeyClass, Redactor};
//!
//! let redactor = Redactor::default();
//!
//! // An ordinary value is borrowed back: the usual case costs a few nanoseconds and no allocation.
//! assert_eq!(redactor.text(KeyClass::of("symbol"), "BTCUSDT"), "BTCUSDT");
//!
//! // Only the secret part of a value is masked.
//! let url = redactor.text(KeyClass::of("db.url"), "postgres://bob:hunter2@db:5432/prices");
//! assert!(url.starts_with("postgres://bob:[REDACTED:url-password:") && url.ends_with("]@db:5432/prices"));
//!
//! // Under a key that names a secret the whole value is, and equal secrets are seen to be equal.
//! let password = redactor.text(KeyClass::of("db.password"), "hunter2");
//! assert_eq!(password, redactor.text(KeyClass::of("db.password"), "hunter2"));
//! assert!(!password.contains("hunter2"));
//! assert_eq!(redactor.counts().total(), 3);
//! ```
//!
//! # What is masked
//!
//! - the whole value of a [`KeyClass::Secret`] key;
//! - in any value: providers' key formats, JSON web tokens, private key blocks, credentials in URLs, what follows
//!   `Bearer` or `Basic`, and the values of pairs, JSON members, flags and elements whose name is a secret's;
//! - a random-looking value under a [`KeyClass::Telling`] key, or next to a telling name inside a text.
//!
//! Values of fewer than eight bytes are masked under secret keys only. Numbers and arrays under a secret key get
//! [`Redactor::mask_of`]; other long arrays and all tables their [`fingerprint`].
//!
//! # What a mask gives away
//!
//! A mask is `[REDACTED:9f31c2aa]`, or `[REDACTED:github:9f31c2aa]` where the kind is known. The digits are 32 bits of
//! BLAKE3 over the secret under a random key of 32 bytes. Who lacks that key learns from them only whether two secrets
//! are equal (two different ones agree by chance once in four thousand million); the secret's length is not in them,
//! and since 32 bits are fewer than a good secret has, even the key would leave many candidates. **Who has the key**
//! can test guesses: for a weak password from a list, the few guesses that agree with the digits are likely to have
//! the right one among them. So a key given with [`RedactorBuilder::mask_key`], to compare masks across processes,
//! must be kept like the secrets themselves; the default key lives and dies with its redactor.

mod builder;
#[cfg(feature = "corpus")]
pub mod corpus;
mod counts;
mod detect;
mod error;
mod fingerprint;
mod first_look;
mod key;
mod mask;
mod redactor;
mod rules;

pub use builder::RedactorBuilder;
pub use counts::{Counts, Kind};
pub use error::{Error, ErrorKind};
pub use fingerprint::{Element, KEEP_ARRAY_ELEMENTS, fingerprint, fingerprint_bytes};
pub use key::KeyClass;
pub use redactor::Redactor;
