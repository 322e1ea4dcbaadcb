//! Why a file cannot be read as a tape.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::format::FormatVersion;

/// A file that cannot be read as a tape at all; mere damage within one is [`crate::Damage`].
#[derive(Debug)]
pub struct TapeError {
    path: PathBuf,
    kind: TapeErrorKind,
}

/// What is wrong with the file.
#[derive(Debug)]
#[non_exhaustive]
pub enum TapeErrorKind {
    /// It could not be opened or read.
    Io(io::Error),
    /// It does not begin as a tape does.
    NotATape,
    /// It was written by a newer version.
    NewerFormat(FormatVersion),
    /// Its header contradicts itself.
    BadHeader(&'static str),
}

impl TapeError {
    pub(crate) fn new(path: &Path, kind: TapeErrorKind) -> Self {
        Self {
            path: path.to_owned(),
            kind,
        }
    }

    /// What is wrong.
    pub fn kind(&self) -> &TapeErrorKind {
        &self.kind
    }
}

impl fmt::Display for TapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.kind {
            TapeErrorKind::Io(error) => write!(f, "cannot read {path}: {error}"),
            TapeErrorKind::NotATape => write!(f, "{path} is not a tape: name a file that ends in .tape"),
            TapeErrorKind::NewerFormat(version) => write!(
                f,
                "{path} has tape format {}, this build reads up to {}: use a newer telensic",
                version.0,
                FormatVersion::CURRENT.0
            ),
            TapeErrorKind::BadHeader(what) => {
                write!(f, "{path} has a damaged header ({what}): restore it from a copy")
            }
        }
    }
}

impl std::error::Error for TapeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            TapeErrorKind::Io(error) => Some(error),
            _ => None,
        }
    }
}
