//! Concluding runs whose process died.
//!
//! Invariant: a run that somebody may still write is left alone, unless the user insists; what is sealed always is.

mod need;
mod recover;

pub(crate) use need::{Need, need};
pub(crate) use recover::{Recovered, recover};
