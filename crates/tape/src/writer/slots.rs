//! The open-span table: what is in flight, so that a crash names it.
//!
//! The table is cut into blocks of 32 slots. A thread holds a block and fills its slots without any lock; a
//! slot is cleared by whichever thread ends the span. The state word is stored last when a slot is filled and
//! first when it is cleared, so a reader never sees half a span.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::format::{SLOT, slot};
use crate::sync::AtomicU64;
use crate::writer::Shared;
use crate::{SpanId, TraceId, UnixNanos};

/// Slots in a block.
pub(crate) const BLOCK: u32 = 32;

/// How many blocks are searched for a free slot before a span goes unlisted.
const LOOK_AT_MOST: usize = 8;

/// A filled slot, to be cleared when its span ends.
#[derive(Debug, PartialEq, Eq)]
pub struct OpenSlot(u32);

/// What is said of a span while it is open.
#[derive(Clone, Copy, Debug)]
pub struct OpenSpan<'a> {
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
    /// Its name; the table keeps the first bytes.
    pub name: &'a str,
}

/// One thread's slots.
#[derive(Debug)]
pub struct Slots {
    shared: Arc<Shared>,
    block: Option<u32>,
    free: u32,
}

impl Slots {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            block: None,
            free: 0,
        }
    }

    /// Lists a span as open; `None` when the table is full, which is counted.
    #[inline]
    pub fn open(&mut self, span: &OpenSpan<'_>) -> Option<OpenSlot> {
        if self.shared.is_forked() {
            return None;
        }
        if self.free == 0 {
            self.refill()?;
        }
        let bit = self.free.trailing_zeros();
        self.free &= self.free - 1;
        let index = self.block? * BLOCK + bit;
        let words = self.shared.slot_words(index);
        let put = |field: usize, value: u64| words[field / 8].store(value, Ordering::Relaxed);
        let trace_id = u128::from_le_bytes(span.trace_id.to_bytes());
        put(slot::START, span.start.0);
        put(slot::TRACE_ID, trace_id as u64);
        put(slot::TRACE_ID + 8, (trace_id >> 64) as u64);
        put(slot::SPAN_ID, u64::from_le_bytes(span.span_id.to_bytes()));
        let parent = span.parent.map_or([0; 8], SpanId::to_bytes);
        put(slot::PARENT, u64::from_le_bytes(parent));
        put(slot::THREAD, span.thread.into());
        let name = clip(span.name);
        // The loop over a name's words takes 40 instructions more, which most names do not need.
        match two_words(name) {
            Some([first, last]) => {
                put(slot::NAME, first);
                put(slot::NAME + 8, last);
            }
            None => put_name(&words[slot::NAME / 8..], name),
        }
        words[slot::STATE / 8].store(1 | (name.len() as u64) << 32, Ordering::Release);
        Some(OpenSlot(index))
    }

    /// Clears a slot that this or another thread filled.
    #[inline(always)]
    pub fn close(&mut self, open: OpenSlot) {
        if self.shared.is_forked() {
            return;
        }
        self.shared.clear_slot(open.0);
        if self.block == Some(open.0 / BLOCK) {
            self.free |= 1 << (open.0 % BLOCK);
        }
    }

    /// Finds the slots that other threads have cleared, or takes a block that has free ones.
    #[cold]
    fn refill(&mut self) -> Option<()> {
        if let Some(block) = self.block {
            self.free = self.shared.free_in_block(block);
            if self.free != 0 {
                return Some(());
            }
        }
        // Given back for good: should none be had, another thread may hold it by the next time.
        let (block, free) = self.shared.swap_block(self.block.take())?;
        self.block = Some(block);
        self.free = free;
        Some(())
    }
}

impl Drop for Slots {
    fn drop(&mut self) {
        if let Some(block) = self.block {
            self.shared.return_block(block);
        }
    }
}

impl Shared {
    #[inline]
    pub(crate) fn slot_offset(&self, index: u32) -> usize {
        self.table_offset + index as usize * SLOT
    }

    #[inline]
    fn slot_words(&self, index: u32) -> &[AtomicU64; SLOT / 8] {
        self.head.words(self.slot_offset(index))
    }

    #[inline]
    pub(crate) fn clear_slot(&self, index: u32) {
        self.head
            .word(self.slot_offset(index) + slot::STATE)
            .store(0, Ordering::Release);
    }

    /// A bit for each slot of the block that is free.
    fn free_in_block(&self, block: u32) -> u32 {
        (0..BLOCK).fold(0, |free, bit| {
            let state = self
                .head
                .word(self.slot_offset(block * BLOCK + bit) + slot::STATE);
            if state.load(Ordering::Acquire) as u32 == 0 {
                free | 1 << bit
            } else {
                free
            }
        })
    }

    /// Gives a block that is used up back and takes one that has a free slot.
    fn swap_block(&self, used_up: Option<u32>) -> Option<(u32, u32)> {
        let mut blocks = self.lock_blocks();
        blocks.extend(used_up);
        // The blocks longest given back are looked at first, and only some: a full table must stay cheap.
        for _ in 0..blocks.len().min(LOOK_AT_MOST) {
            let block = blocks.pop_front()?;
            let free = self.free_in_block(block);
            if free != 0 {
                return Some((block, free));
            }
            blocks.push_back(block);
        }
        drop(blocks);
        self.count_unlisted();
        None
    }

    fn return_block(&self, block: u32) {
        if self.is_forked() {
            return;
        }
        self.lock_blocks().push_front(block);
    }
}

/// The name's first bytes, cut between characters.
#[inline]
fn clip(name: &str) -> &[u8] {
    if name.len() <= slot::NAME_CAP {
        name.as_bytes()
    } else {
        clip_long(name)
    }
}

#[cold]
fn clip_long(name: &str) -> &[u8] {
    &name.as_bytes()[..name.floor_char_boundary(slot::NAME_CAP)]
}

/// The words that hold a name of 9 to 16 bytes.
#[inline]
fn two_words(name: &[u8]) -> Option<[u64; 2]> {
    match (name.first_chunk(), name.last_chunk()) {
        (Some(first), Some(last)) if (9..=16).contains(&name.len()) => Some([
            u64::from_le_bytes(*first),
            u64::from_le_bytes(*last) >> (8 * (16 - name.len())),
        ]),
        _ => None,
    }
}

/// Stores a name of any length.
#[inline(never)]
fn put_name(words: &[AtomicU64], name: &[u8]) {
    let (whole, rest) = name.as_chunks::<8>();
    for (word, bytes) in words.iter().zip(whole) {
        word.store(u64::from_le_bytes(*bytes), Ordering::Relaxed);
    }
    if !rest.is_empty()
        && let Some(word) = words.get(whole.len())
    {
        word.store(last_word(name), Ordering::Relaxed);
    }
}

/// The word that holds the bytes behind the last whole word, without a copy of variable length (16 ns here).
#[inline]
fn last_word(bytes: &[u8]) -> u64 {
    let rest = bytes.len() % 8;
    let at = |byte: u8, index: usize| u64::from(byte) << (8 * index);
    if let Some(last) = bytes.last_chunk::<8>() {
        u64::from_le_bytes(*last) >> (64 - 8 * rest)
    } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (rest - 4))
    } else {
        bytes
            .iter()
            .enumerate()
            .fold(0, |word, (index, byte)| word | at(*byte, index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_9_to_16_bytes_takes_two_words_and_no_other_does() {
        for len in 0..40 {
            let name: Vec<u8> = (1..=len).collect();
            let expected = (9..=16).contains(&len).then(|| {
                let mut padded = [0; 16];
                padded[..name.len()].copy_from_slice(&name);
                padded
            });
            let words = two_words(&name).map(|[first, last]| u128::from(last) << 64 | u128::from(first));
            assert_eq!(words.map(u128::to_le_bytes), expected, "{len}");
        }
    }

    #[test]
    fn the_last_word_holds_the_bytes_behind_the_whole_ones() {
        for len in (1..40).filter(|len| len % 8 != 0) {
            let bytes: Vec<u8> = (1..=len).collect();
            let mut expected = [0; 8];
            let rest = bytes.len() / 8 * 8;
            expected[..bytes.len() - rest].copy_from_slice(&bytes[rest..]);
            assert_eq!(last_word(&bytes).to_le_bytes(), expected, "{len}");
        }
    }
}
