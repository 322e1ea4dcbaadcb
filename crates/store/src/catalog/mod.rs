//! The catalog: which segments there are and what is in them, in SQLite, so that a start need not read every footer.
//!
//! Invariant: it is never the only copy. What it says is checked against the shelf's list when the store is opened; a
//! catalog that is missing or damaged is made again from the segments.
//!
//! ```text
//! segments   name text primary key, len integer, facts text (JSON, as in the segment's footer)
//! streams    signal integer, tenant text, flushed_to integer: everything before it is in segments, or has expired
//! ```

mod database;

pub(crate) use database::{Catalog, Stream};
