//! The timeline: all tapes of a run, joined.
//!
//! Spans are rows of fixed size, sorted by start; names are numbers; attributes are read where they lie when
//! somebody asks. So a million spans take some 100 MB besides their own bytes.
//!
//! Invariants: times are those that were recorded, never rewritten. A span is there once, however many tapes have it.
//! Nothing is dropped: orphans, spans still open, damage and lost records are all listed.
//!
//! ```text
//! tapes --read (in parallel)--> rows --merge--> sorted, told apart, linked to parents --> Timeline
//! ```

mod bodies;
mod children;
mod clock_offsets;
mod log;
mod merge;
mod names;
mod process;
mod read;
mod span;

pub use clock_offsets::{ClockOffset, OffsetInterval};
pub use log::{Log, LogIndex};
pub use merge::{Duplicate, Timeline};
pub use names::{Name, Names};
pub use process::{Process, ProcessIndex, UnreadableTape};
pub use span::{Span, SpanIndex, SpanState, SpanStatus};
