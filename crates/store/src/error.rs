//! Why something cannot be done with a store.

use std::io;
use std::path::Path;
use std::sync::Arc;

use telensic_run::Visible;

/// What went wrong, where, and how to mend it, in one line.
///
/// It can be copied: one failed write is told to everybody whose frames were in it.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", Visible(.message))]
pub struct StoreError {
    kind: StoreErrorKind,
    message: String,
    #[source]
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// A file or directory could not be read or written.
    Io,
    /// More is waiting to be written than may wait; it may be sent again in a moment.
    Busy,
    /// The disk, or what the log may take of it, is used up.
    Full,
    /// The bytes are no OTLP request; sending them again does not help.
    Malformed,
    /// A value given by the caller is not valid.
    Invalid,
    /// Something on disk is not what was written there.
    Damaged,
    /// It was written by a newer version.
    NewerFormat,
    /// Another process has the store open.
    Locked,
    /// The query would take more time or memory than it may.
    Limit,
}

impl StoreError {
    /// An error of this kind; the message is one line and says how to mend it.
    pub(crate) fn new(kind: StoreErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// A failed system call: `cannot <action> <path>: <error>`.
    pub(crate) fn io(action: &str, path: &Path, error: io::Error) -> Self {
        let is_full = matches!(
            error.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
        );
        Self {
            kind: if is_full {
                StoreErrorKind::Full
            } else {
                StoreErrorKind::Io
            },
            message: format!("cannot {action} {}: {error}", path.display()),
            source: Some(Arc::new(error)),
        }
    }

    /// For `map_err`: a failed system call on this path.
    pub(crate) fn on<'a>(action: &'a str, path: &'a Path) -> impl FnOnce(io::Error) -> Self + 'a {
        move |error| Self::io(action, path, error)
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> StoreErrorKind {
        self.kind
    }
}

impl From<arrow_schema::ArrowError> for StoreError {
    fn from(error: arrow_schema::ArrowError) -> Self {
        Self {
            kind: StoreErrorKind::Damaged,
            message: format!("columns do not fit their schema: {error}"),
            source: Some(Arc::new(error)),
        }
    }
}
