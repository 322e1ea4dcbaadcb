//! What a store holds at one moment.
//!
//! One lock, held for moments only: nothing is read, written or computed under it.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::catalog::Stream;
use crate::recent::Generation;
use crate::scan::Source;
use crate::segment::{MAX_ROWS, Segment};
use crate::wal::{Frame, LogState, Position};

/// Memory and segments.
#[derive(Debug, Default)]
pub(super) struct State {
    /// What each stream's requests go into.
    pub(super) current: HashMap<Stream, Arc<Generation>>,
    /// What waits to be flushed, and up to where it reaches. Of a stream in order.
    pub(super) frozen: Vec<(Arc<Generation>, Position)>,
    pub(super) segments: Vec<Arc<Segment>>,
    /// Where the next generation of each stream begins.
    pub(super) begins: HashMap<Stream, Position>,
    /// Everything before this is in memory or in segments.
    pub(super) applied: Position,
}

/// What a store says about itself.
#[derive(Clone, Debug)]
pub struct StoreState {
    /// The log, with the cursors of the store and of exporters.
    pub log: LogState,
    /// Rows in memory.
    pub memory_rows: usize,
    /// Bytes of the requests they came in.
    pub memory_bytes: usize,
    /// Segments.
    pub segments: usize,
    /// Rows in segments.
    pub segment_rows: u64,
    /// Bytes of segments.
    pub segment_bytes: u64,
    /// Requests that were refused.
    pub refused: u64,
    /// Why the last upkeep failed, if it did; what is in the log waits for the next one.
    pub trouble: Option<String>,
}

impl State {
    /// Takes committed frames into memory.
    pub(super) fn apply(&mut self, frames: Vec<Frame>) {
        for frame in frames {
            let stream = (frame.entry.signal, frame.entry.tenant);
            let rows = frame.entry.rows as usize;
            let is_full = |generation: &Arc<Generation>| generation.rows() + rows > MAX_ROWS;
            if self.current.get(&stream).is_some_and(is_full) {
                self.freeze(&stream, frame.position);
            }
            let from = self.begins.get(&stream).copied().unwrap_or_default();
            self.current
                .entry(stream)
                .or_insert_with_key(|stream| Arc::new(Generation::new(stream.clone(), from)))
                .push(frame.entry.body, rows);
            self.applied = frame.end;
        }
    }

    /// What the stream has goes to be flushed; what comes from `to` on is another generation.
    fn freeze(&mut self, stream: &Stream, to: Position) {
        if let Some(generation) = self.current.remove(stream) {
            self.frozen.push((generation, to));
            self.begins.insert(stream.clone(), to);
        }
    }

    /// Everything goes to be flushed; up to where that is.
    pub(super) fn freeze_all(&mut self) -> Position {
        let streams: Vec<Stream> = self.current.keys().cloned().collect();
        for stream in streams {
            self.freeze(&stream, self.applied);
        }
        self.applied
    }

    pub(super) fn generations(&self) -> impl Iterator<Item = &Arc<Generation>> {
        let frozen = self.frozen.iter().map(|(generation, _)| generation);
        frozen.chain(self.current.values())
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.generations().map(|generation| generation.bytes()).sum()
    }

    /// Where the rows of a stream are, the newest first.
    pub(super) fn sources(&self, stream: &Stream) -> Vec<Source> {
        let memory = self
            .generations()
            .filter(|generation| generation.stream == *stream);
        let memory = memory.map(|generation| Source::Memory(generation.clone()));
        let is_of_stream =
            |segment: &&Arc<Segment>| segment.id.signal == stream.0 && segment.id.tenant == stream.1;
        let mut segments: Vec<_> = self.segments.iter().filter(is_of_stream).cloned().collect();
        segments.sort_by_key(|segment| std::cmp::Reverse(segment.facts.last));
        memory.chain(segments.into_iter().map(Source::Segment)).collect()
    }
}
