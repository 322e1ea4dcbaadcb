//! BLAKE3 of a stream and of each of its leaves, in one pass.
//!
//! BLAKE3 is a tree: the hash of the whole is made of the hashes of its subtrees. A leaf is such a subtree, and its hash
//! what BLAKE3 calls the chaining value:
//!
//! ```text
//!            whole
//!           /     \
//!        pair      \          as BLAKE3 prescribes: the left side is the greatest power of two that leaves a right side
//!       /    \      \
//!    leaf    leaf   leaf      each of `leaf_bytes`, the last one shorter
//! ```
//!
//! Invariant: [`Subtrees::finish`] gives `blake3::hash` of all leaves in a row. The hash of a leaf depends on its bytes and on
//! its place, not on what comes before or after it.

use blake3::hazmat::{ChainingValue, HasherExt as _, Mode, merge_subtrees_non_root, merge_subtrees_root};
use blake3::{CHUNK_LEN, Hash, Hasher};

/// Takes leaves in order.
#[derive(Debug)]
pub(crate) struct Subtrees {
    leaf_bytes: usize,
    leaves: u64,
    /// Subtrees that wait for their right side, the greatest first: one for each bit of `leaves`.
    waiting: Vec<ChainingValue>,
    /// The whole, if the first leaf is the only one.
    only: Hash,
}

impl Subtrees {
    /// Whether leaves of this length are subtrees.
    pub(crate) fn can_have(leaf_bytes: usize) -> bool {
        leaf_bytes.is_power_of_two() && leaf_bytes >= CHUNK_LEN
    }

    pub(crate) fn new(leaf_bytes: usize) -> Self {
        Self {
            leaf_bytes,
            leaves: 0,
            waiting: Vec::new(),
            only: blake3::hash(&[]),
        }
    }

    /// Adds a leaf; only the last one may be shorter than the others.
    pub(crate) fn push(&mut self, leaf: &[u8]) -> Hash {
        while self.waiting.len() > self.leaves.count_ones() as usize {
            self.merge();
        }
        let mut hasher = Hasher::new();
        hasher.set_input_offset(self.leaves * self.leaf_bytes as u64);
        hasher.update(leaf);
        if self.leaves == 0 {
            self.only = hasher.finalize();
        }
        let value = hasher.finalize_non_root();
        self.waiting.push(value);
        self.leaves += 1;
        Hash::from(value)
    }

    fn merge(&mut self) {
        if let (Some(right), Some(left)) = (self.waiting.pop(), self.waiting.pop()) {
            self.waiting
                .push(merge_subtrees_non_root(&left, &right, Mode::Hash));
        }
    }

    /// The hash of the whole.
    pub(crate) fn finish(mut self) -> Hash {
        while self.waiting.len() > 2 {
            self.merge();
        }
        match &self.waiting[..] {
            [left, right] => merge_subtrees_root(left, right, Mode::Hash),
            _ => self.only,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(length: usize) -> Vec<u8> {
        (0..length).map(|at| (at * 31 % 251) as u8).collect()
    }

    #[test]
    fn the_whole_is_what_blake3_says_of_it() {
        for length in (0..40_000)
            .step_by(509)
            .chain([1024, 8192, 16_384, 32_768, 65_536])
        {
            let bytes = bytes(length);
            for leaf in [1024, 2048, 8192] {
                let mut subtrees = Subtrees::new(leaf);
                bytes.chunks(leaf).for_each(|leaf| {
                    subtrees.push(leaf);
                });
                assert_eq!(
                    subtrees.finish(),
                    blake3::hash(&bytes),
                    "{length} bytes by {leaf}"
                );
            }
        }
    }

    #[test]
    fn a_leaf_has_the_same_hash_however_many_follow() {
        let bytes = bytes(40_000);
        let of = |length: usize| -> Vec<Hash> {
            let mut subtrees = Subtrees::new(8192);
            bytes[..length]
                .chunks(8192)
                .map(|leaf| subtrees.push(leaf))
                .collect()
        };
        assert_eq!(of(8192), of(40_000)[..1]);
        assert_eq!(of(16_384), of(40_000)[..2]);
        assert_ne!(of(40_000)[4], of(39_999)[4]);
    }
}
