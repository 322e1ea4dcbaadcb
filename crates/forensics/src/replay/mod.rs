//! Replay: epochs, decisions and the hypothesis audit, rebuilt from the record alone and checked against what was
//! recorded as their result.
//!
//! Epochs are counted by *unit* (the sleeve, or else the stage, that they were found in) and side. Within a unit and
//! side a new series begins when an `algorithm.init` came in between and the index does not go on.
//!
//! | check | holds when |
//! |---|---|
//! | epoch indices | they go on by one within a series |
//! | bar indices | they rise within a series |
//! | epoch condition | the excess gain beats the excess loss and the hurdle |
//! | epoch counts | a decision's epochs are those found before it in its unit |
//! | interval variation | a decision's CV is that of the intervals between those epochs |
//! | thresholds | a decision's hurdle is the one it names as its feature, and that of the epochs, where these have one |
//! | result metrics | each final metric that can be rebuilt is what was rebuilt |
//! | output hashes | a result's output hash is among those of an audited outcome |
//! | test decisions | a test rejects just when its p-value is not above alpha |
//! | hypothesis ids | equal tests have one id, and an id has one test |
//! | readable | every event of these types fits its type |
//!
//! A check that nothing in the record allows is *not recorded*, which is no failure.

mod check;
mod decision_checks;
mod epoch_checks;
mod hypothesis_checks;
mod rebuild;
mod render;
mod replayed;
mod result_checks;
mod series;

pub use check::{Check, CheckStatus, Rule};
pub use replayed::{Replay, ReplayedDecision, ReplayedEpoch, ReplayedHypothesis, ReplayedResult};
