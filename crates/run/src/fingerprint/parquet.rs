//! The table in a Parquet file: rows and schema from its footer, columns by their values.
//!
//! Invariant: the fingerprint depends on the values and the Parquet types alone, not on row groups, pages, encodings
//! or compression, nor on the Arrow schema that some writers add.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;

use super::arrow::ArrowColumn;
use super::column::{Column, ColumnFingerprint, MOST_COLUMNS};
use super::table::{Table, TableReading};

/// Columns that are decoded at once: each needs memory for a page.
const AT_ONCE: usize = 16;

const ROWS_IN_A_BATCH: usize = 4_000;

/// Reads the table.
pub(super) fn read(file: &File) -> TableReading {
    // The decoders are another's, made for files that are whole: on a broken one they may panic instead of
    // returning an error, and that must not take down the program which only wants a fingerprint.
    let reading = catch_unwind(AssertUnwindSafe(|| read_unguarded(file)));
    reading.unwrap_or_else(|_| TableReading {
        table: None,
        trouble: Some("is broken Parquet: its decoder gave up".to_owned()),
    })
}

fn read_unguarded(file: &File) -> TableReading {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = match ArrowReaderMetadata::load(file, options) {
        Ok(metadata) => metadata,
        Err(error) => {
            return TableReading {
                table: None,
                trouble: Some(format!("is no whole Parquet file: {}", one_line(&error))),
            };
        }
    };
    let rows = metadata.metadata().file_metadata().num_rows();
    let mut table = Table {
        row_count: u64::try_from(rows).unwrap_or(0),
        ..Table::default()
    };
    let empty: Vec<ArrowColumn> = columns_of(&metadata);
    table.columns_left_out = (metadata.schema().fields().len() - empty.len()) as u64;
    table.schema = empty
        .into_iter()
        .map(ArrowColumn::finish)
        .map(|column| Column {
            name: column.name,
            dtype: column.dtype,
        })
        .collect();
    let columns = catch_unwind(AssertUnwindSafe(|| {
        read_columns(file, &metadata, table.row_count)
    }))
    .unwrap_or_else(|_| Err(ParquetError::General("its decoder gave up".to_owned())));
    match columns {
        Ok(columns) => {
            table.columns = Some(columns);
            TableReading {
                table: Some(table),
                trouble: None,
            }
        }
        Err(error) => TableReading {
            table: Some(table),
            trouble: Some(format!("has columns that cannot be read: {}", one_line(&error))),
        },
    }
}

fn columns_of(metadata: &ArrowReaderMetadata) -> Vec<ArrowColumn> {
    let fields = metadata.schema().fields();
    let width = fields.len().min(MOST_COLUMNS);
    let columns = fields.iter().take(width);
    columns
        .map(|field| ArrowColumn::new(field.name(), field.data_type(), width))
        .collect()
}

fn read_columns(
    file: &File,
    metadata: &ArrowReaderMetadata,
    rows: u64,
) -> Result<Vec<ColumnFingerprint>, ParquetError> {
    let mut waiting = columns_of(metadata).into_iter().enumerate().peekable();
    let mut done = Vec::new();
    while waiting.peek().is_some() {
        let (roots, mut columns): (Vec<usize>, Vec<ArrowColumn>) = waiting.by_ref().take(AT_ONCE).unzip();
        let mask = ProjectionMask::roots(metadata.parquet_schema(), roots);
        let batches = ParquetRecordBatchReaderBuilder::new_with_metadata(file.try_clone()?, metadata.clone())
            .with_projection(mask)
            .with_batch_size(ROWS_IN_A_BATCH)
            .build()?;
        let mut read = 0;
        for batch in batches {
            let batch = batch?;
            read += batch.num_rows() as u64;
            for (column, array) in columns.iter_mut().zip(batch.columns()) {
                column.add(array)?;
            }
        }
        if read != rows {
            return Err(ParquetError::General(format!(
                "its footer says {rows} rows, it has {read}"
            )));
        }
        done.extend(columns.into_iter().map(ArrowColumn::finish));
    }
    Ok(done)
}

fn one_line(error: &ParquetError) -> String {
    error.to_string().replace(['\n', '\r'], " ")
}
