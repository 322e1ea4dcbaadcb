//! One JSON document: an array of records, or a single one; read as a stream, so only a record is in memory.

use std::io::{self, Read};

use serde::de::DeserializeSeed;

use super::schema::{Document, Rows, place_of};
use crate::fingerprint::file::hashing_reader::HashingReader;
use crate::fingerprint::table::TableReading;

/// Reads the document; `first` is the block that was read already.
pub(crate) fn read_document(first: &[u8], reader: &mut HashingReader) -> TableReading {
    let first = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first);
    let blocks = Blocks {
        block: first.to_vec(),
        at: 0,
        reader,
    };
    let mut rows = Rows::default();
    let mut deserializer = serde_json::Deserializer::from_reader(io::BufReader::new(blocks));
    let read = Document(&mut rows)
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end());
    TableReading {
        table: Some(rows.into_table()),
        trouble: read
            .err()
            .map(|error| format!("{}: rows are counted up to there", place_of(&error))),
    }
}

/// The blocks of a file as one stream.
struct Blocks<'a> {
    block: Vec<u8>,
    at: usize,
    reader: &'a mut HashingReader,
}

impl Read for Blocks<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.block.len()
            && let Some(next) = self.reader.next_block()
        {
            self.block.clear();
            self.block.extend_from_slice(&next);
            self.at = 0;
        }
        let length = (&self.block[self.at..]).read(out)?;
        self.at += length;
        Ok(length)
    }
}
