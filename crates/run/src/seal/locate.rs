//! From altered byte ranges of a file to places that a person can look at: lines, records, chunks.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use telensic_tape::format::{CELL, CHUNK_HEADER, SLOT};
use telensic_tape::otlp::{Repeated, field};

use super::entry::{ChunkEntry, TapeFacts};
use super::{Entry, Place};

/// Files that are read by lines.
const TEXT: [&str; 10] = [
    "csv", "folded", "html", "json", "jsonl", "log", "md", "prom", "svg", "txt",
];

/// The places of these bytes of a file, as it was sealed; no more than `most`.
pub(super) fn places(
    entry: &Entry,
    path: &Path,
    ranges: &[Range<u64>],
    most: usize,
) -> io::Result<Vec<Place>> {
    let mut places = Vec::new();
    for range in ranges {
        match entry.tape() {
            Some(tape) => on_tape(tape, path, range, most, &mut places)?,
            None if is_text(entry.path()) => places.push(lines(path, range)?),
            None => places.push(bytes(range)),
        }
        if places.len() >= most {
            places.truncate(most);
            break;
        }
    }
    places.dedup();
    Ok(places)
}

fn is_text(name: &str) -> bool {
    let extension = Path::new(name)
        .extension()
        .and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| TEXT.contains(&extension))
}

fn bytes(range: &Range<u64>) -> Place {
    Place::Bytes {
        first: range.start,
        last: range.end.saturating_sub(1).max(range.start),
    }
}

fn lines(path: &Path, range: &Range<u64>) -> io::Result<Place> {
    let mut input = File::open(path)?.take(range.end.saturating_sub(1));
    let (mut at, mut line, mut first) = (0, 1, 1);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = input.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        for byte in &buffer[..read] {
            if at == range.start {
                first = line;
            }
            line += u64::from(*byte == b'\n');
            at += 1;
        }
    }
    if range.start >= at {
        first = line;
    }
    Ok(Place::Lines { first, last: line })
}

fn on_tape(
    tape: &TapeFacts,
    path: &Path,
    range: &Range<u64>,
    most: usize,
    places: &mut Vec<Place>,
) -> io::Result<()> {
    if range.start < tape.table {
        places.push(Place::TapeHeader);
    }
    let table_end = tape
        .slots
        .saturating_mul(SLOT as u64)
        .saturating_add(tape.table)
        .min(tape.grid);
    let table = overlap(range, &(tape.table..table_end));
    if !table.is_empty() {
        places.push(Place::OpenSpanSlots {
            first: (table.start - tape.table) / SLOT as u64,
            last: (table.end - 1 - tape.table) / SLOT as u64,
        });
    }
    if !overlap(range, &(table_end..tape.grid)).is_empty() {
        places.push(Place::BehindOpenSpans);
    }
    let mut at = range.start.max(tape.grid);
    while at < range.end && places.len() < most {
        let cell = (at - tape.grid) / CELL as u64;
        // The chunk in this cell begins in it, or in one before.
        let begun = tape.chunks.partition_point(|chunk| u64::from(chunk.cell) <= cell);
        let chunk = begun
            .checked_sub(1)
            .and_then(|last| tape.chunks.get(last))
            .filter(|chunk| at < extent(tape, chunk).end);
        let Some(chunk) = chunk else {
            places.push(Place::UnusedCell { cell });
            at = position(tape, cell + 1);
            continue;
        };
        let cells = extent(tape, chunk);
        in_chunk(chunk, path, cells.start, &overlap(range, &cells), places)?;
        at = cells.end;
    }
    Ok(())
}

fn position(tape: &TapeFacts, cell: u64) -> u64 {
    cell.saturating_mul(CELL as u64).saturating_add(tape.grid)
}

/// The bytes of the cells that a chunk takes.
fn extent(tape: &TapeFacts, chunk: &ChunkEntry) -> Range<u64> {
    let cells = chunk
        .bytes
        .saturating_add(CHUNK_HEADER as u64)
        .div_ceil(CELL as u64);
    let cell = u64::from(chunk.cell);
    position(tape, cell)..position(tape, cell.saturating_add(cells))
}

fn overlap(range: &Range<u64>, other: &Range<u64>) -> Range<u64> {
    let start = range.start.max(other.start);
    start..range.end.min(other.end).max(start)
}

fn in_chunk(
    chunk: &ChunkEntry,
    path: &Path,
    start: u64,
    altered: &Range<u64>,
    places: &mut Vec<Place>,
) -> io::Result<()> {
    let body_start = start + CHUNK_HEADER as u64;
    let body = body_start..body_start.saturating_add(chunk.bytes);
    let in_body = overlap(altered, &body);
    let header = altered.start < body_start;
    if header || !in_body.is_empty() {
        let altered_body = in_body.start.saturating_sub(body_start)..in_body.end.saturating_sub(body_start);
        places.push(Place::Chunk {
            chunk: chunk.number,
            header,
            records: if in_body.is_empty() {
                None
            } else {
                records(path, &body, &altered_body)?
            },
        });
    }
    if altered.end > body.end {
        places.push(Place::BehindChunk { chunk: chunk.number });
    }
    Ok(())
}

/// The first and the last record that touch these bytes of a body, as far as the body can still be read.
fn records(path: &Path, body: &Range<u64>, altered: &Range<u64>) -> io::Result<Option<(u64, u64)>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(body.start))?;
    let mut bytes = Vec::new();
    file.take(body.end - body.start).read_to_end(&mut bytes)?;
    let begin = bytes.as_ptr() as usize;
    let mut end_before = 0;
    let mut touched = None;
    for (number, record) in (0..).zip(Repeated::new(&bytes, field::scope_records::RECORD)) {
        let Ok(record) = record else {
            // From here on nothing can be read: this record and all behind it.
            let first = touched.map_or(number, |(first, _)| first);
            return Ok(Some((first, number)));
        };
        let end = (record.as_ptr() as usize - begin + record.len()) as u64;
        if end > altered.start && end_before < altered.end {
            touched = Some((touched.map_or(number, |(first, _)| first), number));
        }
        end_before = end;
    }
    Ok(touched)
}
