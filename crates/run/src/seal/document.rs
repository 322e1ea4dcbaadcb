//! `seal.json`.
//!
//! ```text
//! {"statement":{...},\n          the statement, one line
//! "entries":[\n
//! {...},\n                       an entry a line, sorted by path
//! {...}\n
//! ],\n
//! "signature":"<128 hex>"}\n
//! ```
//!
//! There is one way to write a seal: whatever does not come out of [`Seal::to_bytes`] again, byte for byte, is not one.

use serde::{Deserialize, Serialize};

use super::{Entry, LostCounts, SignalCounts, merkle};
use crate::digest::Digest;
use crate::{PublicKey, RunId, RunStatus, Signature, SigningKey};

/// The version of the format of `seal.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SealVersion(pub u32);

impl SealVersion {
    /// What this build writes, and the newest that it reads.
    pub const CURRENT: Self = Self(1);
}

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The version of the format.
    pub format_version: SealVersion,
    /// The run.
    pub run_id: RunId,
    /// Its number in the ledger; none if it was sealed without one.
    pub sequence: Option<u64>,
    /// The hash of the ledger's line before; none if it was sealed without one.
    pub previous: Option<Digest>,
    /// When it was sealed, UTC.
    pub sealed_at: String,
    /// How the run ended.
    pub status: RunStatus,
    /// The root trace.
    pub trace_id: Option<String>,
    /// The root span.
    pub root_span_id: Option<String>,
    /// What all entries together hold.
    pub totals: Totals,
    /// The root of the Merkle tree over the entries.
    pub merkle_root: Digest,
    /// The key that signs.
    pub public_key: PublicKey,
}

/// What all entries together hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    /// Entries.
    pub entries: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Tapes.
    pub tapes: u64,
    /// Chunks of all tapes.
    pub chunks: u64,
    /// Records on all tapes.
    pub records: SignalCounts,
    /// Records that all tapes lost.
    pub lost: LostCounts,
}

/// The seal of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// What is signed.
    pub statement: Statement,
    /// Everything in the run's directory but the seal, sorted by path.
    pub entries: Vec<Entry>,
    /// The signature of the statement.
    pub signature: Signature,
}

impl Statement {
    pub(super) fn sign(self, entries: Vec<Entry>, key: &SigningKey) -> Seal {
        Seal {
            signature: key.sign(&self.message()),
            statement: self,
            entries,
        }
    }

    fn message(&self) -> Vec<u8> {
        let mut message = b"telensic-seal-1\n".to_vec();
        put_json(&mut message, self);
        message
    }
}

impl Totals {
    pub(super) fn of(entries: &[Entry]) -> Self {
        let mut totals = Self {
            entries: entries.len() as u64,
            ..Self::default()
        };
        for entry in entries {
            let size = entry.content().map_or(0, |content| content.size);
            totals.bytes = totals.bytes.saturating_add(size);
            let Some(tape) = entry.tape() else { continue };
            totals.tapes += 1;
            totals.chunks = totals.chunks.saturating_add(tape.chunks.len() as u64);
            let records = &mut totals.records;
            records.spans = records.spans.saturating_add(tape.records.spans);
            records.logs = records.logs.saturating_add(tape.records.logs);
            records.metrics = records.metrics.saturating_add(tape.records.metrics);
            totals.lost.add(tape.lost);
        }
        totals
    }
}

impl Seal {
    /// The bytes of `seal.json`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = b"{\"statement\":".to_vec();
        put_json(&mut bytes, &self.statement);
        bytes.extend(b",\n\"entries\":[");
        for (number, entry) in self.entries.iter().enumerate() {
            bytes.extend(if number == 0 { "\n" } else { ",\n" }.bytes());
            put_json(&mut bytes, entry);
        }
        bytes.extend(b"\n],\n\"signature\":");
        put_json(&mut bytes, &self.signature);
        bytes.extend(b"}\n");
        bytes
    }

    /// The hash of `seal.json`, which the ledger has.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.to_bytes())
    }

    /// Whether the key that it names signed it.
    pub fn is_signed(&self) -> bool {
        let statement = &self.statement;
        statement
            .public_key
            .verifies(&statement.message(), &self.signature)
    }

    /// The Merkle root of the entries as they are here.
    pub fn merkle_root(&self) -> Digest {
        merkle_root(&self.entries)
    }
}

pub(super) fn merkle_root(entries: &[Entry]) -> Digest {
    let leaf = |entry| {
        let mut bytes = Vec::new();
        put_json(&mut bytes, entry);
        merkle::leaf(&bytes)
    };
    merkle::root(&entries.iter().map(leaf).collect::<Vec<_>>())
}

fn put_json(bytes: &mut Vec<u8>, value: &impl Serialize) {
    // No map with other keys than text and no failing writer: nothing here can fail.
    bytes.extend(serde_json::to_vec(value).unwrap_or_default());
}
