//! The demonstration: a pipeline is recorded, its input changed, its processes killed, and what comes up is answered.
//!
//! ```text
//! nav.csv --> run 1 --> health, verify
//!    | a cell is changed
//!    +------> run 2 --> diff with run 1: the cause
//!    +------> run 3, SIGKILL --> recover, verify
//! ```
//!
//! Nothing is acted: the pipeline is that of `examples/ith`, its processes are this program's own, and the answers are the
//! commands' own. Invariant: every step is held against what must come out, and what does not is told.

mod accident;
mod figure;
mod nav;
mod pipeline;
mod place;
mod story;
mod teller;

pub(crate) use place::Place;
pub(crate) use story::tell;
pub(crate) use teller::Teller;
