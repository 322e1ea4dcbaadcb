//! Joining tapes: which are meant, where they are brought to, and what the join comes to.
//!
//! Invariant: a tape that is there is never overwritten, and a sealed run gets none.

mod bring;
mod summary;
mod tapes;

pub(crate) use bring::bring;
pub(crate) use summary::{MergeSummary, print};
pub(crate) use tapes::tapes_meant;
