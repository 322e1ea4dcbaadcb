//! Fingerprints: what a file, an array or a table held, without its values.
//!
//! Each holds SHA-256 and BLAKE3 of the whole, and a hash for every 1,000 rows of every column, so that [`compare`]
//! and its siblings say "column `close`, rows 40,000-40,999 changed" and not "the file changed". Besides hashes only
//! sizes, names, types and the least and greatest number are kept; no text of a cell, so no market data.

mod array;
#[cfg(feature = "arrow")]
mod arrow;
mod chunks;
mod column;
mod compare;
mod csv;
mod difference;
mod file;
mod json;
#[cfg(feature = "parquet")]
mod parquet;
mod ranges;
mod scalar;
mod sha256;
mod subtrees;
mod table;

pub use array::{ArrayDtype, ArrayFingerprint, ArrayView, TimeUnit};
#[cfg(feature = "arrow")]
pub use arrow::{TableFingerprinter, fingerprint_batches};
pub use chunks::{Chunks, ShortDigest};
pub use column::{Column, ColumnFingerprint};
pub use compare::{compare, compare_arrays, compare_tables};
pub use difference::{ColumnDifference, FileDifference, SchemaChange};
pub use file::{FileFingerprint, FileFormat};
pub use ranges::RowRange;
pub use scalar::Scalar;
pub use sha256::Sha256Digest;
pub use table::{Table, TableFingerprint};
