//! Sinks: where log records go as text, besides the tape. NDJSON files and the console.
//!
//! The clerk, one background thread, hands every encoded OTLP log record to each [`LogSink`], in rounds. Records of
//! different threads arrive unsorted; a sink sorts the lines of a round by time before it writes them.
//!
//! Invariants: one line is one valid JSON object with unique keys, whatever was logged. Nothing here panics. What
//! cannot be written is kept, tried again, and at last counted as lost: never dropped silently. Only the clerk
//! waits here, at most some milliseconds at a time, except for a console whose reader has stopped reading.
//!
//! ```text
//! record --> Record (taken apart once) --> LineWriter (one of three layouts) --> Lines (sorted in a round)
//!
//! Lines --> ConsoleSink --> stderr
//!       --> FilesSink --> LogFile (lock, mend, append, rotate) --> <dir>/<component>.jsonl
//!                     --> Sweeper (compress, delete), a thread --> <dir>/<component>.<stamp>.jsonl.gz
//! ```

mod console;
mod files;
mod human;
pub(crate) mod json;
mod key_set;
mod layout;
#[cfg(feature = "metrics")]
mod line_file;
mod lines;
mod lock;
mod log_file;
mod log_sink;
mod options;
mod origin;
mod platform;
mod record;
mod rotated;
mod sweep;
mod tail;
pub(crate) mod time;
mod trouble;

#[cfg(test)]
mod tests;

pub(crate) use console::{ConsoleForm, ConsoleSink};
pub(crate) use files::FilesSink;
#[cfg(feature = "metrics")]
pub(crate) use line_file::LineFile;
pub(crate) use log_sink::LogSink;
pub use options::{LogFilesOptions, LogLayout};
pub(crate) use origin::{LogOrigin, RunFacts};
pub(crate) use trouble::Report;
