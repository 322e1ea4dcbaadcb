//! `events.jsonl`: all events of a run, merged.
//!
//! Lines are sorted by time, then host, process and the order within the process, then by their bytes: the same
//! tapes give the same file, in whatever order they are read. A reader tells of a line that it cannot read, by its
//! number, and reads the others.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use telensic_tape::UnixNanos;

use super::EventLine;
use crate::RunError;

/// Writes events, each with its place within its process, in their order.
pub fn write_lines(events: &[(EventLine, u64)], out: &mut impl Write) -> io::Result<()> {
    let mut sorted: Vec<_> = events.iter().collect();
    sorted.sort_by(|a, b| order(a).cmp(&order(b)));
    for same in sorted.chunk_by(|a, b| order(a) == order(b)) {
        let mut lines = same
            .iter()
            .map(|(line, _)| serde_json::to_vec(line))
            .collect::<Result<Vec<_>, _>>()?;
        lines.sort_unstable();
        for mut line in lines {
            line.push(b'\n');
            out.write_all(&line)?;
        }
    }
    Ok(())
}

fn order((line, place): &(EventLine, u64)) -> (UnixNanos, &str, u32, u64) {
    (line.time, &line.host, line.pid, *place)
}

/// A line that is no event.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct BadLine {
    /// Its number, from 1.
    pub line: u64,
    /// Why it is none.
    pub reason: String,
}

/// The events of a file, one after the other.
#[derive(Debug)]
pub struct EventLines<R> {
    reader: R,
    line: u64,
    buffer: Vec<u8>,
    /// The reader has failed; it would fail again, for ever.
    failed: bool,
}

impl EventLines<BufReader<File>> {
    /// Opens `events.jsonl`.
    pub fn open(path: &Path) -> Result<Self, RunError> {
        let file = File::open(path).map_err(RunError::on("open", path))?;
        Ok(Self::new(BufReader::new(file)))
    }
}

impl<R: BufRead> EventLines<R> {
    /// Reads events from here.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            line: 0,
            buffer: Vec::new(),
            failed: false,
        }
    }
}

impl<R: BufRead> Iterator for EventLines<R> {
    type Item = Result<EventLine, BadLine>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.failed {
            self.buffer.clear();
            self.line += 1;
            let bad = |reason| BadLine {
                line: self.line,
                reason,
            };
            match self.reader.read_until(b'\n', &mut self.buffer) {
                Ok(0) => return None,
                Ok(_) => {}
                Err(error) => {
                    self.failed = true;
                    return Some(Err(bad(format!("cannot be read: {error}"))));
                }
            }
            let line = self.buffer.trim_ascii();
            if !line.is_empty() {
                return Some(serde_json::from_slice(line).map_err(|error| bad(format!("no event: {error}"))));
            }
        }
        None
    }
}
