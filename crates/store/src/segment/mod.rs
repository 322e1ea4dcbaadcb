//! Segments: sorted rows of one signal and tenant in a Parquet file, written once.
//!
//! ```text
//! <signal>/<tenant>/<from>-<to>-<generation>.parquet      from, to: positions in the log, 16 hex digits each
//!
//! rows          the frames of that signal and tenant from position `from` up to, not including, `to`
//! order         run_id, trace_id, start (metrics: run_id, name, time); rows without a run first
//! row groups    32,768 rows, data pages of 4,096; ZSTD 1; times and other integers as differences
//! bloom filter  on trace_id and on the texts of attributes, per row group
//! key `telensic` in the footer: a JSON object, see `SegmentFacts`
//! ```
//!
//! Invariants: a file's name says which part of the log is in it, so what is in two files can be told from their names
//! alone: of two whose ranges contain one another the later generation counts, and the other is left over from a
//! compaction that was interrupted. So a list of names is all that recovery needs.

mod cached;
mod facts;
mod file;
mod id;
mod sort;
mod write;

pub(crate) use cached::{Footer, FooterCache, contained, damaged};
pub(crate) use facts::SegmentFacts;
pub(crate) use file::Segment;
pub(crate) use id::SegmentId;
pub(crate) use sort::sorted;
pub(crate) use write::{encode, time_column};

/// A segment has at most so many rows, but for a single request that has more.
pub(crate) const MAX_ROWS: usize = 131_072;
