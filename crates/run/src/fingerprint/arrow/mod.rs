//! Arrow arrays and record batches, hashed by their values: not by their buffers, which differ with offsets, empty
//! validity maps and dictionaries while the values are the same.

mod column;
mod dtype;
mod nested;
mod table;

pub(super) use column::ArrowColumn;
pub use table::{TableFingerprinter, fingerprint_batches};
