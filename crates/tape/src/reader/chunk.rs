//! Chunks, as found in the grid.

use std::collections::HashMap;
use std::fs::File;
use std::io;

use super::{Damage, Tape, TapeHead};
use crate::format::{CELL, CHUNK_HEADER, CHUNK_MAGIC, ChunkState, Signal, chunk};
use crate::otlp::{FieldValue, Fields, LogView, Malformed, Repeated, ScopeView, SpanView, field};
use crate::{ChainHash, UnixNanos, platform};

/// What a chunk's header says.
#[derive(Clone, Debug)]
pub struct Chunk {
    cell: u32,
    header: [u8; CHUNK_HEADER],
    state: ChunkState,
    signal: Signal,
    /// Body bytes that are committed and within the file.
    available: u64,
}

impl Chunk {
    fn parse(cell: u32, header: [u8; CHUNK_HEADER]) -> Result<Self, &'static str> {
        let mut parsed = Self {
            cell,
            header,
            state: ChunkState::Free,
            signal: Signal::Spans,
            available: 0,
        };
        parsed.state = ChunkState::from_u32(parsed.half(chunk::STATE)).ok_or("its state")?;
        if parsed.state != ChunkState::Free {
            parsed.signal = Signal::from_byte(header[chunk::SIGNAL]).ok_or("its signal")?;
            let capacity = u64::from(parsed.cells()) * CELL as u64;
            if parsed.cells() == 0 || parsed.committed() + CHUNK_HEADER as u64 > capacity {
                return Err("its length");
            }
            if parsed.id() == 0 {
                return Err("its number");
            }
        }
        Ok(parsed)
    }

    fn half(&self, offset: usize) -> u32 {
        let mut half = [0; 4];
        half.copy_from_slice(&self.header[offset..offset + 4]);
        u32::from_le_bytes(half)
    }

    fn word(&self, offset: usize) -> u64 {
        let mut word = [0; 8];
        word.copy_from_slice(&self.header[offset..offset + 8]);
        u64::from_le_bytes(word)
    }

    fn hash_at(&self, offset: usize) -> ChainHash {
        let mut hash = [0; 32];
        hash.copy_from_slice(&self.header[offset..offset + 32]);
        hash
    }

    pub(super) fn header(&self) -> &[u8; CHUNK_HEADER] {
        &self.header
    }

    fn cells(&self) -> u32 {
        self.half(chunk::CELLS)
    }

    fn committed(&self) -> u64 {
        self.word(chunk::COMMITTED)
    }

    /// Its number within the tape, from 1.
    pub fn id(&self) -> u64 {
        self.word(chunk::ID)
    }

    /// What it holds.
    pub fn signal(&self) -> Signal {
        self.signal
    }

    /// How far its life has gone.
    pub fn state(&self) -> ChunkState {
        self.state
    }

    /// Whether its records may be sent on: their traces are sampled.
    pub fn is_exported(&self) -> bool {
        self.header[chunk::FLAGS] & 1 == 0
    }

    /// The ordinal of the thread that began it.
    pub fn thread(&self) -> u32 {
        self.half(chunk::THREAD)
    }

    /// How many records it holds.
    pub fn records(&self) -> u64 {
        self.word(chunk::RECORDS)
    }

    /// How many bytes its body has.
    pub fn body_len(&self) -> u64 {
        self.available
    }

    /// When it was begun.
    pub fn first(&self) -> UnixNanos {
        UnixNanos(self.word(chunk::FIRST))
    }

    /// When its latest record was written.
    pub fn last(&self) -> UnixNanos {
        UnixNanos(self.word(chunk::LAST))
    }

    /// Its place in the hash chain, from 1, once it is sealed.
    pub fn link(&self) -> Option<u64> {
        Some(self.word(chunk::LINK)).filter(|link| self.state == ChunkState::Sealed && *link > 0)
    }

    /// Its sealed hash.
    pub fn hash(&self) -> Option<ChainHash> {
        self.link().map(|_| self.hash_at(chunk::HASH))
    }

    pub(super) fn previous(&self) -> ChainHash {
        self.hash_at(chunk::PREVIOUS)
    }

    pub(super) fn sealed_len(&self) -> u64 {
        self.word(chunk::SEALED)
    }
}

/// Finds all chunks by their headers.
pub(super) fn scan(file: &File, len: u64, head: &TapeHead) -> (Vec<Chunk>, Vec<Damage>) {
    let mut damage = Vec::new();
    let Some(grid_len) = len.checked_sub(head.grid_offset()) else {
        return (Vec::new(), vec![Damage::TableTruncated]);
    };
    let cells = u32::try_from(grid_len.div_ceil(CELL as u64)).unwrap_or(u32::MAX);
    let mut found: HashMap<u64, Chunk> = HashMap::new();
    let mut cell = 0;
    while cell < cells {
        let position = head.grid_offset() + u64::from(cell) * CELL as u64;
        let mut header = [0; CHUNK_HEADER];
        let whole = position + CHUNK_HEADER as u64 <= len;
        let current = cell;
        cell += 1;
        if !whole || platform::read_at(file, &mut header, position).is_err() {
            // The rest of a cell of which not even the header is there.
            damage.push(Damage::BadChunkHeader {
                cell: current,
                what: "the file ends within it",
            });
            continue;
        }
        if header[..4] != CHUNK_MAGIC.to_le_bytes() {
            if header.iter().any(|byte| *byte != 0) {
                damage.push(Damage::ForeignBytes { cell: current });
            }
            continue;
        }
        let mut chunk = match Chunk::parse(current, header) {
            Ok(chunk) if chunk.state == ChunkState::Free => continue,
            Ok(chunk) => chunk,
            Err(what) => {
                damage.push(Damage::BadChunkHeader { cell: current, what });
                continue;
            }
        };
        chunk.available = chunk.committed().min(len - position - CHUNK_HEADER as u64);
        if chunk.available < chunk.committed() {
            let missing = chunk.committed() - chunk.available;
            damage.push(Damage::ChunkTruncated {
                chunk: chunk.id(),
                missing,
            });
        }
        cell = current.saturating_add(chunk.cells());
        keep_better(&mut found, chunk);
    }
    let mut chunks: Vec<Chunk> = found.into_values().collect();
    chunks.sort_unstable_by_key(Chunk::id);
    (chunks, damage)
}

/// A chunk can be there twice: when the process died after it was written out, before its hot cell was freed.
fn keep_better(found: &mut HashMap<u64, Chunk>, chunk: Chunk) {
    let rank = |chunk: &Chunk| (chunk.state as u32, chunk.available);
    match found.get(&chunk.id()) {
        Some(other) if rank(other) >= rank(&chunk) => {}
        _ => {
            found.insert(chunk.id(), chunk);
        }
    }
}

/// The body of a chunk: an OTLP `ScopeSpans`, `ScopeLogs` or `ScopeMetrics` message.
#[derive(Clone, Debug)]
pub struct Body {
    bytes: Vec<u8>,
    signal: Signal,
}

impl Body {
    /// The message as it lies.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The scope that recorded.
    pub fn scope(&self) -> Result<ScopeView<'_>, Malformed> {
        match Fields::new(&self.bytes).next() {
            Some(Ok((field::scope_records::SCOPE, FieldValue::Len(scope)))) => ScopeView::parse(scope),
            Some(Err(malformed)) => Err(malformed),
            _ => Ok(ScopeView::default()),
        }
    }

    /// The encoded records, in the order of their writing.
    pub fn records(&self) -> Repeated<'_> {
        Repeated::new(&self.bytes, field::scope_records::RECORD)
    }

    /// The spans; none if the chunk holds something else.
    pub fn spans(&self) -> impl Iterator<Item = Result<SpanView<'_>, Malformed>> {
        let is_spans = self.signal == Signal::Spans;
        self.records()
            .filter(move |_| is_spans)
            .map(|record| record.and_then(SpanView::parse))
    }

    /// The log records; none if the chunk holds something else.
    pub fn logs(&self) -> impl Iterator<Item = Result<LogView<'_>, Malformed>> {
        let is_logs = self.signal == Signal::Logs;
        self.records()
            .filter(move |_| is_logs)
            .map(|record| record.and_then(LogView::parse))
    }
}

impl Tape {
    /// Reads a chunk's body.
    ///
    /// On a live ring the chunk may have been overwritten since the tape was opened: that is an error of kind
    /// [`io::ErrorKind::NotFound`].
    pub fn body(&self, chunk: &Chunk) -> io::Result<Body> {
        let position = self.head.grid_offset() + u64::from(chunk.cell) * CELL as u64;
        let mut bytes = vec![0; chunk.available as usize];
        platform::read_at(&self.file, &mut bytes, position + CHUNK_HEADER as u64)?;
        let mut id = [0; 8];
        platform::read_at(&self.file, &mut id, position + chunk::ID as u64)?;
        if u64::from_le_bytes(id) != chunk.id() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "overwritten by newer records meanwhile",
            ));
        }
        Ok(Body {
            bytes,
            signal: chunk.signal,
        })
    }
}
