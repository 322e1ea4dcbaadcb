//! Made-up market data as CSV, as Parquet and as an array. The same figures on every machine.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use telensic_benches::Outcome;

const SYMBOLS: [&str; 4] = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"];
const MINUTE_MS: u64 = 60_000;
/// Rows of a batch that is written to Parquet at once.
const BATCH: u64 = 100_000;

/// Bars, a minute each.
pub(crate) struct Bars {
    pub(crate) rows: u64,
    /// The rows whose close is another one.
    pub(crate) changed: Range<u64>,
}

struct Bar {
    time_ms: u64,
    symbol: &'static str,
    open: f64,
    high: f64,
    low: f64,
    close: f64,
    volume: i64,
}

impl Bars {
    /// So many, none of them changed.
    pub(crate) fn of(rows: u64) -> Self {
        Self { rows, changed: 0..0 }
    }

    fn bar(&self, row: u64) -> Bar {
        let noise = scattered(row);
        let open = 20_000.0 + (noise % 1_000_000) as f64 / 100.0;
        let shift = if self.changed.contains(&row) { 0.01 } else { 0.0 };
        Bar {
            time_ms: 1_800_000_000_000 + row * MINUTE_MS,
            symbol: SYMBOLS[(noise >> 32) as usize % SYMBOLS.len()],
            open,
            high: open + 12.5,
            low: open - 11.25,
            close: open + (noise >> 40) as f64 / 16_777_216.0 + shift,
            volume: (noise >> 20 & 0xffff) as i64,
        }
    }

    /// Writes them as comma-separated values with a header.
    pub(crate) fn write_csv(&self, path: &Path) -> Outcome<()> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        writeln!(out, "time_ms,symbol,open,high,low,close,volume")?;
        for row in 0..self.rows {
            let bar = self.bar(row);
            writeln!(
                out,
                "{},{},{},{},{},{},{}",
                bar.time_ms, bar.symbol, bar.open, bar.high, bar.low, bar.close, bar.volume
            )?;
        }
        out.flush()?;
        Ok(())
    }

    /// Writes them as Parquet, as its writer does by default.
    pub(crate) fn write_parquet(&self, path: &Path) -> Outcome<()> {
        let mut writer = None;
        for first in (0..self.rows).step_by(BATCH as usize) {
            let batch = self.batch(first..self.rows.min(first + BATCH))?;
            let writer = match &mut writer {
                Some(writer) => writer,
                None => writer.insert(ArrowWriter::try_new(File::create(path)?, batch.schema(), None)?),
            };
            writer.write(&batch)?;
        }
        writer.ok_or("a table has rows")?.close()?;
        Ok(())
    }

    fn batch(&self, rows: Range<u64>) -> Outcome<RecordBatch> {
        let bars: Vec<Bar> = rows.map(|row| self.bar(row)).collect();
        let floats = |figure: fn(&Bar) -> f64| -> ArrayRef {
            Arc::new(bars.iter().map(|bar| Some(figure(bar))).collect::<Float64Array>())
        };
        let integers = |figure: fn(&Bar) -> i64| -> ArrayRef {
            Arc::new(bars.iter().map(|bar| Some(figure(bar))).collect::<Int64Array>())
        };
        let symbols: ArrayRef = Arc::new(StringArray::from_iter_values(bars.iter().map(|bar| bar.symbol)));
        Ok(RecordBatch::try_from_iter([
            ("time_ms", integers(|bar| bar.time_ms as i64)),
            ("symbol", symbols),
            ("open", floats(|bar| bar.open)),
            ("high", floats(|bar| bar.high)),
            ("low", floats(|bar| bar.low)),
            ("close", floats(|bar| bar.close)),
            ("volume", integers(|bar| bar.volume)),
        ])?)
    }
}

/// Writes this many float64, little-endian, and nothing else.
pub(crate) fn write_floats(path: &Path, count: u64) -> Outcome<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    for index in 0..count {
        let float = scattered(index) as f64 / u64::MAX as f64;
        out.write_all(&float.to_le_bytes())?;
    }
    out.flush()?;
    Ok(())
}

/// A number that looks like chance and follows from another: SplitMix64's last step.
fn scattered(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}
