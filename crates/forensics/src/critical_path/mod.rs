//! The critical path: the chain of work that decided how long a run took, and what shortening a part of it would gain.
//!
//! The walk is that of CRISP (Uber) and of Jaeger: from the end of the root backwards, always into the child that
//! finished last; a sibling is on the path only if it had ended before the one that followed it began. What a span did
//! while none of its children on the path ran is its own.
//!
//! ```text
//! root   |=====.................====|       path: root 0-5, a 5-12, b 12-20, root 20-25
//!   a         |-------|                     c ran at the same time as a and b, and ended before b did:
//!   b                 |--------|            nobody waited for it
//!   c           |---------|
//! ```
//!
//! Invariants: the segments follow on one another without gap or overlap and add up to the root's duration, whatever
//! the trace looks like: what lies outside of its parent (a clock that differs, a child nobody waited for) is cut to
//! it, what has no duration is passed over. Nothing recurses, so depth costs memory, not stack.

mod options;
mod walk;
mod what_if;

pub use options::{Outliving, PathOptions};
pub use walk::{CriticalPath, Segment};
pub use what_if::{Change, Reach, WhatIf};
