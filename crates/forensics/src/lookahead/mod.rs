//! Look-ahead: which decisions rest on something that was known only later.
//!
//! A *read* is a `data.load` event, or a span, that says what its data is about (`event_time`), when it became known
//! (`knowledge_time`) or as of when it was asked for (`as_of`). A *decision* is a `decision.snapshot`; its own time is
//! its `as_of`, or else its `timestamp_ns`.
//!
//! A decision has *consumed* a read that was recorded before it if
//!
//! - the decision names its inputs (`inputs`, `input_hashes` or `data_refs`), and the read's hash or source is among
//!   them; or
//! - it names none, both are in the same trace, and they are not in two different sleeves. So what a stage has read is
//!   consumed by every later decision, what a sleeve has read by that sleeve's, and by those made outside any sleeve.
//!
//! This errs on the side of flagging: the record shows that the data was at hand, not that it was looked at.
//! What was consumed was known at its `knowledge_time`; without one, not before its `event_time`; without that, `as_of`.

mod consumption;
mod decisions;
mod flags;
mod parting;
mod reads;
mod render;

pub(crate) use decisions::{Decision, decisions};
pub use flags::{Flag, Lookahead, UnjudgedDecision};
pub use parting::{Knowledge, Parting, PartingPoint, SourceDifference};
pub use reads::{DataRead, Evidence};
pub(crate) use {consumption::is_consumed, reads::reads};
