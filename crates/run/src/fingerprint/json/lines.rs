//! JSON lines: a record a line. A line that is no JSON is counted and named, and the reading goes on.

use serde::de::DeserializeSeed;

use super::schema::{Row, Rows, place_of};
use crate::fingerprint::file::hashing_reader::HashingReader;
use crate::fingerprint::ranges::grouped;
use crate::fingerprint::table::TableReading;

/// The longest line.
const LONGEST: usize = 16 << 20;

/// Reads all lines; `first` is the block that was read already.
pub(crate) fn read_lines(first: &[u8], reader: &mut HashingReader) -> TableReading {
    let mut lines = Lines::default();
    let mut window = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).to_vec();
    loop {
        let whole = memchr::memrchr(b'\n', &window).map_or(0, |end| end + 1);
        window[..whole]
            .split_inclusive(|byte| *byte == b'\n')
            .for_each(|line| lines.add(line));
        window.drain(..whole);
        if window.len() > LONGEST {
            let line = grouped(lines.count + 1);
            lines.trouble = Some(format!(
                "line {line} is longer than 16 MiB: rows are counted up to there"
            ));
            break;
        }
        match reader.next_block() {
            Some(block) => window.extend_from_slice(&block),
            None => {
                lines.add(&window);
                break;
            }
        }
    }
    TableReading {
        table: Some(lines.rows.into_table()),
        trouble: lines.trouble,
    }
}

#[derive(Default)]
struct Lines {
    rows: Rows,
    count: u64,
    trouble: Option<String>,
}

impl Lines {
    fn add(&mut self, line: &[u8]) {
        self.count += 1;
        if line.trim_ascii().is_empty() {
            return;
        }
        let mut deserializer = serde_json::Deserializer::from_slice(line);
        let read = Row(&mut self.rows)
            .deserialize(&mut deserializer)
            .and_then(|()| deserializer.end());
        if let Err(error) = read {
            self.rows.ragged += 1;
            // The parser sees one line, so its line number is 1: only the column is of use.
            let place = place_of(&error).replace("line 1", &format!("line {}", grouped(self.count)));
            self.trouble.get_or_insert(place);
        }
    }
}
