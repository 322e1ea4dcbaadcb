//! Public keys and signatures: the half of a key that anyone may have.
//!
//! A public key is written as 64 lower-case hex digits, in a seal and in `seal.pub` alike; a signature as 128.

use std::fmt;
use std::fs;
use std::path::Path;
use std::str::FromStr;

use ed25519_dalek::VerifyingKey;
use serde::{Deserialize, Serialize};

use crate::digest::{hex, unhex};
use crate::{RunError, RunErrorKind};

/// The public half of a sealing key.
///
/// ```
/// use telensic_run::PublicKey;
///
/// let text = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
/// let key: PublicKey = text.parse()?;
/// assert_eq!(key.to_string(), text);
/// # Ok::<(), telensic_run::RunError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    pub(super) fn new(key: VerifyingKey) -> Self {
        Self(key.to_bytes())
    }

    /// The key that a user names: its hex digits, or the path of a file that holds them.
    pub fn named(text: &str) -> Result<Self, RunError> {
        let trimmed = text.trim();
        if trimmed.len() == 64 && trimmed.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return trimmed.to_ascii_lowercase().parse();
        }
        Self::read(Path::new(text))
    }

    /// The key in this file, such as `seal.pub`.
    pub fn read(path: &Path) -> Result<Self, RunError> {
        let bytes = fs::read(path).map_err(RunError::on("read the public key", path))?;
        std::str::from_utf8(&bytes)
            .ok()
            .and_then(|text| parse(text.trim_end()))
            .ok_or_else(|| {
                RunError::new(
                    RunErrorKind::Invalid,
                    format!(
                        "{} holds no public key: it should hold 64 hex digits, as a seal.pub does",
                        path.display()
                    ),
                )
            })
    }

    /// Whether this key made the signature of this message.
    ///
    /// Strict, as RFC 8032 allows: a signature has one form only, and keys of small order sign nothing.
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        VerifyingKey::from_bytes(&self.0).is_ok_and(|key| key.verify_strict(message, &signature).is_ok())
    }
}

fn parse(text: &str) -> Option<PublicKey> {
    let bytes = unhex(text)?;
    let key = VerifyingKey::from_bytes(&bytes).ok()?;
    (!key.is_weak()).then_some(PublicKey(bytes))
}

impl FromStr for PublicKey {
    type Err = RunError;

    fn from_str(text: &str) -> Result<Self, RunError> {
        parse(text).ok_or_else(|| no_key(text))
    }
}

impl TryFrom<String> for PublicKey {
    type Error = RunError;

    /// Only the digits are looked at: whether it is a point of the curve is found out when it verifies something.
    fn try_from(text: String) -> Result<Self, RunError> {
        unhex(&text).map(Self).ok_or_else(|| no_key(&text))
    }
}

fn no_key(text: &str) -> RunError {
    RunError::new(
        RunErrorKind::Invalid,
        format!("{text:?} is no public key: copy the 64 hex digits of a seal.pub"),
    )
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        hex(&key.0)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex(&self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

/// An Ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Signature([u8; 64]);

impl Signature {
    pub(super) fn new(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }
}

impl TryFrom<String> for Signature {
    type Error = RunError;

    fn try_from(text: String) -> Result<Self, RunError> {
        unhex(&text).map(Self).ok_or_else(|| {
            RunError::new(
                RunErrorKind::Invalid,
                "that is no signature: it has 128 lower-case hex digits",
            )
        })
    }
}

impl From<Signature> for String {
    fn from(signature: Signature) -> Self {
        hex(&signature.0)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}
