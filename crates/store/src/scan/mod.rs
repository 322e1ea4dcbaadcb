//! The one scan: rows of a signal that fulfil a predicate, as batches of the columns asked for.
//!
//! It looks at memory and at segments as they were at one moment: each acknowledged row once, whatever is flushed,
//! compacted or removed meanwhile. What need not be read is not:
//!
//! ```text
//! segment     by its facts: time, runs, services and operations
//! row group   by statistics of time and trace, and by bloom filters of traces and of attributes' texts
//! page        by the page index of traces
//! row         conditions one after the other, each on its own columns; the rest is decoded for the rows that are left
//! ```
//!
//! Invariant: pruning only ever leaves out rows that would not have fulfilled the predicate.

mod evaluate;
mod fold;
mod limits;
mod predicate;
mod prune;
mod scanning;
mod segment_scan;

pub use limits::Limits;
pub use predicate::{Condition, Predicate, TextTest, ValueTest};
pub use scanning::{Projection, Scan};

pub(crate) use fold::fold;
pub(crate) use limits::Meter;
pub(crate) use scanning::{Plan, Source};
