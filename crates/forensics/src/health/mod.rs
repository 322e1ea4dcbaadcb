//! The health of a run: where its time went, what failed and why, what is missing, and what is not as usual.
//!
//! Everything is read from the timeline and the manifest; what is usual comes from the summaries of earlier runs, which
//! are a part of the `health.json` that each of them left.
//!
//! Definitions:
//! - **Stage**: a span called `run_stage:<id>` or one with the attribute `stage_id`, unless it lies within an execution of
//!   the same stage. A run without any has the children of its root as stages, by name.
//! - **Self time**: the part of a span's duration in which none of its children ran.
//! - **Retry**: an execution that began after an earlier one of the same stage under the same parent had failed; or what the
//!   attributes `retry`, `retry_count`, `attempt` (from 1) say, if that is more. A failed execution that was retried does
//!   not make its stage failed.
//! - **Root cause**: the failing span under which no other fails; of several the one that ended first.
//! - **Busy time**: the self times of all spans together; over wall-clock time it is the speedup.
//!
//! Lists of unbounded length hold their first entries and say how many there are.

mod anomalies;
mod attributes;
mod cause;
mod errors;
mod fan_outs;
mod gaps;
mod listed;
mod logs;
mod nearest;
mod parallelism;
mod path;
mod reading;
mod record;
mod self_times;
mod span_names;
mod span_ref;
mod stage_table;
mod stages;
mod summary;
mod usual;

pub use anomalies::Anomaly;
pub use errors::ErrorGroup;
pub use fan_outs::FanOut;
pub use gaps::Gap;
pub use listed::Listed;
pub use logs::LogCounts;
pub use parallelism::Parallelism;
pub use path::{PathReport, PathShare};
pub use reading::Health;
pub use record::{DamagedTape, DuplicateCount, InFlight, LostRecords, RecordState, UnclosedTape, Unreadable};
pub use span_names::NameRow;
pub(crate) use span_names::percentile;
pub use span_ref::SpanRef;
pub use stage_table::{StageRow, StageStatus};
pub use stages::StageBasis;
pub use summary::{ErrorSummary, ParallelismSummary, RunSummary, StageSummary};
pub use usual::{Deviation, Usual};
