//! The fleet view: many runs of a profile held next to one another.
//!
//! It reads summaries alone, so a thousand runs cost a thousand small files and no tape.

mod stage;
mod view;

pub use stage::{Durations, Outlier, StageTrend};
pub use view::{Fleet, FleetParallelism};
