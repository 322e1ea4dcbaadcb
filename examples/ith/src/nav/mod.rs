//! Net asset values in files: a column of times, and one column a series.

mod csv;
mod file;
mod parquet;

pub use csv::{parse_csv, write_csv};
pub use file::{NavError, read_file};
