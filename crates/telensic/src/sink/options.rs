//! What the user may set about log lines and log files.

use std::path::PathBuf;
use std::time::Duration;

/// How the fields of a JSON line are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LogLayout {
    /// `ts, level, msg, component, .., provenance{..}, context{..}, exception{..}`: all that is known, each in
    /// one place.
    #[default]
    Telensic,
    /// `timestamp, level, message, trace_id, span_id, run_id`, then the record's fields flat.
    Standard,
    /// `timestamp, level, message, otelTraceID, otelSpanID, otelServiceName`, as OpenTelemetry's logging
    /// instrumentation for Python names them, then the record's fields flat.
    Otel,
}

/// Where the NDJSON log files lie, and how much of them is kept.
#[derive(Clone, Debug)]
pub struct LogFilesOptions {
    pub(crate) dir: PathBuf,
    pub(crate) layout: LogLayout,
    pub(crate) rotate_at: Option<u64>,
    pub(crate) keep: Option<Duration>,
    pub(crate) compress: bool,
}

/// A smaller file than this is not worth a rotation.
const LEAST_ROTATION: u64 = 1 << 10;

const DAY: Duration = Duration::from_secs(86_400);

impl LogFilesOptions {
    /// Files in this directory, rotated at 10 MB, compressed, and kept for 7 days. The directory is created when
    /// the first line is written.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            layout: LogLayout::default(),
            rotate_at: Some(10_000_000),
            keep: Some(DAY * 7),
            compress: true,
        }
    }

    /// How the fields are named.
    pub fn layout(mut self, layout: LogLayout) -> Self {
        self.layout = layout;
        self
    }

    /// The size in bytes that a file may reach; `None` never rotates. One longer line makes a longer file; less
    /// than 1 KiB is taken as 1 KiB.
    pub fn rotate_at(mut self, bytes: impl Into<Option<u64>>) -> Self {
        self.rotate_at = bytes.into().map(|bytes| bytes.max(LEAST_ROTATION));
        self
    }

    /// How long a rotated file is kept, counted from its rotation; `None` keeps it for ever.
    pub fn keep(mut self, age: impl Into<Option<Duration>>) -> Self {
        self.keep = age.into();
        self
    }

    /// Whether rotated files are compressed with gzip.
    pub fn compress(mut self, compress: bool) -> Self {
        self.compress = compress;
        self
    }
}
