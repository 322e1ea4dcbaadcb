//! Export: what is on the tape, sent on to a backend as OTLP.
//!
//! ```text
//! tape file --(scan)--> Source: what of it is unsent --> Batch: bytes as they lie --> Outlet: HTTP, gRPC, console
//!                          ^                                                             |
//!                          +-- positions, on disk in <dir>/export, once acknowledged <---+
//! ```
//!
//! The tape is the queue: a thread of its own, `telensic-export`, follows the file like any other reader, one courier a
//! signal. Invariant: nothing that a backend does reaches the clerk or a thread that records, and a position is moved
//! only once what lies before it was acknowledged or refused for good. `docs/adr/010-export-reads-the-tape.md` says why.

mod adopt;
mod answer;
mod backoff;
mod batch;
mod claim;
mod compress;
mod console;
mod courier;
mod cursor;
mod endpoint;
mod headers;
mod options;
mod outlet;
mod positions;
mod request;
mod settings;
mod source;
mod stats;
mod thread;
mod transport;
mod variables;

pub use options::{Compression, ExportOptions, Protocol};
pub use stats::{ExportStats, SignalStats, stats};

pub(crate) use settings::ExportSettings;
pub(crate) use thread::ExportThread;
pub(crate) use variables::{Asked, settle};
