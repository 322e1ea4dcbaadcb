//! What the commands share that read a run: how it is opened, where it belongs, and how a reading is shown.
//!
//! Invariant: nothing in a run is written.

mod difference;
mod home;
mod open;
mod report;
mod text;

pub(crate) use difference::{Difference, difference};
pub(crate) use home::home;
pub(crate) use open::{open, tell_unreadable};
pub(crate) use report::{HISTORY, Report};
pub(crate) use text::{say, verdict};
