//! How a CSV file is written: its delimiter, the byte that ends a line, and whether its first line names the columns.
//!
//! Told from the first 64 KiB. The delimiter is the first of tab, `;`, `|` and `,` that each line has equally often
//! and at least once; that order, since decimal commas stand between semicolons, and hardly ever the other way round.

use super::record::{Cell, next_record};
use super::values::ColumnValues;

/// How much of a file is looked at.
pub(super) const LOOK: usize = 64 << 10;

/// Lines that are looked at.
const LINES: usize = 50;

/// The bytes that have a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// `\n`, before which a `\r` is dropped; or `\r` in files that have no `\n`.
    pub(super) line_end: u8,
}

impl Dialect {
    /// Of a text that begins so; `is_whole` if there is no more of it.
    pub(super) fn of(head: &[u8], is_whole: bool) -> Self {
        let head = &head[..head.len().min(LOOK)];
        let line_end = match memchr::memchr2(b'\n', b'\r', head) {
            Some(_) if head.contains(&b'\n') => b'\n',
            Some(_) => b'\r',
            None => b'\n',
        };
        let mut cells = Vec::new();
        let candidates = [b'\t', b';', b'|', b','].map(|delimiter| Self { delimiter, line_end });
        let fitting = candidates.into_iter().find(|dialect| {
            let counts = dialect.cell_counts(head, is_whole, &mut cells);
            counts
                .first()
                .is_some_and(|first| *first > 1 && counts.iter().all(|count| count == first))
        });
        let most_cells = |dialect: &Self| {
            dialect
                .cell_counts(head, is_whole, &mut cells)
                .iter()
                .sum::<usize>()
        };
        // Ragged by each: the one that parts the most; a comma if none parts anything.
        fitting
            .or_else(|| candidates.into_iter().max_by_key(most_cells))
            .unwrap_or(Self {
                delimiter: b',',
                line_end,
            })
    }

    fn cell_counts(self, head: &[u8], is_whole: bool, cells: &mut Vec<Cell>) -> Vec<usize> {
        let mut counts = Vec::new();
        let mut at = 0;
        while counts.len() < LINES
            && let Some(record) = next_record(&head[at..], self, is_whole, cells)
        {
            at += record.length;
            if record.cells > 0 {
                counts.push(record.cells);
            }
        }
        counts
    }

    /// Whether the first line names the columns: it has text, and no number, instant or truth value.
    pub(super) fn is_header(cells: &[&[u8]]) -> bool {
        let mut has_text = false;
        for cell in cells {
            let mut values = ColumnValues::default();
            values.add(cell);
            match values.dtype() {
                "string" => has_text = true,
                "null" => {}
                _ => return false,
            }
        }
        has_text
    }
}
