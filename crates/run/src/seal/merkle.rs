//! The Merkle tree over the entries of a seal, as RFC 6962 shapes it, with BLAKE3.
//!
//! ```text
//! leaf(entry)    = BLAKE3(0x00 ++ compact JSON of the entry)
//! node(l, r)     = BLAKE3(0x01 ++ l ++ r)
//! root([e])      = leaf(e)
//! root(e[0..n])  = node(root(e[0..k]), root(e[k..n])), k the largest power of two below n
//! ```
//!
//! Leaves and nodes are told apart by their first byte and no leaf is ever doubled, so no two lists have the same root.

use crate::digest::Digest;

pub(super) fn leaf(entry: &[u8]) -> Digest {
    Digest::of_parts(&[&[0], entry])
}

/// The root over these leaves; the hash of nothing if there are none.
pub(super) fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            Digest::of_parts(&[&[1], root(left).as_bytes(), root(right).as_bytes()])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_lists_of_leaves_have_the_same_root() {
        let leaves: Vec<Digest> = (0..9u8).map(|number| leaf(&[number])).collect();
        let mut roots: Vec<Digest> = (0..=leaves.len()).map(|len| root(&leaves[..len])).collect();
        // The last one doubled is the attack that a naive odd rule allows.
        roots.extend((1..leaves.len()).map(|len| {
            let mut doubled = leaves[..len].to_vec();
            doubled.push(leaves[len - 1]);
            root(&doubled)
        }));
        let mut swapped = leaves.clone();
        swapped.swap(0, 8);
        roots.push(root(&swapped));
        let count = roots.len();
        roots.sort_unstable();
        roots.dedup();
        assert_eq!(roots.len(), count);
    }

    #[test]
    fn an_odd_leaf_stands_by_itself_as_in_rfc_6962() {
        let [a, b, c] = [leaf(b"a"), leaf(b"b"), leaf(b"c")];
        let ab = Digest::of_parts(&[&[1], a.as_bytes(), b.as_bytes()]);
        assert_eq!(
            root(&[a, b, c]),
            Digest::of_parts(&[&[1], ab.as_bytes(), c.as_bytes()])
        );
    }
}
