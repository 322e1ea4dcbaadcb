use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use telensic_run::{FileDifference, FileFingerprint, FileFormat, compare};

fn batch(rows: i64, odd: Option<i64>) -> RecordBatch {
    let columns: [(&str, ArrayRef); 4] = [
        (
            "time",
            Arc::new(TimestampMicrosecondArray::from_iter_values(
                (0..rows).map(|n| n * 1_000_001),
            )),
        ),
        (
            "symbol",
            Arc::new(StringArray::from_iter_values(
                (0..rows).map(|n| format!("S{}", n % 5)),
            )),
        ),
        (
            "volume",
            Arc::new(Int64Array::from_iter(
                (0..rows).map(|n| (n % 11 != 0).then_some(n)),
            )),
        ),
        (
            "close",
            Arc::new(Float64Array::from_iter_values(
                (0..rows).map(|n| if Some(n) == odd { -1.0 } else { n as f64 * 0.25 }),
            )),
        ),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn write(path: &Path, batch: &RecordBatch, properties: WriterProperties) -> FileFingerprint {
    let mut writer =
        ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.close().unwrap();
    FileFingerprint::of(path)
}

fn plain(dir: &Path, rows: i64, odd: Option<i64>) -> FileFingerprint {
    write(
        &dir.join("plain.parquet"),
        &batch(rows, odd),
        WriterProperties::default(),
    )
}

#[test]
fn rows_and_schema_are_those_of_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let file = plain(dir.path(), 2_500, None);
    assert_eq!((file.format, file.error), (FileFormat::Parquet, None));
    let table = file.table.unwrap();
    let dtypes: Vec<&str> = table.schema.iter().map(|column| column.dtype.as_str()).collect();
    assert_eq!(table.row_count, 2_500);
    assert_eq!(dtypes, ["timestamp[us]", "string", "int64", "float64"]);
    assert_eq!(table.columns.unwrap()[2].null_count, 228);
}

#[test]
fn one_cell_of_a_million_rows_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let before = plain(dir.path(), 1_000_000, None);
    let after = plain(dir.path(), 1_000_000, Some(40_123));
    assert_eq!(
        compare(&before, &after).to_string(),
        "column close, rows 40,000-40,999 changed"
    );
}

#[test]
fn compression_row_groups_and_pages_make_no_difference() {
    let dir = tempfile::tempdir().unwrap();
    let before = plain(dir.path(), 5_000, None);
    let codecs = [
        Compression::SNAPPY,
        Compression::LZ4_RAW,
        Compression::GZIP(Default::default()),
        Compression::ZSTD(ZstdLevel::default()),
    ];
    for codec in codecs {
        let properties = WriterProperties::builder()
            .set_compression(codec)
            .set_max_row_group_row_count(Some(777))
            .set_dictionary_enabled(false)
            .build();
        let after = write(&dir.path().join("other.parquet"), &batch(5_000, None), properties);
        assert_eq!(compare(&before, &after), FileDifference::SameValues, "{codec:?}");
    }
}

#[test]
fn a_truncated_file_is_named_and_hashed() {
    let dir = tempfile::tempdir().unwrap();
    plain(dir.path(), 500, None);
    let bytes = fs::read(dir.path().join("plain.parquet")).unwrap();
    let path: PathBuf = dir.path().join("cut.parquet");
    for length in (0..bytes.len()).step_by(97) {
        fs::write(&path, &bytes[..length]).unwrap();
        let file = FileFingerprint::of(&path);
        assert!(
            file.error.unwrap().contains("is no whole Parquet file"),
            "{length}"
        );
        assert_eq!(
            file.sha256,
            Some(telensic_run::Sha256Digest::of(&bytes[..length]))
        );
    }
}

/// The decoders belong to others; whatever they do with broken bytes, the fingerprint comes.
#[test]
fn a_file_with_any_byte_flipped_gives_a_fingerprint() {
    let dir = tempfile::tempdir().unwrap();
    plain(dir.path(), 50, None);
    let mut bytes = fs::read(dir.path().join("plain.parquet")).unwrap();
    let path = dir.path().join("flipped.parquet");
    for at in (0..bytes.len()).step_by(3) {
        bytes[at] ^= 0xff;
        fs::write(&path, &bytes).unwrap();
        assert!(FileFingerprint::of(&path).sha256.is_some(), "{at}");
        bytes[at] ^= 0xff;
    }
}
