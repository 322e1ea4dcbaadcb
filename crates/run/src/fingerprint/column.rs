//! The fingerprint of a column: a hash for every 1,000 rows, so that two versions can say where they differ.
//!
//! ```text
//! leaf = BLAKE3(rows ++ positions of nulls, u32 each ++ number of rows, u32 ++ number of nulls, u32)
//! rows   CSV: per cell varint(length + 1) and its text, 0 for a cell that its line lacks
//!        fixed width: the values, little-endian, a null as zeros; booleans one byte
//!        text and bytes: varint(length) and the bytes, a null as length 0
//! ```
//!
//! Invariant: equal values give equal hashes, whatever blocks they came in and whichever library wrote them. Every
//! NaN counts as the same one; a null is none. 0.0 and -0.0 differ, since programs that meet them can differ. All
//! integers are little-endian.

use blake3::Hasher;
use serde::{Deserialize, Serialize};

use super::chunks::{ChunkTree, Chunks, ShortDigest};
use super::scalar::Scalar;
use crate::Digest;

/// Rows in a leaf.
pub(crate) const LEAF_ROWS: u64 = 1_000;

/// How many hashes the fingerprint of a table may hold, and of one column.
const MOST_HASHES: usize = 65_536;
const MOST_HASHES_OF_A_COLUMN: usize = 4_096;

/// Columns past this many are counted, not hashed one by one: the file's own hash covers them.
pub(crate) const MOST_COLUMNS: usize = 4_096;

/// The bytes of rows that all columns of a table together keep unhashed.
const MOST_BUFFERED: usize = 16 << 20;

/// How many values `checksum_first_10` covers.
const FIRST: u64 = 10;

/// A column's name and type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type: `int64`, `float64`, `bool`, `string`, `timestamp[ns, UTC]`, ...
    pub dtype: String,
}

/// What a column holds, without its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnFingerprint {
    /// Its name.
    pub name: String,
    /// Its type.
    pub dtype: String,
    /// The root over all its leaves.
    pub blake3: Digest,
    /// Cells without a value.
    pub null_count: u64,
    /// Cells that are not a number.
    #[serde(default)]
    pub nan_count: u64,
    /// The least value of a column of numbers or instants; texts have none, since it would be a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Scalar>,
    /// The greatest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Scalar>,
    /// A hash of the first ten values.
    pub checksum_first_10: ShortDigest,
    /// A hash for every chunk of rows.
    pub chunks: Chunks,
}

/// What the values of a column are, beside their hashes.
pub(crate) struct ColumnTraits {
    pub(crate) dtype: String,
    pub(crate) null_count: u64,
    pub(crate) nan_count: u64,
    pub(crate) range: Option<(Scalar, Scalar)>,
}

/// Takes the rows of one column, encoded, in order.
pub(crate) struct ColumnHasher {
    buffer: Vec<u8>,
    flush_at: usize,
    /// The part of the leaf that the buffer had no room for.
    flushed: Option<Box<Hasher>>,
    rows_in_leaf: u32,
    nulls: Vec<u32>,
    rows: u64,
    first: Option<ShortDigest>,
    tree: ChunkTree,
}

impl ColumnHasher {
    /// For one column of a table of so many.
    pub(crate) fn new(columns: usize) -> Self {
        let columns = columns.max(1);
        let most = (MOST_HASHES / columns).min(MOST_HASHES_OF_A_COLUMN);
        Self {
            buffer: Vec::new(),
            flush_at: (MOST_BUFFERED / columns).clamp(1 << 10, 1 << 16),
            flushed: None,
            rows_in_leaf: 0,
            nulls: Vec::new(),
            rows: 0,
            first: None,
            tree: ChunkTree::new(LEAF_ROWS, most),
        }
    }

    /// Where the next rows are to be encoded.
    #[inline]
    pub(crate) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// The row so many places behind the next is a null.
    #[cfg(feature = "arrow")]
    #[inline]
    pub(crate) fn mark_null(&mut self, offset: u32) {
        self.nulls.push(self.rows_in_leaf + offset);
    }

    /// How many rows may be encoded before [`ColumnHasher::advance`] is called.
    #[inline]
    pub(crate) fn room(&self) -> u64 {
        match self.rows {
            rows if rows < FIRST => FIRST - rows,
            _ => LEAF_ROWS - u64::from(self.rows_in_leaf),
        }
    }

    /// So many rows have been encoded, at most [`ColumnHasher::room`].
    #[inline]
    pub(crate) fn advance(&mut self, rows: u64) {
        debug_assert!(rows <= self.room(), "rows stay within a leaf");
        self.rows += rows;
        self.rows_in_leaf += rows as u32;
        if self.rows_in_leaf as u64 == LEAF_ROWS {
            self.end_leaf();
        } else if self.rows == FIRST {
            self.first = Some(self.checksum());
        } else if self.buffer.len() >= self.flush_at && self.rows > FIRST {
            self.flushed.get_or_insert_default().update(&self.buffer);
            self.buffer.clear();
        }
    }

    pub(crate) fn finish(mut self, name: String, traits: ColumnTraits) -> ColumnFingerprint {
        let first = self.first.unwrap_or_else(|| self.checksum());
        if self.rows_in_leaf > 0 {
            self.end_leaf();
        }
        let (blake3, chunks) = self.tree.finish();
        let (min, max) = traits.range.unzip();
        ColumnFingerprint {
            name,
            dtype: traits.dtype,
            blake3,
            null_count: traits.null_count,
            nan_count: traits.nan_count,
            min,
            max,
            checksum_first_10: first,
            chunks,
        }
    }

    fn end_leaf(&mut self) {
        let end = self.leaf_end();
        self.buffer.extend_from_slice(&end);
        let leaf = match self.flushed.take() {
            Some(mut hasher) => hasher.update(&self.buffer).finalize(),
            None => blake3::hash(&self.buffer),
        };
        self.tree.push(&leaf);
        self.buffer.clear();
        self.nulls.clear();
        self.rows_in_leaf = 0;
    }

    /// Of the rows so far, all of which are still in the buffer.
    fn checksum(&self) -> ShortDigest {
        let mut hasher = Hasher::new();
        hasher.update(&self.buffer).update(&self.leaf_end());
        ShortDigest::cut(&hasher.finalize())
    }

    fn leaf_end(&self) -> Vec<u8> {
        let mut end = Vec::with_capacity(self.nulls.len() * 4 + 8);
        for position in &self.nulls {
            end.extend_from_slice(&position.to_le_bytes());
        }
        end.extend_from_slice(&self.rows_in_leaf.to_le_bytes());
        end.extend_from_slice(&(self.nulls.len() as u32).to_le_bytes());
        end
    }
}

/// Appends a length, seven bits a byte, the lowest first.
#[inline]
pub(crate) fn push_length(out: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
}
