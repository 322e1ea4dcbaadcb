//! The four attributes that every span and log record carries. They follow from the row's number, so
//! that whoever reads a record back knows what must be in it.

use std::hint::black_box;
use std::ops::Range;

use crate::scenario::SERIES;

/// The name of a span without children or parent.
pub(crate) const OPERATION: &str = "operation";
/// The name of the outer span of a trace of ten.
pub(crate) const ROOT: &str = "root";
/// The name of the nine inner spans.
pub(crate) const CHILD: &str = "child";
/// The text of a log record.
pub(crate) const MESSAGE: &str = "order filled";

/// What one row puts on its span or log record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attributes {
    pub(crate) symbol: &'static str,
    pub(crate) rows: i64,
    pub(crate) ratio: f64,
    pub(crate) ok: bool,
}

impl Attributes {
    #[inline(always)]
    fn of(symbol: &'static str, row: u64) -> Self {
        Self {
            symbol,
            rows: row as i64,
            ratio: row as f64 * 0.5,
            ok: row.is_multiple_of(2),
        }
    }

    /// Key and value that a row must arrive with, the value as text: a peer which keeps every value as
    /// text is checked by it too.
    pub(crate) fn expected(row: u64) -> [(&'static str, String); 4] {
        let Self {
            symbol,
            rows,
            ratio,
            ok,
        } = Self::of(SYMBOL, row);
        [
            ("symbol", symbol.to_owned()),
            ("rows", rows.to_string()),
            ("ratio", ratio.to_string()),
            ("ok", ok.to_string()),
        ]
    }
}

/// The label values of a counter. Opaque, so that nobody hashes them when the program is compiled.
pub(crate) fn labels() -> [&'static str; 3] {
    black_box(["kraken", "buy", "filled"])
}

/// The labels of a counter.
pub(crate) const LABELS: [&str; 3] = ["venue", "side", "status"];

/// The bounds of a histogram: Prometheus' own.
pub(crate) const BOUNDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// What a row records in a histogram.
#[inline(always)]
pub(crate) fn seconds(row: Attributes) -> f64 {
    (row.rows & 1023) as f64 / 1024.0
}

/// Takes a text with so many series, or says what it is instead.
pub(crate) fn check_text(text: &str, name: &str) -> Result<(), String> {
    let series = text.lines().filter(|line| line.starts_with(name)).count() as u64;
    if series == SERIES {
        Ok(())
    } else {
        Err(format!("a text has {series} series"))
    }
}

const SYMBOL: &str = "BTCUSDT";

/// The rows to record, one after the other.
#[derive(Debug)]
pub(crate) struct Rows {
    numbers: Range<u64>,
    symbol: &'static str,
}

impl Rows {
    pub(crate) fn new(numbers: Range<u64>) -> Self {
        // Opaque once for all the rows, so that nobody's code is specialised to a string of 7 bytes.
        Self {
            numbers,
            symbol: black_box(SYMBOL),
        }
    }
}

impl Iterator for Rows {
    type Item = Attributes;

    #[inline(always)]
    fn next(&mut self) -> Option<Attributes> {
        self.numbers.next().map(|row| Attributes::of(self.symbol, row))
    }
}
