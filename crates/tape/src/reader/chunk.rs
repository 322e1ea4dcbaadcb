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
            if !parsed.is_consistent() {
                return Err("its length");
            }
            if parsed.id() == 0 {
                return Err("its number");
            }
        }
        Ok(parsed)
    }

    /// Whether it takes just the cells that it needs.
    fn is_consistent(&self) -> bool {
        let bytes = self.committed().saturating_add(CHUNK_HEADER as u64);
        bytes.div_ceil(CELL as u64) == u64::from(self.cells())
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

    pub(crate) fn cell(&self) -> u32 {
        self.cell
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

    /// When the latest record was written that its seal covers.
    pub(super) fn sealed_last(&self) -> UnixNanos {
        UnixNanos(self.word(chunk::SEALED_LAST))
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

/// What was found in the grid.
pub(super) struct Found {
    pub(super) chunks: Vec<Chunk>,
    pub(super) damage: Vec<Damage>,
    pub(super) moving: bool,
    pub(super) links: u64,
}

/// How often the grid of a live tape is looked through until nothing moves meanwhile.
const LOOKS: usize = 4;

/// Finds all chunks by their headers.
///
/// While a tape is written, a chunk goes from a hot cell to a cold one; one that goes from behind the place
/// where the search is to before it would be missed, so a search in which chunks were sealed is done again.
pub(super) fn find_all(file: &File, head: &TapeHead) -> io::Result<Found> {
    // Asked for after the header was read: what that counts lies within.
    let len = file.metadata()?.len();
    let (mut found, mut damage) = scan(file, len, head);
    let mut earlier = HashMap::new();
    let mut moving = false;
    let mut links = head.links();
    for _ in 0..LOOKS {
        let now = head.links_now(file);
        moving = now != links;
        if head.is_closed() || !moving {
            break;
        }
        links = now;
        let len = file.metadata()?.len();
        let (again, damage_again) = scan(file, len, head);
        earlier.extend(std::mem::replace(&mut found, again));
        damage = damage_again;
    }
    if moving {
        // No search was complete by itself, so whatever any of them found.
        earlier.extend(found);
        found = earlier;
    }
    let mut chunks: Vec<Chunk> = found.into_values().collect();
    chunks.sort_unstable_by_key(Chunk::id);
    Ok(Found {
        chunks,
        damage,
        moving,
        links,
    })
}

/// A chunk's header, read until the chunk does not change meanwhile.
fn read_header(file: &File, position: u64, is_live: bool) -> io::Result<[u8; CHUNK_HEADER]> {
    const TRIES: usize = 16;
    let mut header = [0; CHUNK_HEADER];
    platform::read_at(file, &mut header, position)?;
    for _ in 0..if is_live { TRIES } else { 0 } {
        let mut again = [0; CHUNK_HEADER];
        platform::read_at(file, &mut again, position)?;
        let stays = again == header;
        header = again;
        if stays {
            break;
        }
    }
    Ok(header)
}

fn scan(file: &File, len: u64, head: &TapeHead) -> (HashMap<u64, Chunk>, Vec<Damage>) {
    let mut damage = Vec::new();
    let Some(grid_len) = len.checked_sub(head.grid_offset()) else {
        return (HashMap::new(), vec![Damage::TableTruncated]);
    };
    let cells = u32::try_from(grid_len.div_ceil(CELL as u64)).unwrap_or(u32::MAX);
    let mut found: HashMap<u64, Chunk> = HashMap::new();
    let mut cell = 0;
    while cell < cells {
        let position = head.grid_offset() + u64::from(cell) * CELL as u64;
        let whole = position + CHUNK_HEADER as u64 <= len;
        let current = cell;
        cell += 1;
        let header = match read_header(file, position, !head.is_closed()) {
            Ok(header) if whole => header,
            _ => {
                // The rest of a cell of which not even the header is there.
                damage.push(Damage::BadChunkHeader {
                    cell: current,
                    what: "the file ends within it",
                });
                continue;
            }
        };
        if header[..4] != CHUNK_MAGIC.to_le_bytes() {
            if header.iter().any(|byte| *byte != 0) {
                damage.push(Damage::ForeignBytes { cell: current });
            }
            continue;
        }
        let mut chunk = match Chunk::parse(current, header) {
            Ok(chunk) if chunk.state == ChunkState::Free => {
                if chunk.is_consistent() {
                    // Of a large one that was not written to its end, the further cells are no chunks either.
                    cell = current.saturating_add(chunk.cells());
                }
                continue;
            }
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
    (found, damage)
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

    /// What it holds.
    pub fn signal(&self) -> Signal {
        self.signal
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
        match self.body_at(chunk, chunk.cell) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && chunk.link().is_none() => {
                // It was sealed and written out since: its records are elsewhere.
                let len = self.file.metadata()?.len();
                let (found, _) = scan(&self.file, len, &self.head);
                let moved = found.get(&chunk.id()).ok_or(error)?;
                self.body_at(chunk, moved.cell)
            }
            body => body,
        }
    }

    fn body_at(&self, chunk: &Chunk, cell: u32) -> io::Result<Body> {
        let position = self.head.grid_offset() + u64::from(cell) * CELL as u64;
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
