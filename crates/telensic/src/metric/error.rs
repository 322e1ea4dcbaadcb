//! What can be wrong with a metric, or with where it is to be seen.

use std::fmt;

/// Why a metric cannot be had, shown or pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricError {
    kind: MetricErrorKind,
    message: String,
}

/// What kind of error it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MetricErrorKind {
    /// A name of a metric or label that Prometheus does not take.
    Name,
    /// Bounds of buckets that do not rise.
    Buckets,
    /// There is a metric of this name already, and it is another one.
    Conflict,
    /// An address that cannot be listened on.
    Address,
    /// A Pushgateway that cannot be addressed so.
    Gateway,
}

impl MetricError {
    pub(super) fn new(kind: MetricErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// What kind of error it is.
    pub fn kind(&self) -> MetricErrorKind {
        self.kind
    }
}

impl fmt::Display for MetricError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for MetricError {}
