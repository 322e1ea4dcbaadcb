//! Why something cannot be done with a run.

use std::io;
use std::path::Path;

use crate::Visible;

/// What went wrong, where, and how to mend it, in one line.
#[derive(Debug, thiserror::Error)]
#[error("{}", Visible(.message))]
pub struct RunError {
    kind: RunErrorKind,
    message: String,
    #[source]
    source: Option<io::Error>,
}

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunErrorKind {
    /// A file or directory could not be read or written.
    Io,
    /// There is no such run, or the name fits several.
    NotFound,
    /// The directory or file is not what it should be.
    NotARun,
    /// It was written by a newer version.
    NewerFormat,
    /// A value given by the caller is not valid.
    Invalid,
}

impl RunError {
    /// An error of this kind; the message is one line and says how to mend it.
    pub fn new(kind: RunErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            source: None,
        }
    }

    /// A failed system call: `cannot <action> <path>: <error>`.
    pub fn io(action: &str, path: &Path, error: io::Error) -> Self {
        Self {
            kind: RunErrorKind::Io,
            message: format!("cannot {action} {}: {error}", path.display()),
            source: Some(error),
        }
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> RunErrorKind {
        self.kind
    }

    /// For `map_err`: a failed system call on this path.
    pub fn on<'a>(action: &'a str, path: &'a Path) -> impl FnOnce(io::Error) -> Self + 'a {
        move |error| Self::io(action, path, error)
    }

    /// A directory that holds no run.
    pub(crate) fn not_a_run(path: &Path) -> Self {
        Self::new(
            RunErrorKind::NotARun,
            format!(
                "{} is not a run: it has no run.json; `telensic ls` lists the runs",
                path.display()
            ),
        )
    }

    /// Whether the cause is that a file of this name is there already.
    pub fn is_taken(&self) -> bool {
        self.source.as_ref().is_some_and(|error| {
            matches!(
                error.kind(),
                io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty
            )
        })
    }

    /// Whether the cause is that a file is not there.
    pub fn is_missing_file(&self) -> bool {
        self.source
            .as_ref()
            .is_some_and(|error| error.kind() == io::ErrorKind::NotFound)
    }
}
