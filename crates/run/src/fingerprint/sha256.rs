//! SHA-256 as a typed value: it cannot be compared with BLAKE3, which is [`crate::Digest`], by mistake.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use crate::digest::{hex, unhex};
use crate::{RunError, RunErrorKind};

/// A SHA-256 hash, what `sha256sum` prints: 64 lower-case hex digits in text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Sha256Digest([u8; 32]);

impl Sha256Digest {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::finish(sha2::Sha256::new_with_prefix(bytes))
    }

    pub(crate) fn finish(hasher: sha2::Sha256) -> Self {
        Self(hasher.finalize().into())
    }
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex(&self.0))
    }
}

impl fmt::Debug for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl From<Sha256Digest> for String {
    fn from(digest: Sha256Digest) -> Self {
        hex(&digest.0)
    }
}

impl FromStr for Sha256Digest {
    type Err = RunError;

    fn from_str(text: &str) -> Result<Self, RunError> {
        unhex(text).map(Self).ok_or_else(|| {
            RunError::new(
                RunErrorKind::Invalid,
                format!("{text:?} is no SHA-256: it has 64 lower-case hex digits"),
            )
        })
    }
}

impl TryFrom<String> for Sha256Digest {
    type Error = RunError;

    fn try_from(text: String) -> Result<Self, RunError> {
        text.parse()
    }
}
