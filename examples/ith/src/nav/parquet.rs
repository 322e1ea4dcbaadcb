//! Parquet: the first column of integers (Unix nanoseconds), the others of floats.

use std::fs::File;
use std::path::Path;

use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

use super::NavError;
use crate::ith::NavSeries;

/// Reads all series.
pub(super) fn read(path: &Path) -> Result<Vec<NavSeries>, NavError> {
    let file = File::open(path).map_err(|error| NavError::Unreadable {
        path: path.to_owned(),
        error,
    })?;
    let no_parquet = |error: ParquetError| NavError::NoParquet {
        path: path.to_owned(),
        error,
    };
    let reader = SerializedFileReader::new(file).map_err(no_parquet)?;
    let columns = reader.metadata().file_metadata().schema().get_fields();
    let mut series: Vec<NavSeries> = columns
        .iter()
        .skip(1)
        .map(|column| NavSeries {
            name: column.name().to_owned(),
            times: Vec::new(),
            nav: Vec::new(),
        })
        .collect();
    if series.is_empty() {
        return Err(NavError::Malformed(format!(
            "{}: the first column is the time, each other one a series: there are {}",
            path.display(),
            columns.len()
        )));
    }
    for (number, row) in reader.get_row_iter(None).map_err(no_parquet)?.enumerate() {
        let row = row.map_err(no_parquet)?;
        let mut cells = row.get_column_iter();
        let time = cells.next().and_then(|(_, cell)| nanos(cell));
        for (series, (_, cell)) in series.iter_mut().zip(cells) {
            let (Some(time), Some(value)) = (time, float(cell)) else {
                return Err(NavError::Malformed(format!(
                    "{}: row {number} of {} has {cell} where there should be an integer time and a float",
                    path.display(),
                    series.name
                )));
            };
            series.times.push(time);
            series.nav.push(value);
        }
    }
    Ok(series)
}

fn nanos(cell: &Field) -> Option<i64> {
    match cell {
        Field::Long(nanos) => Some(*nanos),
        Field::TimestampMillis(millis) => millis.checked_mul(1_000_000),
        Field::TimestampMicros(micros) => micros.checked_mul(1_000),
        _ => None,
    }
}

fn float(cell: &Field) -> Option<f64> {
    match cell {
        Field::Double(value) => Some(*value),
        Field::Float(value) => Some(f64::from(*value)),
        _ => None,
    }
}
