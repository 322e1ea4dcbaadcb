//! The hot cells of a tape and who has them: free, open, full, or left behind by a thread that ended.
//!
//! Behind one mutex, taken once per 64 KiB and by the clerk; never while a record is appended.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::format::Signal;
use crate::writer::hot::{Hot, LaneKey, OpenChunk, Segment};

#[derive(Debug, Default)]
pub(crate) struct Pool {
    /// Last in, first out: the cells most likely still in the CPU's caches.
    free: Vec<Hot>,
    /// Chunks that a thread appends to, for the clerk to follow.
    open: Vec<Hot>,
    full: VecDeque<Hot>,
    left: Vec<(LaneKey, OpenChunk)>,
    /// The chunk that the clerk reads just now; nobody else may write it out or free it.
    pinned: Option<u64>,
    /// Records of chunks to which nothing more is appended, by signal.
    written: [u64; SIGNALS],
    cells: u32,
    memory_cells: u32,
    /// Cells in memory are a makeshift, not to be used again.
    has_file: bool,
}

/// Signals there are.
const SIGNALS: usize = 3;

/// A chunk left behind with less room than this is not worth continuing.
const WORTH_CONTINUING: usize = 4 * 1024;

impl Pool {
    pub(crate) fn new(has_file: bool) -> Self {
        Self {
            has_file,
            ..Self::default()
        }
    }

    /// Adds the cells of a new segment to the free ones.
    pub(crate) fn add(&mut self, segment: &Arc<Segment>, count: u32) {
        self.free
            .extend((0..count).rev().map(|index| Hot::new(segment, index)));
        self.cells += count;
        if self.free.last().is_some_and(|hot| hot.cell().is_none()) {
            self.memory_cells += count;
        }
    }

    pub(crate) fn cells(&self) -> u32 {
        self.cells
    }

    pub(crate) fn memory_cells(&self) -> u32 {
        self.memory_cells
    }

    pub(crate) fn full_len(&self) -> usize {
        self.full.len()
    }

    pub(crate) fn has_free(&self) -> bool {
        !self.free.is_empty()
    }

    pub(crate) fn take_free(&mut self) -> Option<Hot> {
        self.free.pop()
    }

    /// The free cells, for good: the tape is closing.
    pub(crate) fn drain_free(&mut self) -> Vec<Hot> {
        std::mem::take(&mut self.free)
    }

    /// Frees the cell of a chunk that was written out or given up.
    pub(crate) fn recycle(&mut self, hot: Hot) {
        hot.free();
        self.free.push(hot);
        if self.has_file && self.memory_cells > 0 {
            self.free.retain(|hot| {
                let keep = hot.cell().is_some();
                if !keep {
                    self.cells -= 1;
                    self.memory_cells -= 1;
                }
                keep
            });
        }
    }

    /// Whether everything is where it should be: no chunk waits, none is in memory for want of room.
    pub(crate) fn is_settled(&self) -> bool {
        self.full.is_empty() && self.memory_cells == 0
    }

    /// Enters a chunk that was just begun.
    pub(crate) fn enter(&mut self, hot: Hot) {
        self.open.push(hot);
    }

    /// Takes the chunk that another thread with the same key left.
    pub(crate) fn take_left(&mut self, key: &LaneKey) -> Option<OpenChunk> {
        let position = self.left.iter().position(|(left, _)| left == key)?;
        Some(self.left.swap_remove(position).1)
    }

    /// A thread ends: its chunk waits for the next one, or is full.
    pub(crate) fn leave(&mut self, key: LaneKey, chunk: OpenChunk) {
        if chunk.room() > WORTH_CONTINUING {
            self.left.push((key, chunk));
        } else {
            self.finish(chunk);
        }
    }

    /// Nothing more is appended to the chunk.
    pub(crate) fn finish(&mut self, chunk: OpenChunk) {
        let hot = chunk.finish();
        let id = hot.id();
        if let Some(signal) = hot.signal() {
            self.count_written(signal, hot.records());
        }
        self.open.retain(|open| open.id() != id);
        self.full.push_back(hot);
    }

    /// Counts records that were written elsewhere than in a chunk of the pool, or to one that has ended.
    pub(crate) fn count_written(&mut self, signal: Signal, records: u64) {
        if let Some(written) = self.written.get_mut(signal as usize - 1) {
            *written += records;
        }
    }

    /// How many records of a signal there were so far.
    pub(crate) fn written(&self, signal: Signal) -> u64 {
        let open = self.open.iter().filter(|hot| hot.signal() == Some(signal));
        let ended = self.written.get(signal as usize - 1).copied().unwrap_or(0);
        ended + open.map(Hot::records).sum::<u64>()
    }

    /// Ends the chunks that nobody holds any more.
    pub(crate) fn finish_left(&mut self) {
        for (_, chunk) in std::mem::take(&mut self.left) {
            self.finish(chunk);
        }
    }

    /// The chunks that are being appended to.
    pub(crate) fn open_chunks(&self) -> Vec<Hot> {
        self.open.clone()
    }

    /// All open chunks, for good: the tape is closing.
    pub(crate) fn drain_open(&mut self) -> Vec<Hot> {
        std::mem::take(&mut self.open)
    }

    /// Keeps an open chunk in place while the clerk reads it; false if it is not open any more.
    pub(crate) fn pin(&mut self, hot: &Hot, id: u64) -> bool {
        let open = self.open.iter().any(|open| open.id() == id && hot.id() == id);
        if open {
            self.pinned = Some(id);
        }
        open
    }

    pub(crate) fn unpin(&mut self) {
        self.pinned = None;
    }

    /// Takes the oldest full chunk that the clerk is not reading.
    pub(crate) fn take_full(&mut self) -> Option<Hot> {
        let position = self.full.iter().position(|hot| Some(hot.id()) != self.pinned)?;
        self.full.remove(position)
    }

    /// Puts a full chunk back that could not be written out.
    pub(crate) fn put_back(&mut self, hot: Hot) {
        self.full.push_front(hot);
    }
}
