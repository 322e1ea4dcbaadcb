//! The fingerprint of an array.
//!
//! ```text
//! sha256, blake3   of all elements in C order, little-endian, every NaN with the bits of NumPy's nan:
//!                  so sha256(array.tobytes()) of an array without other NaNs
//! leaf             8,192 bytes of these (1,024 doubles), as a subtree of that BLAKE3
//!                  elements that do not divide 8,192: as many as fit, with a BLAKE3 of their own
//! ```
//!
//! Invariant: equal values in equal shapes give equal fingerprints, wherever and however they lie in memory.
//! 0.0 and -0.0 differ.

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use super::range::RangeOf;
use super::view::ArrayView;
use crate::Digest;
use crate::fingerprint::chunks::{ChunkTree, Chunks, ShortDigest};
use crate::fingerprint::scalar::Scalar;
use crate::fingerprint::sha256::Sha256Digest;
use crate::fingerprint::subtrees::Subtrees;

const LEAF_BYTES: usize = 8_192;

/// Leaves that are handed out at once: they stay in the CPU's cache while they are looked at thrice.
const LEAVES_IN_A_BLOCK: usize = 8;

const MOST_CHUNKS: usize = 4_096;

/// Below this many bytes a second thread costs more than it gains.
const WORTH_A_THREAD: usize = 1 << 20;

/// An array, without its values.
///
/// ```
/// use telensic_run::{ArrayDtype, ArrayFingerprint, ArrayView};
///
/// let prices: Vec<u8> = [101.5_f64, f64::NAN, 99.0].iter().flat_map(|price| price.to_le_bytes()).collect();
/// let view = ArrayView::contiguous(&prices, &[3], ArrayDtype::Float64)?;
/// let fingerprint = ArrayFingerprint::of("close", &view);
/// assert_eq!((fingerprint.dtype.as_str(), fingerprint.nan_count), ("float64", 1));
/// # Ok::<(), telensic_run::RunError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArrayFingerprint {
    /// Its name.
    pub name: String,
    /// SHA-256 of its elements.
    pub sha256: Sha256Digest,
    /// BLAKE3 of its elements.
    pub blake3: Digest,
    /// The lengths of its axes.
    pub shape: Vec<u64>,
    /// The type of its elements, as NumPy names it.
    pub dtype: String,
    /// The least and the greatest element; none if there is none but NaN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(Scalar, Scalar)>,
    /// Elements that are NaN, or "not a time".
    #[serde(default)]
    pub nan_count: u64,
    /// A hash of the first ten elements.
    pub checksum_first_10: ShortDigest,
    /// A hash for every run of elements in C order.
    pub chunks: Chunks,
}

impl ArrayFingerprint {
    /// Hashes the array; from a MiB on by two threads.
    pub fn of(name: impl Into<String>, view: &ArrayView<'_>) -> Self {
        let (sha256, rest) = if view.len() * view.dtype().width() < WORTH_A_THREAD {
            (sha256_of(view), Rest::of(view))
        } else {
            std::thread::scope(|scope| {
                let thread = std::thread::Builder::new()
                    .name("telensic-sha256".to_owned())
                    .spawn_scoped(scope, || sha256_of(view));
                let rest = Rest::of(view);
                let sha256 = thread.ok().and_then(|thread| thread.join().ok());
                (sha256.unwrap_or_else(|| sha256_of(view)), rest)
            })
        };
        Self {
            name: name.into(),
            sha256,
            blake3: rest.blake3,
            shape: view.shape().iter().map(|axis| *axis as u64).collect(),
            dtype: view.dtype().to_string(),
            range: rest.range.range(),
            nan_count: rest.range.nan_count(),
            checksum_first_10: rest.first,
            chunks: rest.chunks,
        }
    }

    /// Elements in a row: in all that has one index along the first axis.
    pub(crate) fn row_elements(&self) -> u64 {
        self.shape.iter().skip(1).product::<u64>().max(1)
    }

    pub(crate) fn elements(&self) -> u64 {
        self.shape.iter().product()
    }
}

fn leaf_elements(view: &ArrayView<'_>) -> usize {
    (LEAF_BYTES / view.dtype().width()).max(1)
}

fn sha256_of(view: &ArrayView<'_>) -> Sha256Digest {
    let mut hasher = sha2::Sha256::new();
    view.for_each_block(leaf_elements(view) * LEAVES_IN_A_BLOCK, |block| {
        hasher.update(block)
    });
    Sha256Digest::finish(hasher)
}

/// All but SHA-256, which takes longer than this.
struct Rest {
    blake3: Digest,
    chunks: Chunks,
    range: RangeOf,
    first: ShortDigest,
}

impl Rest {
    fn of(view: &ArrayView<'_>) -> Self {
        let width = view.dtype().width();
        let leaf = leaf_elements(view);
        let mut hasher = LeafHasher::new(leaf * width);
        let mut tree = ChunkTree::new(leaf as u64, MOST_CHUNKS);
        let mut range = RangeOf::new(view.dtype());
        let mut first = None;
        view.for_each_block(leaf * LEAVES_IN_A_BLOCK, |block| {
            first.get_or_insert_with(|| {
                ShortDigest::cut(&blake3::hash(&block[..block.len().min(10 * width)]))
            });
            block
                .chunks(leaf * width)
                .for_each(|leaf| tree.push(&hasher.push(leaf)));
            range.add(block);
        });
        Self {
            blake3: Digest::from(hasher.finish()),
            chunks: tree.finish().1,
            range,
            first: first.unwrap_or_else(|| ShortDigest::cut(&blake3::hash(&[]))),
        }
    }
}

/// BLAKE3 of the whole and of its leaves: one reading where leaves are subtrees, else two.
enum LeafHasher {
    Within(Subtrees),
    Beside(Box<blake3::Hasher>),
}

impl LeafHasher {
    fn new(leaf_bytes: usize) -> Self {
        match Subtrees::can_have(leaf_bytes) {
            true => Self::Within(Subtrees::new(leaf_bytes)),
            false => Self::Beside(Box::default()),
        }
    }

    fn push(&mut self, leaf: &[u8]) -> blake3::Hash {
        match self {
            Self::Within(subtrees) => subtrees.push(leaf),
            Self::Beside(whole) => {
                whole.update(leaf);
                blake3::hash(leaf)
            }
        }
    }

    fn finish(self) -> blake3::Hash {
        match self {
            Self::Within(subtrees) => subtrees.finish(),
            Self::Beside(whole) => whole.finalize(),
        }
    }
}
