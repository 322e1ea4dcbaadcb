//! What is known of a table: its rows, its schema and a fingerprint for each column.

use serde::{Deserialize, Serialize};

use super::column::{Column, ColumnFingerprint};
use super::sha256::Sha256Digest;
use crate::Digest;

/// A table, without its values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Rows, a header not counted.
    pub row_count: u64,
    /// The columns in their order; of JSON all keys that occur, in the order in which they are first met.
    pub schema: Vec<Column>,
    /// A fingerprint for each column; JSON has none, since its rows need not have the same keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<ColumnFingerprint>>,
    /// Columns past the 4,096th, which only the file's hash covers.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub columns_left_out: u64,
    /// Rows that have fewer or more cells than the first line, or are no valid JSON.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ragged_rows: u64,
}

impl Table {
    /// A table whose schema is that of its columns.
    pub(crate) fn of_columns(row_count: u64, columns: Vec<ColumnFingerprint>) -> Self {
        Self {
            row_count,
            schema: columns
                .iter()
                .map(|column| Column {
                    name: column.name.clone(),
                    dtype: column.dtype.clone(),
                })
                .collect(),
            columns: Some(columns),
            ..Self::default()
        }
    }
}

/// A table in memory, without its values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableFingerprint {
    /// Its name.
    pub name: String,
    /// SHA-256 of its number of rows and, for each column, the lengths and bytes of name and dtype, and the root.
    pub sha256: Sha256Digest,
    /// BLAKE3 of the same.
    pub blake3: Digest,
    /// Its rows, schema and columns.
    #[serde(flatten)]
    pub table: Table,
}

impl TableFingerprint {
    #[cfg(feature = "arrow")]
    pub(crate) fn new(name: String, table: Table) -> Self {
        let mut bytes = table.row_count.to_le_bytes().to_vec();
        for column in table.columns.iter().flatten() {
            for text in [&column.name, &column.dtype] {
                bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
                bytes.extend_from_slice(text.as_bytes());
            }
            bytes.extend_from_slice(column.blake3.as_bytes());
        }
        Self {
            name,
            sha256: Sha256Digest::of(&bytes),
            blake3: Digest::of(&bytes),
            table,
        }
    }
}

pub(crate) fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// What could be read of a table, and why the rest could not.
pub(crate) struct TableReading {
    pub(crate) table: Option<Table>,
    pub(crate) trouble: Option<String>,
}
