//! The hashes of runs of rows: what lets two fingerprints say which rows differ.
//!
//! ```text
//! leaf   = BLAKE3(encoded rows)                                  1,000 rows of a column
//! pair   = BLAKE3("telensic pair" ++ left ++ right)              left and right: 12 bytes each
//! chunks   leaves, or pairs, or pairs of pairs ...; each hash cut to its first 12 bytes
//! root   = BLAKE3(all leaves, 32 bytes each)                     the same whatever level is kept
//! ```
//!
//! Invariant: no more than the allowed number of hashes are kept. When there would be more, neighbours are paired, so
//! a chunk then spans twice the rows; a last one without a neighbour stands for itself. Pairing what was stored gives
//! the same as pairing while reading, so fingerprints of different levels are compared at the coarser one.

use std::borrow::Cow;
use std::fmt;

use blake3::Hasher;
use serde::{Deserialize, Serialize};

use super::ranges::{RowRange, push_range};
use crate::digest::{hex, unhex};
use crate::{Digest, RunError, RunErrorKind};

/// The first 12 bytes of a BLAKE3 hash; 24 hex digits in text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ShortDigest(pub [u8; Self::LEN]);

impl ShortDigest {
    /// Its length in bytes.
    pub const LEN: usize = 12;

    pub(crate) fn cut(hash: &blake3::Hash) -> Self {
        let mut short = [0; Self::LEN];
        short.copy_from_slice(&hash.as_bytes()[..Self::LEN]);
        Self(short)
    }

    fn pair(left: Self, right: Self) -> Self {
        let mut hasher = Hasher::new();
        hasher.update(b"telensic pair").update(&left.0).update(&right.0);
        Self::cut(&hasher.finalize())
    }
}

impl From<ShortDigest> for String {
    fn from(digest: ShortDigest) -> Self {
        hex(&digest.0)
    }
}

impl TryFrom<String> for ShortDigest {
    type Error = RunError;

    fn try_from(text: String) -> Result<Self, RunError> {
        unhex(&text)
            .map(Self)
            .ok_or_else(|| broken(&format!("{text:?} is no short digest of 24 hex digits")))
    }
}

impl fmt::Debug for ShortDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from(*self))
    }
}

/// The hashes of equally long runs of rows, in order; the last run may be shorter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "StoredChunks", try_from = "StoredChunks")]
pub struct Chunks {
    /// Rows (of an array: elements) in a chunk.
    pub rows_per_chunk: u64,
    /// A hash for each.
    pub hashes: Vec<ShortDigest>,
}

/// In JSON the hashes are one run of hex digits.
#[derive(Serialize, Deserialize)]
struct StoredChunks {
    rows_per_chunk: u64,
    hashes: String,
}

impl From<Chunks> for StoredChunks {
    fn from(chunks: Chunks) -> Self {
        let mut hashes = String::new();
        for hash in &chunks.hashes {
            hashes.push_str(&hex(&hash.0));
        }
        Self {
            rows_per_chunk: chunks.rows_per_chunk,
            hashes,
        }
    }
}

impl TryFrom<StoredChunks> for Chunks {
    type Error = RunError;

    fn try_from(stored: StoredChunks) -> Result<Self, RunError> {
        let digits = stored.hashes.as_bytes().chunks(ShortDigest::LEN * 2);
        let hashes: Option<Vec<ShortDigest>> = digits
            .map(|digits| std::str::from_utf8(digits).ok().and_then(unhex).map(ShortDigest))
            .collect();
        let hashes = hashes.ok_or_else(|| broken("the hashes of chunks are not whole"))?;
        if stored.rows_per_chunk == 0 {
            return Err(broken("its chunks have no rows"));
        }
        Ok(Self {
            rows_per_chunk: stored.rows_per_chunk,
            hashes,
        })
    }
}

fn broken(what: &str) -> RunError {
    RunError::new(
        RunErrorKind::Invalid,
        format!("broken fingerprint: {what}; take the fingerprint again"),
    )
}

impl Chunks {
    /// Where two versions of the same column differ, in rows; `None` if their chunks cannot be aligned.
    ///
    /// Only the rows that both have are looked at; `rows` are their counts.
    pub(crate) fn differences(&self, other: &Self, rows: (u64, u64)) -> Option<Vec<RowRange>> {
        let coarser = self.rows_per_chunk.max(other.rows_per_chunk);
        let (a, b) = (self.coarsened(coarser)?, other.coarsened(coarser)?);
        let common = rows.0.min(rows.1);
        let mut found = Vec::new();
        for (at, (left, right)) in (0_u64..).zip(a.hashes.iter().zip(&b.hashes)) {
            let start = at.saturating_mul(coarser);
            if left != right && start < common {
                let end = start.saturating_add(coarser).min(common);
                push_range(&mut found, RowRange { start, end });
            }
        }
        Some(found)
    }

    fn coarsened(&self, rows_per_chunk: u64) -> Option<Cow<'_, Self>> {
        if self.rows_per_chunk == rows_per_chunk {
            return Some(Cow::Borrowed(self));
        }
        let mut coarse = self.clone();
        while coarse.rows_per_chunk < rows_per_chunk {
            coarse.rows_per_chunk = coarse.rows_per_chunk.checked_mul(2)?;
            pair_up(&mut coarse.hashes);
        }
        (coarse.rows_per_chunk == rows_per_chunk).then_some(Cow::Owned(coarse))
    }
}

fn pair_up(hashes: &mut Vec<ShortDigest>) {
    *hashes = hashes
        .chunks(2)
        .map(|pair| match pair {
            [left, right] => ShortDigest::pair(*left, *right),
            _ => pair[0],
        })
        .collect();
}

/// Gathers leaves, in order, into [`Chunks`] of bounded number.
pub(crate) struct ChunkTree {
    leaf_rows: u64,
    most: usize,
    hashes: Vec<ShortDigest>,
    /// What waits for its right neighbour, level by level below that of `hashes`.
    pending: Vec<Option<ShortDigest>>,
    root: Hasher,
}

impl ChunkTree {
    /// `most` is how many hashes may be kept; it is rounded down to a power of two.
    pub(crate) fn new(leaf_rows: u64, most: usize) -> Self {
        let most = most.max(2);
        Self {
            leaf_rows,
            most: 1 << most.ilog2(),
            hashes: Vec::new(),
            pending: Vec::new(),
            root: Hasher::new(),
        }
    }

    pub(crate) fn push(&mut self, leaf: &blake3::Hash) {
        self.root.update(leaf.as_bytes());
        let mut node = ShortDigest::cut(leaf);
        for waiting in &mut self.pending {
            match waiting.take() {
                Some(left) => node = ShortDigest::pair(left, node),
                None => {
                    *waiting = Some(node);
                    return;
                }
            }
        }
        if self.hashes.len() == self.most {
            pair_up(&mut self.hashes);
            self.pending.push(Some(node));
            return;
        }
        self.hashes.push(node);
    }

    pub(crate) fn finish(mut self) -> (Digest, Chunks) {
        let last = self
            .pending
            .iter()
            .fold(None, |right, left| match (*left, right) {
                (Some(left), Some(right)) => Some(ShortDigest::pair(left, right)),
                (left, right) => left.or(right),
            });
        self.hashes.extend(last);
        let chunks = Chunks {
            rows_per_chunk: self.leaf_rows << self.pending.len(),
            hashes: self.hashes,
        };
        (Digest::from(self.root.finalize()), chunks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(leaves: u32, most: usize) -> (Digest, Chunks) {
        let mut tree = ChunkTree::new(1000, most);
        for leaf in 0..leaves {
            tree.push(&blake3::hash(&leaf.to_le_bytes()));
        }
        tree.finish()
    }

    #[test]
    fn pairing_while_reading_gives_what_pairing_afterwards_gives() {
        for leaves in 0..200 {
            let (fine_root, fine) = tree(leaves, 4096);
            for most in [2, 4, 16, 64] {
                let (root, coarse) = tree(leaves, most);
                assert_eq!(root, fine_root);
                assert!(coarse.hashes.len() <= most + 1, "{leaves} leaves, {most} allowed");
                assert_eq!(
                    *fine.coarsened(coarse.rows_per_chunk).unwrap(),
                    coarse,
                    "{leaves} leaves, {most} allowed"
                );
            }
        }
    }

    #[test]
    fn a_version_of_more_rows_is_compared_at_its_coarser_level() {
        let (_, fine) = tree(16, 16);
        let (_, coarse) = tree(17, 16);
        assert_eq!((fine.rows_per_chunk, coarse.rows_per_chunk), (1000, 2000));
        assert_eq!(fine.differences(&coarse, (16_000, 17_000)), Some(vec![]));
        let mut changed = fine.clone();
        changed.hashes[5] = changed.hashes[4];
        assert_eq!(
            changed.differences(&coarse, (16_000, 17_000)),
            Some(vec![RowRange {
                start: 4_000,
                end: 6_000
            }])
        );
    }

    #[test]
    fn chunks_that_no_doubling_aligns_are_not_compared() {
        let (_, mut odd) = tree(4, 16);
        odd.rows_per_chunk = 1500;
        assert_eq!(tree(4, 16).1.differences(&odd, (4000, 6000)), None);
    }
}
