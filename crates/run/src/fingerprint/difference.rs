//! How two fingerprints of the same thing differ, in data and in words.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ranges::{RowRange, grouped};
use crate::Visible;

/// How two versions of a file, a table or an array differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum FileDifference {
    /// To the byte.
    Same,
    /// The bytes differ, the values do not: another compression, line end or order of metadata.
    SameValues,
    /// The values differ, or the schema.
    Changed {
        /// What became of the columns.
        schema: Vec<SchemaChange>,
        /// The rows before and after.
        rows: (u64, u64),
        /// The columns whose values differ within the rows that both have.
        columns: Vec<ColumnDifference>,
        /// Rows of the chunk in which the shorter version ends. It cannot be told whether they changed or were only
        /// added to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unsure: Option<RowRange>,
    },
    /// The bytes differ, and more cannot be said.
    BytesChanged {
        /// Why not.
        reason: String,
    },
    /// It cannot be told whether they differ.
    Unknown {
        /// Why not.
        reason: String,
    },
}

/// What became of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum SchemaChange {
    /// It is new.
    Added {
        /// The column's name.
        name: String,
    },
    /// It is gone.
    Removed {
        /// The column's name.
        name: String,
    },
    /// It has another type.
    Retyped {
        /// The column's name.
        name: String,
        /// The type before.
        before: String,
        /// The type after.
        after: String,
    },
    /// The columns that both have come in another order.
    Reordered,
    /// The array has another shape.
    Reshaped {
        /// The shape before.
        before: Vec<u64>,
        /// The shape after.
        after: Vec<u64>,
    },
}

/// Where a column differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnDifference {
    /// The column's name.
    pub name: String,
    /// Its rows that changed, to the chunk, neighbours merged; empty if it is not known which.
    pub rows: Vec<RowRange>,
}

impl FileDifference {
    /// Whether nothing that a program reads differs.
    pub fn is_same(&self) -> bool {
        matches!(self, Self::Same | Self::SameValues)
    }
}

/// How many ranges of a column are told in words.
const TOLD: usize = 5;

impl fmt::Display for FileDifference {
    /// One line: `column close, rows 40,000-40,999 changed; 500 rows added`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same => f.write_str("same"),
            Self::SameValues => f.write_str("same values in different bytes"),
            Self::BytesChanged { reason } => write!(f, "the bytes changed ({})", Visible(reason)),
            Self::Unknown { reason } => write!(f, "not known ({})", Visible(reason)),
            Self::Changed {
                schema,
                rows,
                columns,
                unsure,
            } => {
                let mut parts: Vec<String> = schema.iter().map(SchemaChange::to_string).collect();
                parts.extend(columns.iter().map(ColumnDifference::to_string));
                let (before, after) = *rows;
                if after > before {
                    parts.push(format!("{} rows added", grouped(after - before)));
                } else if before > after {
                    parts.push(format!("{} rows removed", grouped(before - after)));
                }
                if let Some(range) = unsure {
                    parts.push(format!("rows {range} perhaps changed"));
                }
                f.write_str(&parts.join("; "))
            }
        }
    }
}

impl fmt::Display for SchemaChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added { name } => write!(f, "column {} added", Visible(name)),
            Self::Removed { name } => write!(f, "column {} removed", Visible(name)),
            Self::Retyped { name, before, after } => {
                let (before, after) = (Visible(before), Visible(after));
                write!(f, "column {} was {before}, is {after}", Visible(name))
            }
            Self::Reordered => f.write_str("columns in another order"),
            Self::Reshaped { before, after } => write!(f, "shape was {before:?}, is {after:?}"),
        }
    }
}

impl fmt::Display for ColumnDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.rows.is_empty() {
            return write!(f, "column {} changed", Visible(&self.name));
        }
        let told: Vec<String> = self.rows.iter().take(TOLD).map(RowRange::to_string).collect();
        write!(f, "column {}, rows {}", Visible(&self.name), told.join(", "))?;
        if self.rows.len() > TOLD {
            write!(f, " and {} more ranges", self.rows.len() - TOLD)?;
        }
        f.write_str(" changed")
    }
}
