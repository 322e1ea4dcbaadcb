//! Decision to P&L: from a fill or a figure back to the decision, its features and thresholds, the algorithm, the data and
//! the code.
//!
//! ```text
//! pnl.figure --fill_ids--> trade.fill --decision_id--> decision.snapshot --> features, thresholds
//!            --decision_id-------------------------^         +--> algorithm.init: version, config hash, seed
//!                                                            +--> data.load: hashes
//!                                                            +--> commit
//! ```
//!
//! The algorithm of a decision is the latest `algorithm.init` before it in its own unit (sleeve, else stage), else the latest
//! before it outside any sleeve. Its data is what it consumed, as [`crate::lookahead`] defines it. A link that the record does not
//! have is listed as a gap, not guessed.

mod render;
mod trace;

pub use trace::{DecisionLineage, Lineage, Model};
