//! Readings of a run: what happened, where the time went, what it decided, and why it differs from another.
//!
//! Everything begins with a [`Timeline`]: all tapes of a run, joined. The rest are pure functions of it: no I/O but
//! the run that is given, nothing that waits, and no byte on a tape that makes them panic.

pub mod timeline;

pub use timeline::Timeline;
