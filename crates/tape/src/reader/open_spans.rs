//! The open-span table, as read: what was in flight.

use std::collections::HashSet;
use std::io;

use super::Tape;
use crate::format::{SLOT, Signal, slot};
use crate::{SpanId, TraceId, UnixNanos, platform};

/// A span that had been started and not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSpanRecord {
    /// The trace it belongs to.
    pub trace_id: TraceId,
    /// Its own id.
    pub span_id: SpanId,
    /// The span it was started in.
    pub parent: Option<SpanId>,
    /// When it was started.
    pub start: UnixNanos,
    /// The ordinal of the thread that started it.
    pub thread: u32,
    /// Its name, or the beginning of it.
    pub name: String,
}

impl OpenSpanRecord {
    fn parse(slot: &[u8; SLOT]) -> Option<Self> {
        let half = |offset: usize| {
            u32::from_le_bytes([slot[offset], slot[offset + 1], slot[offset + 2], slot[offset + 3]])
        };
        let mut start = [0; 8];
        start.copy_from_slice(&slot[slot::START..slot::START + 8]);
        let name_len = half(slot::NAME_LEN) as usize;
        if half(slot::STATE) != 1 || name_len > slot::NAME_CAP {
            return None;
        }
        Some(Self {
            trace_id: TraceId::from_slice(&slot[slot::TRACE_ID..slot::TRACE_ID + 16])?,
            span_id: SpanId::from_slice(&slot[slot::SPAN_ID..slot::SPAN_ID + 8])?,
            parent: SpanId::from_slice(&slot[slot::PARENT..slot::PARENT + 8]),
            start: UnixNanos(u64::from_le_bytes(start)),
            thread: half(slot::THREAD),
            name: String::from_utf8_lossy(&slot[slot::NAME..slot::NAME + name_len]).into_owned(),
        })
    }
}

impl Tape {
    /// The spans in flight, longest open first.
    ///
    /// A span is listed until just after its record is written, so what has a record on this tape is left out.
    pub fn open_spans(&self) -> io::Result<Vec<OpenSpanRecord>> {
        let mut open = self.listed_spans()?;
        if !open.is_empty() {
            let ended = self.ended_among(&open.iter().map(|span| span.span_id).collect())?;
            open.retain(|span| !ended.contains(&span.span_id));
        }
        Ok(open)
    }

    /// What the open-span table lists, longest open first; some of it may have ended, on this tape or on the one
    /// that its process went on with.
    pub fn listed_spans(&self) -> io::Result<Vec<OpenSpanRecord>> {
        let len = self.head.slot_count() as usize * SLOT;
        if self.file.metadata()?.len() < self.head.table_offset() + len as u64 {
            return Ok(Vec::new());
        }
        let mut table = vec![0; len];
        match platform::read_at(&self.file, &mut table, self.head.table_offset()) {
            // A table that is cut off lists nothing; that it is cut off is among the damage.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(Vec::new()),
            result => result?,
        }
        let (slots, _) = table.as_chunks::<SLOT>();
        let mut open: Vec<OpenSpanRecord> = slots.iter().filter_map(OpenSpanRecord::parse).collect();
        open.sort_by_key(|span| span.start);
        Ok(open)
    }

    fn ended_among(&self, wanted: &HashSet<SpanId>) -> io::Result<HashSet<SpanId>> {
        let mut ended = HashSet::new();
        for chunk in self.chunks().filter(|chunk| chunk.signal() == Signal::Spans) {
            let body = match self.body(chunk) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                body => body?,
            };
            let ids = body.spans().flatten().map(|span| span.span_id);
            ended.extend(ids.filter(|id| wanted.contains(id)));
        }
        Ok(ended)
    }
}
