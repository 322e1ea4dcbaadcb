//! The fingerprint of record batches that come one after the other.

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};

use super::column::ArrowColumn;
use crate::fingerprint::column::MOST_COLUMNS;
use crate::fingerprint::table::{Table, TableFingerprint};
use crate::{RunError, RunErrorKind};

/// Takes the batches of a table.
///
/// How the rows are parted into batches makes no difference.
pub struct TableFingerprinter {
    name: String,
    columns: Vec<ArrowColumn>,
    rows: u64,
    width: usize,
}

impl TableFingerprinter {
    /// For a table of this name and schema.
    pub fn new(name: impl Into<String>, schema: &Schema) -> Self {
        let width = schema.fields().len();
        let columns = schema.fields().iter().take(MOST_COLUMNS);
        Self {
            name: name.into(),
            columns: columns
                .map(|field| ArrowColumn::new(field.name(), field.data_type(), width.min(MOST_COLUMNS)))
                .collect(),
            rows: 0,
            width,
        }
    }

    /// Adds the rows of a batch, which must have the schema's columns.
    pub fn add(&mut self, batch: &RecordBatch) -> Result<(), RunError> {
        if batch.num_columns() != self.width {
            return Err(RunError::new(
                RunErrorKind::Invalid,
                format!(
                    "a batch of table {} has {} columns, its schema has {}: give batches of one schema",
                    self.name,
                    batch.num_columns(),
                    self.width
                ),
            ));
        }
        for (column, array) in self.columns.iter_mut().zip(batch.columns()) {
            column
                .add(array)
                .map_err(|error| unhashable(&self.name, &error))?;
        }
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    /// The fingerprint of all rows.
    pub fn finish(self) -> TableFingerprint {
        let left_out = (self.width - self.columns.len()) as u64;
        let columns = self.columns.into_iter().map(ArrowColumn::finish).collect();
        let table = Table {
            columns_left_out: left_out,
            ..Table::of_columns(self.rows, columns)
        };
        TableFingerprint::new(self.name, table)
    }
}

/// The fingerprint of the rows of these batches, in order.
pub fn fingerprint_batches<'a>(
    name: impl Into<String>,
    schema: &Schema,
    batches: impl IntoIterator<Item = &'a RecordBatch>,
) -> Result<TableFingerprint, RunError> {
    let mut table = TableFingerprinter::new(name, schema);
    for batch in batches {
        table.add(batch)?;
    }
    Ok(table.finish())
}

fn unhashable(name: &str, error: &ArrowError) -> RunError {
    RunError::new(
        RunErrorKind::Invalid,
        format!("table {name} has no fingerprint: {error}; leave the column out"),
    )
}
