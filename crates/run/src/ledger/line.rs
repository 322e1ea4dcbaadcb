//! A line of the ledger.
//!
//! ```text
//! message   = "telensic-ledger-1\n" ++ compact JSON of `link`, fields in this order
//! hash      = BLAKE3(message)
//! signature = Ed25519(message)
//! ```

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::{PublicKey, RunId, RunStatus, Signature, SigningKey};

/// What a line says of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerLink {
    /// The place in the ledger, from 1.
    pub sequence: u64,
    /// The run.
    pub run_id: RunId,
    /// BLAKE3 of its `seal.json`.
    pub seal: Digest,
    /// The Merkle root that the seal signs.
    pub merkle_root: Digest,
    /// When it was sealed, UTC.
    pub sealed_at: String,
    /// How the run ended.
    pub status: RunStatus,
    /// The hash of the line before; zeros in the first.
    pub previous: Digest,
    /// Whose signature it is.
    pub public_key: PublicKey,
}

/// A whole line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerLine {
    /// What it says.
    pub link: LedgerLink,
    /// The hash that the next line refers to.
    pub hash: Digest,
    /// The signature of what it says.
    pub signature: Signature,
}

impl LedgerLink {
    pub(crate) fn sign(self, key: &SigningKey) -> LedgerLine {
        let message = self.message();
        LedgerLine {
            hash: Digest::of(&message),
            signature: key.sign(&message),
            link: self,
        }
    }

    fn message(&self) -> Vec<u8> {
        let mut message = b"telensic-ledger-1\n".to_vec();
        message.extend(json(self));
        message
    }
}

impl LedgerLine {
    /// The line of these bytes, without their line end; `None` unless they are just what is written for it.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let line: Self = serde_json::from_slice(bytes).ok()?;
        let is_whole = line.hash == Digest::of(&line.link.message());
        (is_whole && json(&line) == bytes).then_some(line)
    }

    /// Whether the key that it names signed it.
    pub fn is_signed(&self) -> bool {
        self.link
            .public_key
            .verifies(&self.link.message(), &self.signature)
    }

    /// The bytes as they are appended, line end included.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = json(self);
        bytes.push(b'\n');
        bytes
    }
}

fn json(value: &impl Serialize) -> Vec<u8> {
    // No map with other keys than text and no failing writer: nothing here can fail.
    serde_json::to_vec(value).unwrap_or_default()
}
