//! Where the cells of a line begin and end.
//!
//! Invariant: a record is found whole or not at all, so a caller that lacks bytes gets more and asks again. Quotes
//! mean something only at the beginning of a cell; inside them delimiters and line ends are text, and two quotes are
//! one. What follows a closing quote is text as well. An empty line is a record without cells.

use std::borrow::Cow;

use super::dialect::Dialect;
use crate::fingerprint::column::MOST_COLUMNS;

/// A cell's place in the bytes that the record begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    start: u32,
    end: u32,
    is_quoted: bool,
}

/// A record's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// In bytes, its line end included.
    pub(super) length: usize,
    /// In cells; those past the most columns are counted, not listed.
    pub(super) cells: usize,
}

impl Cell {
    /// The cell's text, its quotes taken off.
    #[inline]
    pub(super) fn text(self, record: &[u8]) -> Cow<'_, [u8]> {
        let raw = &record[self.start as usize..self.end as usize];
        if !self.is_quoted {
            return Cow::Borrowed(raw);
        }
        unquoted(raw)
    }
}

/// The record at the beginning of these bytes; `None` if its end is not among them. `is_last` says that no more bytes
/// follow, so the end of the bytes ends a line.
#[inline]
pub(super) fn next_record(
    bytes: &[u8],
    dialect: Dialect,
    is_last: bool,
    cells: &mut Vec<Cell>,
) -> Option<Record> {
    cells.clear();
    let mut count = 0;
    let mut start = 0;
    if bytes.is_empty() {
        return None;
    }
    loop {
        let is_quoted = bytes.get(start) == Some(&b'"');
        let from = if is_quoted {
            match end_of_quotes(bytes, start) {
                Some(from) => from,
                None if is_last => bytes.len(),
                None => return None,
            }
        } else {
            start
        };
        let stop = match memchr::memchr2(dialect.delimiter, dialect.line_end, &bytes[from..]) {
            Some(stop) => from + stop,
            None if is_last => bytes.len(),
            None => return None,
        };
        let is_delimiter = bytes.get(stop) == Some(&dialect.delimiter);
        let ends_in_return =
            !is_delimiter && dialect.line_end == b'\n' && stop > from.max(start) && bytes[stop - 1] == b'\r';
        let end = stop - usize::from(ends_in_return);
        let is_blank_line = count == 0 && !is_delimiter && end == start;
        if !is_blank_line {
            count += 1;
            if cells.len() < MOST_COLUMNS {
                cells.push(Cell {
                    start: start as u32,
                    end: end as u32,
                    is_quoted,
                });
            }
        }
        if !is_delimiter {
            return Some(Record {
                length: (stop + 1).min(bytes.len()),
                cells: count,
            });
        }
        start = stop + 1;
    }
}

/// The place behind the closing quote of the cell that begins here.
fn end_of_quotes(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let quote = at + memchr::memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote + 1);
        }
        at = quote + 2;
    }
}

/// `"a ""b"""` is `a "b"`; what stands behind the closing quote is kept.
fn unquoted(raw: &[u8]) -> Cow<'_, [u8]> {
    let inner = &raw[1..];
    match memchr::memchr(b'"', inner) {
        Some(quote) if quote + 1 == inner.len() => return Cow::Borrowed(&inner[..quote]),
        None => return Cow::Borrowed(inner),
        Some(_) => {}
    }
    let mut text = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(quote) = memchr::memchr(b'"', rest) {
        text.extend_from_slice(&rest[..quote]);
        let is_escaped = rest.get(quote + 1) == Some(&b'"');
        rest = &rest[quote + 1 + usize::from(is_escaped)..];
        if is_escaped {
            text.push(b'"');
        } else {
            break;
        }
    }
    text.extend_from_slice(rest);
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Dialect = Dialect {
        delimiter: b',',
        line_end: b'\n',
    };

    fn records(text: &str) -> Vec<Vec<String>> {
        let (mut bytes, mut cells, mut found) = (text.as_bytes(), Vec::new(), Vec::new());
        while let Some(record) = next_record(bytes, COMMA, true, &mut cells) {
            let texts = cells.iter().map(|cell| cell.text(bytes));
            found.push(
                texts
                    .map(|text| String::from_utf8_lossy(&text).into_owned())
                    .collect(),
            );
            bytes = &bytes[record.length..];
        }
        found
    }

    #[test]
    fn quotes_hold_delimiters_line_ends_and_quotes() {
        assert_eq!(
            records("a,\"b,\r\n\"\"c\"\"\",d\r\n\n,\"\"\r\n\"x\"y,5\"\"z"),
            vec![
                vec!["a", "b,\r\n\"c\"", "d"],
                vec![],
                vec!["", ""],
                vec!["xy", "5\"\"z"],
            ]
        );
        assert_eq!(records("a,\"never closed\n1,2\n"), [["a", "never closed\n1,2\n"]]);
        assert_eq!(records("\""), [[""]]);
    }

    #[test]
    fn a_record_without_its_end_is_asked_for_again() {
        let mut cells = Vec::new();
        for text in ["a,b", "a,\"b\n", "a,\"b\"\"", ""] {
            assert_eq!(
                next_record(text.as_bytes(), COMMA, false, &mut cells),
                None,
                "{text:?}"
            );
        }
    }
}
