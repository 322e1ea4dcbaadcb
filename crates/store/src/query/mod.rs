//! Questions about what is stored: small folds over the one scan.
//!
//! Each has [`Limits`](crate::Limits) on time and memory. What comes in pages has a cursor for the next page that stays
//! good while rows are flushed, compacted or added: it is the key of the last row, not a place in a file.

mod aggregate;
mod catalogue;
mod critical_path;
mod distribution;
mod graph;
mod page;
mod ranking;
mod rows;
mod trace;

pub use aggregate::{Aggregation, Group};
pub use catalogue::{OperationRow, RunRow};
pub use critical_path::{CriticalPaths, PathShare};
pub use distribution::{Distribution, Quantile};
pub use graph::ServiceCall;
pub use page::{Page, PageCursor, PageRequest};
pub use rows::Rows;
