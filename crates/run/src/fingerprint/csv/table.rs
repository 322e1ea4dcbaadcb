//! The rows of a CSV file, each cell to its column's hasher.
//!
//! Invariant: blocks may end anywhere: what is not a whole record yet waits for the next block. A record longer than
//! 16 MiB, which is mostly a quote that was never closed, ends the reading of the table, not of the file.

use super::dialect::Dialect;
use super::record::{Cell, Record, next_record};
use super::values::ColumnValues;
use crate::fingerprint::column::{ColumnHasher, push_length};
use crate::fingerprint::file::hashing_reader::HashingReader;
use crate::fingerprint::table::{Table, TableReading};

/// The longest record.
const LONGEST: usize = 16 << 20;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// Reads all records; `first` is the block that was read already.
pub(crate) fn read(first: &[u8], reader: &mut HashingReader) -> TableReading {
    if first.starts_with(b"\xff\xfe") || first.starts_with(b"\xfe\xff") {
        return TableReading {
            table: None,
            trouble: Some("is UTF-16: only its bytes are hashed, write it as UTF-8".to_owned()),
        };
    }
    let mut window = first.strip_prefix(BOM).unwrap_or(first).to_vec();
    let is_whole = reader.size() <= first.len() as u64;
    let mut rows = Rows::new(Dialect::of(&window, is_whole));
    let mut trouble = None;
    let mut is_last = is_whole;
    loop {
        let taken = rows.take(&window, is_last);
        window.drain(..taken);
        if is_last {
            break;
        }
        if window.len() > LONGEST {
            trouble = Some(format!(
                "row {} is longer than 16 MiB, perhaps a quote is not closed: columns end there",
                rows.count
            ));
            break;
        }
        match reader.next_block() {
            Some(block) => window.extend_from_slice(&block),
            None => is_last = true,
        }
    }
    TableReading {
        table: Some(rows.finish()),
        trouble,
    }
}

struct CsvColumn {
    name: String,
    hasher: ColumnHasher,
    values: ColumnValues,
}

struct Rows {
    dialect: Dialect,
    columns: Vec<CsvColumn>,
    /// Cells in the first line.
    width: usize,
    count: u64,
    ragged: u64,
    cells: Vec<Cell>,
}

impl Rows {
    fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            columns: Vec::new(),
            width: 0,
            count: 0,
            ragged: 0,
            cells: Vec::new(),
        }
    }

    /// Takes the whole records of the window and tells how many bytes they were.
    fn take(&mut self, window: &[u8], is_last: bool) -> usize {
        let mut at = 0;
        let mut cells = std::mem::take(&mut self.cells);
        while let Some(record) = next_record(&window[at..], self.dialect, is_last, &mut cells) {
            if record.cells > 0 {
                self.add(&window[at..at + record.length], record, &cells);
            }
            at += record.length;
        }
        self.cells = cells;
        at
    }

    #[inline]
    fn add(&mut self, bytes: &[u8], record: Record, cells: &[Cell]) {
        if self.columns.is_empty() && self.begin(bytes, record, cells) {
            return;
        }
        self.count += 1;
        self.ragged += u64::from(record.cells != self.width);
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            let text = cell.text(bytes);
            let buffer = column.hasher.buffer();
            push_length(buffer, text.len() + 1);
            buffer.extend_from_slice(&text);
            column.hasher.advance(1);
            column.values.add(&text);
        }
        for column in self.columns.iter_mut().skip(cells.len()) {
            column.hasher.buffer().push(0);
            column.hasher.advance(1);
            column.values.add_missing();
        }
    }

    /// Makes the columns from the first line, and says whether that was a header.
    fn begin(&mut self, bytes: &[u8], record: Record, cells: &[Cell]) -> bool {
        let texts: Vec<_> = cells.iter().map(|cell| cell.text(bytes)).collect();
        let slices: Vec<&[u8]> = texts.iter().map(AsRef::as_ref).collect();
        let is_header = Dialect::is_header(&slices);
        self.width = record.cells;
        for (at, text) in (1..).zip(slices) {
            let name = match text {
                text if is_header && !text.is_empty() => String::from_utf8_lossy(text).into_owned(),
                _ => format!("column_{at}"),
            };
            self.columns.push(CsvColumn {
                name,
                hasher: ColumnHasher::new(cells.len()),
                values: ColumnValues::default(),
            });
        }
        is_header
    }

    fn finish(self) -> Table {
        let left_out = self.width - self.columns.len();
        let columns = self
            .columns
            .into_iter()
            .map(|column| column.hasher.finish(column.name, column.values.into_traits()))
            .collect();
        Table {
            ragged_rows: self.ragged,
            columns_left_out: left_out as u64,
            ..Table::of_columns(self.count, columns)
        }
    }
}
