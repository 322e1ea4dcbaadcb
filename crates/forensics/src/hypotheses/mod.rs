//! The hypothesis ledger: all tests of all runs of an experiment, counted together.
//!
//! A *hypothesis* is a `hypothesis_id`. A *trial* is one outcome of it: a hypothesis tested again with the same
//! statistic and p-value is a reproduction and counts once; one tested again with another outcome is a further trial,
//! because whoever repeats a test until it succeeds has made many. The number of trials with a p-value is the number of
//! tests that p-values are corrected for. Tests without a p-value are listed, not counted.
//!
//! Invariant: no result that a tape holds is left out; one that cannot be counted is listed with the reason.

mod adjust;
mod ledger;
mod registrations;
mod render;

pub use adjust::{benjamini_hochberg, benjamini_yekutieli, bonferroni};
pub use ledger::{
    Adjusted, HypothesisLedger, LedgerBuilder, Registration, Trial, UncountedReason, UncountedResult,
};
