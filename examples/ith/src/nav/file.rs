//! A file of net asset values, of whatever format.

use std::path::{Path, PathBuf};

use super::{csv, parquet};
use crate::ith::NavSeries;

/// Why net asset values cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum NavError {
    /// The file cannot be opened or read.
    #[error("{}: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The file is no Parquet.
    #[error("{}: {error}", .path.display())]
    NoParquet {
        /// The file.
        path: PathBuf,
        /// Why.
        error: ::parquet::errors::ParquetError,
    },
    /// There is something else in it.
    #[error("{0}")]
    Malformed(String),
}

/// Reads all series of a file: Parquet if its name says so, else CSV.
pub fn read_file(path: &Path) -> Result<Vec<NavSeries>, NavError> {
    if path.extension().is_some_and(|extension| extension == "parquet") {
        return parquet::read(path);
    }
    let text = std::fs::read_to_string(path).map_err(|error| NavError::Unreadable {
        path: path.to_owned(),
        error,
    })?;
    csv::parse_csv(&text).map_err(|error| match error {
        NavError::Malformed(reason) => NavError::Malformed(format!("{}: {reason}", path.display())),
        other => other,
    })
}
