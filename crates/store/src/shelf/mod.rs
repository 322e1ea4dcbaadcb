//! Where segments lie: files that are written once, whole or not at all.
//!
//! A [`Shelf`] knows nothing of what is in them. Names have the form `spans/tenant/file`.

mod local;
#[cfg(feature = "s3")]
mod object;

use std::fmt::Debug;
use std::ops::Range;

use bytes::Bytes;

use crate::error::StoreError;

pub use local::LocalShelf;
#[cfg(feature = "s3")]
pub use object::{ObjectShelf, S3Options};

/// A place for segments.
///
/// Invariant: when [`put`](Self::put) returns, the file is there whole and survives a crash; before that it is not
/// seen under its name.
pub trait Shelf: Debug + Send + Sync + 'static {
    /// The names and sizes of all files.
    fn list(&self) -> Result<Vec<(String, u64)>, StoreError>;

    /// Puts a file there.
    fn put(&self, name: &str, bytes: Bytes) -> Result<(), StoreError>;

    /// Parts of a file, in the order they were asked for.
    fn read(&self, name: &str, ranges: &[Range<u64>]) -> Result<Vec<Bytes>, StoreError>;

    /// Removes a file; it may be gone already.
    fn remove(&self, name: &str) -> Result<(), StoreError>;
}
