//! What export is asked to do, settled: one entry a signal and outlet.

use std::path::PathBuf;
use std::time::Duration;

use telensic_tape::Signal;

use super::endpoint::Endpoint;
use super::headers::Headers;
use super::{Compression, Protocol};

/// Everything that is exported by one recorder.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExportSettings {
    pub(super) routes: Vec<Route>,
    /// Where positions are kept: `<dir>/export`.
    pub(super) dir: PathBuf,
}

/// One signal, and where it goes.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) signal: Signal,
    pub(super) to: Destination,
    /// Between two looks at the tape.
    pub(super) delay: Duration,
    /// The most records in a request.
    pub(super) batch: usize,
}

/// Where a signal goes.
#[derive(Clone, Debug)]
pub(super) enum Destination {
    /// To a backend.
    Otlp(Box<Target>),
    /// To standard output, as OTLP JSON, a line a request.
    Console,
}

/// A backend, and how to speak with it.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) endpoint: Endpoint,
    pub(super) protocol: Protocol,
    pub(super) compression: Compression,
    pub(super) headers: Headers,
    /// For one request.
    pub(super) timeout: Duration,
    pub(super) certificate: Option<PathBuf>,
    pub(super) client: Option<(PathBuf, PathBuf)>,
}

impl ExportSettings {
    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.routes.is_empty()
    }
}
