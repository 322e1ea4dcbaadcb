//! The hot cells: chunks in mapped memory that the recording threads fill.
//!
//! The protocol. A chunk in state `Open` has one writer, the holder of its [`OpenChunk`], which alone writes
//! the body beyond `committed` and publishes what it wrote by a release store of `committed`
//! ([`publish`]). Anyone may read the body up to an acquire load of it ([`published`]) through a [`Hot`]. A
//! chunk that is full is handed over through the pool's mutex, and is given to a new writer only by whoever
//! took it out of the pool, so never while the clerk reads it.

#![expect(
    unsafe_code,
    reason = "plain bytes of a chunk are written and read without a lock, by the protocol above"
)]

use std::sync::Arc;

use crate::UnixNanos;
use crate::format::{BODY, CELL, CHUNK_HEADER, CHUNK_MAGIC, ChunkState, Signal, chunk};
use crate::otlp::{self, SpanHead};
use crate::region::Region;
use crate::sync::{AtomicU64, Ordering};

/// Makes the body up to `len` visible to readers.
#[inline]
pub(crate) fn publish(committed: &AtomicU64, len: u64) {
    committed.store(len, Ordering::Release);
}

/// How much of the body may be read.
#[inline]
pub(crate) fn published(committed: &AtomicU64) -> u64 {
    committed.load(Ordering::Acquire)
}

/// Some cells in one mapping.
#[derive(Debug)]
pub(crate) struct Segment {
    region: Region,
    /// The grid's number of the first cell; `None` if these cells are in memory only.
    first_cell: Option<u32>,
}

impl Segment {
    pub(crate) fn new(region: Region, first_cell: Option<u32>) -> Arc<Self> {
        Arc::new(Self { region, first_cell })
    }
}

/// A hot cell, for reading.
#[derive(Clone, Debug)]
pub(crate) struct Hot {
    segment: Arc<Segment>,
    index: u32,
}

impl Hot {
    pub(crate) fn new(segment: &Arc<Segment>, index: u32) -> Self {
        Self {
            segment: Arc::clone(segment),
            index,
        }
    }

    #[inline]
    fn offset(&self, field: usize) -> usize {
        self.index as usize * CELL + field
    }

    #[inline]
    fn word(&self, field: usize) -> &AtomicU64 {
        self.segment.region.word(self.offset(field))
    }

    /// The grid's number of this cell, if the grid has it.
    pub(crate) fn cell(&self) -> Option<u32> {
        self.segment.first_cell.map(|first| first + self.index)
    }

    pub(crate) fn id(&self) -> u64 {
        self.word(chunk::ID).load(Ordering::Relaxed)
    }

    pub(crate) fn records(&self) -> u64 {
        self.word(chunk::RECORDS).load(Ordering::Relaxed)
    }

    pub(crate) fn taken(&self) -> u64 {
        self.word(chunk::TAKEN).load(Ordering::Relaxed)
    }

    pub(crate) fn set_taken(&self, taken: u64) {
        self.word(chunk::TAKEN).store(taken, Ordering::Relaxed);
    }

    pub(crate) fn state(&self) -> Option<ChunkState> {
        ChunkState::from_u32((self.word(0).load(Ordering::Acquire) >> 32) as u32)
    }

    pub(crate) fn set_state(&self, state: ChunkState) {
        self.word(0).store(in_state(state), Ordering::Release);
    }

    pub(crate) fn signal(&self) -> Option<Signal> {
        Signal::from_byte(self.header()[chunk::SIGNAL])
    }

    /// A copy of the header as it is now.
    pub(crate) fn header(&self) -> [u8; CHUNK_HEADER] {
        let mut header = [0; CHUNK_HEADER];
        for (index, bytes) in header.chunks_exact_mut(8).enumerate() {
            bytes.copy_from_slice(&self.word(index * 8).load(Ordering::Acquire).to_le_bytes());
        }
        header
    }

    pub(crate) fn export(&self) -> bool {
        self.header()[chunk::FLAGS] & 1 == 0
    }

    /// The committed body, and a copy of the header that goes with it, of a chunk that may still grow.
    pub(crate) fn snapshot(&self) -> ([u8; CHUNK_HEADER], &[u8]) {
        let mut body = self.body();
        let mut header = self.header();
        for _ in 0..SNAPSHOT_TRIES {
            // Nothing was appended in between: the counts are those of this body, or one ahead.
            if published(self.word(chunk::COMMITTED)) == body.len() as u64 {
                break;
            }
            body = self.body();
            header = self.header();
        }
        header[chunk::COMMITTED..][..8].copy_from_slice(&(body.len() as u64).to_le_bytes());
        (header, body)
    }

    /// Writes the seal into the header: everything from `LINK` on, then the state.
    pub(crate) fn set_seal(&self, header: &[u8; CHUNK_HEADER]) {
        for (index, bytes) in header.chunks_exact(8).enumerate().skip(chunk::LINK / 8) {
            if let Ok(bytes) = bytes.try_into() {
                self.word(index * 8)
                    .store(u64::from_le_bytes(bytes), Ordering::Relaxed);
            }
        }
        self.set_state(ChunkState::Sealed);
    }

    /// The body as far as it is committed.
    ///
    /// The slice stays true as long as the chunk is not begun anew, which the pool sees to: it gives a chunk
    /// to a writer only once the one who reads it has put it back.
    pub(crate) fn body(&self) -> &[u8] {
        let len = published(self.word(chunk::COMMITTED)).min(BODY as u64) as usize;
        // SAFETY: bytes below `committed` are never written again while the chunk is in use.
        unsafe { self.segment.region.bytes(self.offset(CHUNK_HEADER), len) }
    }

    /// The whole cell as it lies, to be copied out; only for a chunk nobody appends to.
    pub(crate) fn cell_bytes(&self) -> &[u8] {
        debug_assert!(
            self.state() != Some(ChunkState::Open),
            "an open chunk's header is still written"
        );
        // SAFETY: a full or sealed chunk has no writer, and the caller, having taken it from the pool, is the
        // only one who could change its header.
        unsafe { self.segment.region.bytes(self.offset(0), CELL) }
    }

    /// Frees the cell for the next writer.
    pub(crate) fn free(&self) {
        self.set_state(ChunkState::Free);
    }
}

/// What a lane records: chunks with the same key may be continued by another thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LaneKey {
    pub(crate) signal: Signal,
    pub(crate) export: bool,
    /// The encoded `InstrumentationScope`.
    pub(crate) scope: Arc<[u8]>,
}

/// A hot cell, for its only writer.
#[derive(Debug)]
pub(crate) struct OpenChunk {
    hot: Hot,
    len: usize,
    records: u64,
}

impl OpenChunk {
    /// Begins a chunk in a free cell.
    pub(crate) fn begin(hot: Hot, id: u64, key: &LaneKey, thread: u32, now: UnixNanos) -> Self {
        let mut header = [0; CHUNK_HEADER];
        write_header(&mut header, id, key, thread, now);
        // Not in use until the state says so, which is stored last.
        hot.free();
        for (index, bytes) in header.chunks_exact(8).enumerate().skip(1) {
            if let Ok(bytes) = bytes.try_into() {
                hot.word(index * 8)
                    .store(u64::from_le_bytes(bytes), Ordering::Relaxed);
            }
        }
        let mut lead = Vec::with_capacity(key.scope.len() + 4);
        otlp::put_bytes(&mut lead, otlp::field::scope_records::SCOPE, &key.scope);
        let mut chunk = Self {
            hot,
            len: 0,
            records: 0,
        };
        chunk.write(&lead);
        publish(chunk.hot.word(chunk::COMMITTED), chunk.len as u64);
        chunk.hot.set_state(ChunkState::Open);
        chunk
    }

    /// Whether the tape still takes records here: closing it ends the chunks of lanes that are still held.
    #[inline]
    pub(crate) fn is_open(&self) -> bool {
        self.hot.word(0).load(Ordering::Relaxed) == in_state(ChunkState::Open)
    }

    /// Whether a record message of `len` bytes still fits, whatever its length takes.
    #[inline]
    pub(crate) fn fits(&self, len: usize) -> bool {
        self.len + MOST_LEAD + len <= BODY
    }

    /// Appends one record message; the caller has asked whether it fits.
    #[inline]
    pub(crate) fn append(&mut self, message: &[u8], time: UnixNanos) {
        self.write_record(message);
        self.publish_record(time);
    }

    /// Appends a span's message and sets its end; the caller has asked whether it fits.
    #[inline]
    pub(crate) fn append_span(&mut self, message: &[u8], end: UnixNanos) {
        self.write_record(message);
        if message.len() >= SpanHead::END_AT + 8 {
            self.write_at(self.len - message.len() + SpanHead::END_AT, &end.0.to_le_bytes());
        }
        self.publish_record(end);
    }

    #[inline]
    fn write_record(&mut self, message: &[u8]) {
        let (lead, lead_len) = lead(message.len());
        if lead_len + message.len() >= MOST_LEAD {
            // Written at its greatest length; the message goes over what is not needed of it.
            self.write(&lead);
            self.len -= MOST_LEAD - lead_len;
        } else {
            self.write(&lead[..lead_len]);
        }
        self.write(message);
    }

    #[inline]
    fn publish_record(&mut self, time: UnixNanos) {
        self.records += 1;
        // Not before the length of the record before: whoever sees this count sees at least that length.
        self.hot
            .word(chunk::RECORDS)
            .store(self.records, Ordering::Release);
        self.hot.word(chunk::LAST).store(time.0, Ordering::Relaxed);
        publish(self.hot.word(chunk::COMMITTED), self.len as u64);
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        self.write_at(self.len, bytes);
        self.len += bytes.len();
    }

    /// Writes into the body at `at`, which must lie beyond what is published.
    #[inline]
    fn write_at(&mut self, at: usize, bytes: &[u8]) {
        debug_assert!(at + bytes.len() <= BODY);
        let offset = self.hot.offset(CHUNK_HEADER) + at;
        // SAFETY: beyond `committed`, where only the one holder of this `OpenChunk` writes and nobody reads.
        unsafe { self.hot.segment.region.write(offset, bytes) };
    }

    /// The cell, to be read.
    pub(crate) fn hot(&self) -> &Hot {
        &self.hot
    }

    /// How many body bytes are left.
    pub(crate) fn room(&self) -> usize {
        BODY - self.len
    }

    /// Ends the chunk: nothing more is appended.
    pub(crate) fn finish(self) -> Hot {
        self.hot.set_state(ChunkState::Full);
        self.hot
    }
}

/// A chunk's first word: magic and state are stored as one, so that every access to them has the same width.
const fn in_state(state: ChunkState) -> u64 {
    CHUNK_MAGIC as u64 | (state as u64) << 32
}

/// How often a snapshot of a chunk is begun anew because records came meanwhile.
const SNAPSHOT_TRIES: usize = 64;

/// The tag of field 2, length-delimited: a record in `ScopeSpans`, `ScopeLogs` and `ScopeMetrics` alike.
const RECORD_TAG: u8 = ((otlp::field::scope_records::RECORD << 3) | 2) as u8;

/// A record's tag and length, of three bytes at most as it fits a chunk.
const MOST_LEAD: usize = 4;

/// Tag and length of a record, and how many of the bytes count.
#[inline]
fn lead(len: usize) -> ([u8; MOST_LEAD], usize) {
    // Most records are of 128 bytes to 16 KiB.
    if (0x80..0x4000).contains(&len) {
        let (low, high) = (len as u8 | 0x80, (len >> 7) as u8);
        return ([RECORD_TAG, low, high, 0], 3);
    }
    let (varint, varint_len) = otlp::varint_word(len as u64);
    let lead = u64::from(RECORD_TAG) | varint << 8;
    debug_assert!(varint_len < MOST_LEAD, "a record that fits a chunk");
    ((lead as u32).to_le_bytes(), 1 + varint_len)
}

/// Fills in what is known of a chunk when it is begun, but for magic and state.
fn write_header(header: &mut [u8; CHUNK_HEADER], id: u64, key: &LaneKey, thread: u32, now: UnixNanos) {
    header[chunk::ID..][..8].copy_from_slice(&id.to_le_bytes());
    header[chunk::LAST..][..8].copy_from_slice(&now.0.to_le_bytes());
    header[chunk::SIGNAL] = key.signal as u8;
    header[chunk::FLAGS] = u8::from(!key.export);
    header[chunk::THREAD..][..4].copy_from_slice(&thread.to_le_bytes());
    header[chunk::CELLS..][..4].copy_from_slice(&1u32.to_le_bytes());
    header[chunk::FIRST..][..8].copy_from_slice(&now.0.to_le_bytes());
}

/// The bytes of a chunk that holds a single record too large for one cell.
pub(crate) fn large_chunk(id: u64, key: &LaneKey, thread: u32, now: UnixNanos, message: &[u8]) -> Vec<u8> {
    let mut header = [0; CHUNK_HEADER];
    write_header(&mut header, id, key, thread, now);
    let mut bytes = Vec::with_capacity(CHUNK_HEADER + key.scope.len() + message.len() + 16);
    bytes.extend_from_slice(&header);
    otlp::put_bytes(&mut bytes, otlp::field::scope_records::SCOPE, &key.scope);
    otlp::put_bytes(&mut bytes, otlp::field::scope_records::RECORD, message);
    let body = (bytes.len() - CHUNK_HEADER) as u64;
    let cells = bytes.len().div_ceil(CELL) as u32;
    bytes[chunk::MAGIC..][..4].copy_from_slice(&CHUNK_MAGIC.to_le_bytes());
    bytes[chunk::STATE..][..4].copy_from_slice(&(ChunkState::Full as u32).to_le_bytes());
    bytes[chunk::COMMITTED..][..8].copy_from_slice(&body.to_le_bytes());
    bytes[chunk::RECORDS..][..8].copy_from_slice(&1u64.to_le_bytes());
    bytes[chunk::CELLS..][..4].copy_from_slice(&cells.to_le_bytes());
    bytes
}
