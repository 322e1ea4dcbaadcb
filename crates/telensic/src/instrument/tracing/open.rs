//! The spans of a subscriber that are open, by their ids there.
//!
//! Any thread may say something of a span, be in it, or close it, so each lookup takes a lock. There are many, and the
//! spans that a thread makes are nearly all behind one that no other thread wants. The registry's own place for such
//! data (a span's extensions) takes a lock as well, after two look-ups, and a box for each span.
//!
//! Invariant: no code but the recorder's own runs while a lock is held.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use telensic_tape::{UnixNanos, forks};

use super::callsite::Callsite;
use crate::Span;
use crate::context::Context;
use crate::span::SpanData;

/// The spans that are open. The child of a fork may find a lock held for ever by a thread that it does not have, and
/// its parent's spans are none of its business: so it begins with a table of its own.
#[derive(Debug, Default)]
pub(super) struct OpenSpans {
    by_forks: [OnceLock<Box<[Shard; SHARDS]>>; 8],
}

/// An open span.
#[derive(Debug)]
pub(super) struct OpenSpan {
    span: Span,
    callsite: &'static Callsite,
    /// When it was left last, 0 if it never was.
    left: UnixNanos,
}

/// On cache lines of its own.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Shard(Mutex<HashMap<u64, OpenSpan, BuildHasherDefault<IdHasher>>>);

const SHARDS: usize = 64;

/// Where a registry's id has the number of the thread that made the span. Should that change, or the ids come from
/// another subscriber, too many spans share a lock, and nothing else happens.
const THREAD_SHIFT: u32 = 38;

impl OpenSpans {
    #[inline]
    fn shard(&self, id: u64) -> MutexGuard<'_, HashMap<u64, OpenSpan, BuildHasherDefault<IdHasher>>> {
        let table = &self.by_forks[forks() as usize % self.by_forks.len()];
        let shards = match table.get() {
            Some(shards) => shards,
            None => table.get_or_init(|| Box::new(std::array::from_fn(|_| Shard::default()))),
        };
        let shard = &shards[(id >> THREAD_SHIFT) as usize % SHARDS];
        shard.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline]
    pub(super) fn insert(&self, id: u64, span: Span, callsite: &'static Callsite) {
        let open = OpenSpan {
            span,
            callsite,
            left: UnixNanos(0),
        };
        self.shard(id).insert(id, open);
    }

    /// All that travels with this span; `None` if it is not here.
    #[inline]
    pub(super) fn context(&self, id: u64) -> Option<Context> {
        self.shard(id).get(&id).map(|open| open.span.context())
    }

    /// What is entered with this span, and whether nothing in it is recorded.
    #[inline]
    pub(super) fn to_enter(&self, id: u64) -> Option<(Context, bool)> {
        let shard = self.shard(id);
        let span = &shard.get(&id)?.span;
        Some((span.context(), !span.is_recording()))
    }

    /// Changes the span, if it is here and recorded. The change is ours and calls nobody.
    #[inline]
    pub(super) fn edit(&self, id: u64, change: impl FnOnce(&mut SpanData)) {
        if let Some(open) = self.shard(id).get_mut(&id) {
            open.span.edit(change);
        }
    }

    /// The callsite of a span that is here and recorded.
    pub(super) fn recorded(&self, id: u64) -> Option<&'static Callsite> {
        let shard = self.shard(id);
        let open = shard.get(&id).filter(|open| open.span.is_recording())?;
        Some(open.callsite)
    }

    /// Notes that the span was left.
    #[inline]
    pub(super) fn leave(&self, id: u64, now: UnixNanos) {
        if let Some(open) = self.shard(id).get_mut(&id) {
            open.left = now;
            if std::thread::panicking() {
                open.span.note_panic();
            }
        }
    }

    /// Ends the span: as of when it was left, since a span that is closed has lived on for its children alone.
    #[inline]
    pub(super) fn close(&self, id: u64) {
        let open = self.shard(id).remove(&id);
        match open {
            Some(open) if open.left.0 > 0 => open.span.end_at_unix(open.left),
            _ => drop(open),
        }
    }
}

/// Ids are their own hash but for their spread.
#[derive(Debug, Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    #[inline]
    fn write_u64(&mut self, id: u64) {
        let spread = (self.0 ^ id).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = spread ^ spread >> 32;
    }
}
