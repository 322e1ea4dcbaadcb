//! The fingerprint of a file: what it was, to the byte and, where it is a table, to the column.
//!
//! Invariant: taking it never fails and never waits. What cannot be read is told by `error`; what can be read is
//! hashed all the same.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::format::FileFormat;
use super::hashing_reader::HashingReader;
use crate::Digest;
use crate::fingerprint::sha256::Sha256Digest;
use crate::fingerprint::table::{Table, TableReading};
use crate::fingerprint::{csv, json};

/// A file, without its content.
///
/// ```
/// use telensic_run::FileFingerprint;
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("bars.csv");
/// std::fs::write(&path, "time,close\n2026-01-02,101.5\n2026-01-03,102.25\n")?;
/// let table = FileFingerprint::of(&path).table.unwrap_or_default();
/// assert_eq!((table.row_count, table.schema[1].dtype.as_str()), (2, "float64"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileFingerprint {
    /// The path as it was given.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes; not there if they could not all be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Sha256Digest>,
    /// BLAKE3 of its bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blake3: Option<Digest>,
    /// How it was read.
    pub format: FileFormat,
    /// The table in it.
    #[serde(default, flatten, skip_serializing_if = "Option::is_none")]
    pub table: Option<Table>,
    /// What could not be read of it, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl FileFingerprint {
    /// Reads the file; its format is told by its name and first bytes.
    pub fn of(path: impl AsRef<Path>) -> Self {
        Self::read(path.as_ref(), None)
    }

    /// Reads the file in this format, whatever it is called.
    pub fn of_format(path: impl AsRef<Path>, format: FileFormat) -> Self {
        Self::read(path.as_ref(), Some(format))
    }

    fn read(path: &Path, wanted: Option<FileFormat>) -> Self {
        let mut fingerprint = Self {
            path: path.to_string_lossy().into_owned(),
            size: 0,
            sha256: None,
            blake3: None,
            format: wanted.unwrap_or_else(|| FileFormat::of(path, &[])),
            table: None,
            error: None,
        };
        let mut reader = match HashingReader::open(path) {
            Ok(reader) => reader,
            Err(reason) => {
                fingerprint.error = Some(reason);
                return fingerprint;
            }
        };
        fingerprint.size = reader.size();
        let first = reader.next_block();
        let first = first.as_deref().map_or(&[][..], Vec::as_slice);
        fingerprint.format = wanted.unwrap_or_else(|| FileFormat::of(path, first));
        let reading = match fingerprint.format {
            FileFormat::Csv => Some(csv::read(first, &mut reader)),
            FileFormat::Json => Some(json::read_document(first, &mut reader)),
            FileFormat::Jsonl => Some(json::read_lines(first, &mut reader)),
            FileFormat::Parquet | FileFormat::Bytes => None,
        };
        reader.drain();
        let reading = match fingerprint.format {
            FileFormat::Parquet => read_parquet(&reader),
            _ => reading,
        };
        let (hashed, read_trouble) = reader.finish();
        let (table, table_trouble) = reading.map_or((None, None), |it| (it.table, it.trouble));
        fingerprint.table = table;
        fingerprint.sha256 = hashed.as_ref().map(|hashed| hashed.sha256);
        fingerprint.blake3 = hashed.as_ref().map(|hashed| hashed.blake3);
        fingerprint.error = read_trouble.or(table_trouble);
        fingerprint
    }
}

#[cfg(feature = "parquet")]
fn read_parquet(reader: &HashingReader) -> Option<TableReading> {
    Some(crate::fingerprint::parquet::read(reader.file()))
}

#[cfg(not(feature = "parquet"))]
fn read_parquet(_: &HashingReader) -> Option<TableReading> {
    Some(TableReading {
        table: None,
        trouble: Some("was built without the feature `parquet`: only the bytes are hashed".to_owned()),
    })
}
