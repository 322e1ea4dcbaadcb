//! A run: one execution of a pipeline profile, recorded into a directory of its own and sealed at its end.
//!
//! Everything that the process records between [`Run::start`] and [`Run::finish`] belongs to the run, on whatever
//! thread; what has no parent is a child of the run's root span. What was recorded before, and what comes after, is on
//! other tapes. Workers are started with [`Run::hand_over`] and join by their environment.
//!
//! Invariant: a process has at most one run at a time, and a run is concluded by the process that started it, or by
//! `telensic recover` if that died.

mod active;
mod builder;
mod conclude;
mod facts;
mod profiles;
mod session;

pub use active::Run;
pub(crate) use active::hand_over;
pub use builder::RunBuilder;
pub use conclude::{Concluded, Ending, conclude};
