//! The face of `export` without the feature `otlp`: there is nothing to ask.

use std::time::Duration;

use telensic_tape::TapeWriter;

use crate::config::Settings;

/// Never there.
pub(crate) enum ExportThread {}

impl ExportThread {
    pub(crate) fn start(_: &Settings, _: &TapeWriter) -> Option<Self> {
        None
    }

    pub(crate) fn flush(&self, _: Duration) -> bool {
        match *self {}
    }

    pub(crate) fn stop(&self, _: Duration) -> bool {
        match *self {}
    }
}
