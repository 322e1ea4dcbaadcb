//! Which files are read as tables.

use std::path::Path;

use serde::{Deserialize, Serialize};

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileFormat {
    /// Lines of cells with a delimiter: `.csv`, `.tsv`, `.tab`, `.psv`.
    Csv,
    /// Begins with `PAR1`, or is called `.parquet`.
    Parquet,
    /// One JSON document: `.json`.
    Json,
    /// A JSON document a line: `.jsonl`, `.ndjson`.
    Jsonl,
    /// Hashed, not looked into.
    Bytes,
}

impl FileFormat {
    /// By its name; Parquet also by its first bytes. Text of another name is not taken for a table: most texts hold
    /// commas.
    pub fn of(path: &Path, first_bytes: &[u8]) -> Self {
        if first_bytes.starts_with(b"PAR1") {
            return Self::Parquet;
        }
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("csv" | "tsv" | "tab" | "psv") => Self::Csv,
            Some("parquet") => Self::Parquet,
            Some("json") => Self::Json,
            Some("jsonl" | "ndjson") => Self::Jsonl,
            _ => Self::Bytes,
        }
    }
}
