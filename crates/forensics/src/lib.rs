//! Readings of a run: what happened, where the time went, what it decided, and why it differs from another.
//!
//! Everything begins with a [`Timeline`]: all tapes of a run, joined. The rest are pure functions of it: no I/O but
//! the run that is given, nothing that waits, and no byte on a tape that makes them panic.

pub mod critical_path;
pub mod diff;
pub mod fleet;
pub mod health;
pub mod hypotheses;
pub mod lineage;
pub mod lookahead;
pub mod pack;
pub mod place;
pub mod profile;
pub mod replay;
pub mod report;
mod run_view;
pub mod timeline;
pub mod trace_file;
mod typed_events;

pub use fleet::Fleet;
pub use health::{Health, RunSummary};
pub use run_view::RunView;
pub use timeline::Timeline;
pub use trace_file::TraceFile;
