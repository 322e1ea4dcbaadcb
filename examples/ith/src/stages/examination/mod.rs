//! `examination`: what the features are like, and which hypotheses about them stand.
//!
//! A file for each of its steps. What is asked is registered before anything is tested (`hypotheses.rs`), so nobody can
//! choose what was asked by how it came out.

mod dimensions;
mod distributions;
mod hypotheses;
mod hypothesis;
mod memory;
mod regimes;
mod stage;

pub use hypotheses::Examination;
pub use stage::examination;
