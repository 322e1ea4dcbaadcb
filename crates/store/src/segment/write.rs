//! A sorted batch as the bytes of a Parquet file.

use arrow_array::RecordBatch;
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;
use telensic_tape::Signal;

use super::facts::SegmentFacts;
use crate::columns::name;
use crate::error::{StoreError, StoreErrorKind};

/// The key of the facts in the footer.
pub(super) const FACTS_KEY: &str = "telensic";
const ROW_GROUP: usize = 32_768;
const PAGE: usize = 4096;
/// A dictionary of attributes' values has at most so many bytes.
const DICTIONARY: usize = 64 << 10;

/// The column that says when it was.
pub(crate) fn time_column(signal: Signal) -> &'static str {
    match signal {
        Signal::Spans => name::START,
        Signal::Logs | Signal::Metrics => name::TIME,
    }
}

/// The file, and what is in it.
pub(crate) fn encode(signal: Signal, sorted: &RecordBatch) -> Result<(Vec<u8>, SegmentFacts), StoreError> {
    let facts = SegmentFacts::of(signal, sorted)?;
    let text = serde_json::to_string(&facts).map_err(|error| cannot(&error))?;
    let properties = properties(text).map_err(|error| cannot(&error))?;
    let mut bytes = Vec::new();
    let written = ArrowWriter::try_new(&mut bytes, sorted.schema(), Some(properties))
        .and_then(|mut writer| writer.write(sorted).and_then(|()| writer.close()));
    written.map_err(|error| cannot(&error))?;
    Ok((bytes, facts))
}

fn cannot(error: &dyn std::fmt::Display) -> StoreError {
    StoreError::new(StoreErrorKind::Io, format!("cannot encode a segment: {error}"))
}

fn properties(facts: String) -> Result<WriterProperties, ParquetError> {
    let column = |path: &str| ColumnPath::from(path.split('.').map(str::to_owned).collect::<Vec<_>>());
    let differences = |builder: WriterPropertiesBuilder, path: &str| {
        builder
            .set_column_dictionary_enabled(column(path), false)
            .set_column_encoding(column(path), Encoding::DELTA_BINARY_PACKED)
    };
    let bloom = |builder: WriterPropertiesBuilder, path: &str, wrong: f64| {
        builder
            .set_column_bloom_filter_enabled(column(path), true)
            .set_column_bloom_filter_fpp(column(path), wrong)
            .set_column_bloom_filter_max_ndv(column(path), ROW_GROUP as u64)
    };
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_data_page_row_count_limit(PAGE)
        .set_write_batch_size(PAGE)
        .set_created_by(concat!("telensic ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(Some(vec![KeyValue::new(FACTS_KEY.to_owned(), facts)]))
        // Random bytes: a dictionary of them is only larger.
        .set_column_dictionary_enabled(column(name::SPAN_ID), false)
        .set_column_encoding(
            column("attributes.entries.value.int"),
            Encoding::DELTA_BINARY_PACKED,
        );
    for path in [name::START, name::TIME, name::OBSERVED, name::DURATION] {
        builder = differences(builder, path);
    }
    // Where most values differ, a dictionary only costs; these give it up early.
    for path in ["text", "int", "double"] {
        let path = column(&format!("attributes.entries.value.{path}"));
        builder = builder.set_column_dictionary_page_size_limit(path, DICTIONARY);
    }
    builder = bloom(builder, name::TRACE_ID, 0.01);
    builder = bloom(builder, "attributes.entries.value.text", 0.1);
    Ok(builder.build())
}
