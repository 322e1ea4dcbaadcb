//! The sealing key of this machine: made on first use, never shown.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

use ed25519_dalek::Signer;

use super::{PublicKey, Signature, file};
use crate::{RunError, RunErrorKind, atomic};

/// The key that signs seals and ledger lines.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// Where the key of this machine lies: TELENSIC_KEY, else `telensic/seal.key` in the user's configuration.
    pub fn path() -> Result<PathBuf, RunError> {
        let given = |name| {
            env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        if let Some(path) = given("TELENSIC_KEY") {
            return Ok(path);
        }
        given("XDG_CONFIG_HOME")
            // A relative one is to be ignored, says the XDG specification.
            .filter(|config| config.is_absolute())
            .or_else(|| Some(given("HOME")?.join(".config")))
            .map(|config| config.join("telensic").join("seal.key"))
            .ok_or_else(|| {
                RunError::new(
                    RunErrorKind::Invalid,
                    "no place for the sealing key, since HOME is not set: name a file in TELENSIC_KEY",
                )
            })
    }

    /// The key of this machine; the first use makes it, with its public half beside it.
    pub fn load_or_create() -> Result<Self, RunError> {
        Self::load_or_create_at(&Self::path()?)
    }

    /// The key in this file, which is made if it is missing.
    pub fn load_or_create_at(path: &Path) -> Result<Self, RunError> {
        let (secret, is_new) = file::read_or_make(path, || {
            let mut secret = [0; 32];
            getrandom::fill(&mut secret).map_err(|error| {
                RunError::new(
                    RunErrorKind::Io,
                    format!("cannot make a sealing key without the system's randomness: {error}"),
                )
            })?;
            Ok(secret)
        })?;
        let key = Self(ed25519_dalek::SigningKey::from_bytes(&secret));
        if is_new {
            let line = format!("{}\n", key.public_key());
            atomic::write(&public_path(path), line.as_bytes())?;
        }
        Ok(key)
    }

    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        PublicKey::new(self.0.verifying_key())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Signature {
        Signature::new(self.0.sign(message).to_bytes())
    }
}

impl PublicKey {
    /// The public half of this machine's key; `None` as long as no key was made. Makes none.
    pub fn of_this_machine() -> Result<Option<Self>, RunError> {
        let secret = file::read(&SigningKey::path()?)?;
        Ok(secret.map(|secret| SigningKey(ed25519_dalek::SigningKey::from_bytes(&secret)).public_key()))
    }
}

/// `seal.pub` beside `seal.key`.
fn public_path(path: &Path) -> PathBuf {
    if path.extension().is_some_and(|extension| extension == "key") {
        return path.with_extension("pub");
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".pub");
    PathBuf::from(name)
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public_key())
    }
}
