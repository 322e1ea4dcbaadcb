//! The tape: the crash-safe file that a process records into.
//!
//! Threads append OTLP records to chunks in mapped memory, without a lock; what an append has returned from
//! survives `kill -9`. A clerk hands new records to their consumers, seals full chunks into a hash chain and
//! writes them out. [`Tape::open`] reads a live, finished or torn file and says what is damaged.
//!
//! ```
//! use std::sync::Arc;
//! use telensic_tape::{Clock, OpenSpan, Signal, SpanId, Tape, TapeOptions, TapeWriter, TraceId, otlp};
//! # let dir = std::env::temp_dir().join(format!("tape-doc-{}", std::process::id()));
//!
//! let (tape, clerk) = TapeWriter::create(TapeOptions::new(&dir));
//! let mut scope = Vec::new();
//! otlp::put_scope(&mut scope, "my-crate", "1.0");
//! let mut lane = tape.lane(Signal::Logs, Arc::from(scope), true, 1);
//!
//! let mut record = Vec::new();
//! otlp::Value::Str("hello").put(&mut record, otlp::field::log::BODY);
//! lane.append(&record, Clock::get().now()).expect("room for one record");
//!
//! // Readable at once, from any process:
//! let read = Tape::open(tape.path().expect("a file")).expect("a tape");
//! assert_eq!(read.chunks().count(), 1);
//! clerk.close(&mut |_| {});
//! # std::fs::remove_dir_all(dir).ok();
//! ```
//!
//! The byte layout is documented in [`mod@format`].

#[cfg(target_endian = "big")]
compile_error!(
    "the tape's words are little-endian; a big-endian target needs conversions that nobody has tested"
);

mod civil;
mod ids;
pub mod otlp;

pub use civil::Civil;
pub use ids::{SpanId, TraceId, UnixNanos};
pub use otlp::Value;

#[cfg(feature = "file")]
mod chain;
#[cfg(feature = "file")]
mod clock;
#[cfg(feature = "file")]
mod error;
#[cfg(feature = "file")]
pub mod format;
#[cfg(feature = "file")]
mod platform;
#[cfg(feature = "file")]
mod reader;
#[cfg(all(feature = "file", not(all(test, loom))))]
mod region;
// Memory of which loom sees every access.
#[cfg(all(test, loom))]
mod model;
#[cfg(all(test, loom))]
#[path = "model/region.rs"]
mod region;
#[cfg(feature = "file")]
mod sync;
#[cfg(feature = "file")]
mod trouble;
#[cfg(feature = "file")]
mod writer;

#[cfg(feature = "file")]
pub use {
    chain::ChainHash,
    clock::{Anchor, Clock, ClockSource},
    error::{TapeError, TapeErrorKind},
    format::{ChunkState, FormatVersion, Loss, Signal},
    platform::{forks, host_name, process_runs, thread_id},
    reader::{Body, Chunk, Damage, OpenSpanRecord, Tape, TapeHead, WriterState},
    trouble::Trouble,
    writer::{
        Batch, Clerk, DEFAULT_BUDGET, LEAST_BUDGET, Lane, MAX_RECORD, Mode, OpenSlot, OpenSpan, Slots,
        TapeOptions, TapeWriter,
    },
};
