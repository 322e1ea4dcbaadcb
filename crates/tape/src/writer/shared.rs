//! What the threads that record, the clerk, and whoever asks have in common of one tape.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::Thread;

use super::Backlog;
use super::TapeOptions;
use super::cold::Cold;
use super::create::Parts;
use super::hot::Hot;
use super::pool::Pool;
use super::supply::GROW;
use crate::format::{CELL, Loss, Signal, header};
use crate::region::Region;
use crate::sync::AtomicU64;
use crate::trouble::Told;
use crate::{Trouble, platform};

#[derive(Debug)]
pub(crate) struct Shared {
    /// Header page and open-span table.
    pub(crate) head: Region,
    pub(crate) table_offset: usize,
    pub(crate) path: Option<PathBuf>,
    pub(crate) mapped: bool,
    pub(crate) pool: Mutex<Pool>,
    pub(crate) cold: Mutex<Cold>,
    pub(crate) blocks: Mutex<VecDeque<u32>>,
    pub(crate) backlog: Mutex<VecDeque<Backlog>>,
    pub(crate) next_id: AtomicU64,
    pub(crate) closed: AtomicBool,
    pub(crate) forks: u32,
    pub(crate) clerk: OnceLock<Thread>,
    /// A bit for each signal that a consumer wants to see.
    pub(crate) wanted: AtomicU32,
    /// As `wanted`, for the exporter that reads the file.
    pub(crate) exported: AtomicU32,
    pub(crate) hot_limit: u32,
    pub(crate) memory_limit: u32,
    pub(crate) trouble: Mutex<Told>,
    pub(crate) troubled: AtomicBool,
}

/// Hot cells up to which more are mapped rather than letting a thread write a chunk out itself: 8 MiB.
const HOT_LIMIT: u32 = 128;

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
impl Shared {
    pub(crate) fn new(parts: Parts, options: &TapeOptions) -> Self {
        Self {
            hot_limit: hot_limit(&parts),
            table_offset: parts.table_offset,
            path: parts.path,
            mapped: parts.head.in_file(),
            head: parts.head,
            pool: Mutex::new(Pool::new(parts.file.is_some())),
            cold: Mutex::new(Cold::new(parts.file, parts.grid, parts.chain)),
            blocks: Mutex::new((0..parts.blocks).collect()),
            backlog: Mutex::default(),
            next_id: AtomicU64::new(1),
            closed: AtomicBool::new(false),
            forks: platform::forks(),
            clerk: OnceLock::new(),
            wanted: AtomicU32::new(0),
            exported: AtomicU32::new(0),
            memory_limit: (options.memory / CELL as u64).clamp(u64::from(GROW), u64::from(u32::MAX)) as u32,
            troubled: AtomicBool::new(parts.trouble.is_some()),
            trouble: Mutex::new(Told::of(parts.trouble)),
        }
    }

    pub(crate) fn lock_pool(&self) -> MutexGuard<'_, Pool> {
        lock(&self.pool)
    }

    pub(crate) fn lock_cold(&self) -> MutexGuard<'_, Cold> {
        lock(&self.cold)
    }

    pub(crate) fn lock_blocks(&self) -> MutexGuard<'_, VecDeque<u32>> {
        lock(&self.blocks)
    }

    /// Whether this is a child of the process that made the tape: it must not touch it.
    #[inline]
    pub(crate) fn is_forked(&self) -> bool {
        self.forks != platform::forks()
    }

    pub(crate) fn set_clerk(&self, thread: Thread) {
        let _ = self.clerk.set(thread);
    }

    pub(crate) fn wake_clerk(&self) {
        if let Some(clerk) = self.clerk.get() {
            clerk.unpark();
        }
    }

    pub(crate) fn want(&self, signal: Signal) {
        self.wanted.fetch_or(1 << signal as u32, Ordering::Relaxed);
    }

    /// Notes that an exporter reads the records of this signal from the file.
    pub(crate) fn want_exported(&self, signal: Signal) {
        self.exported.fetch_or(1 << signal as u32, Ordering::Relaxed);
    }

    pub(crate) fn exports(&self, signal: Signal) -> bool {
        self.exported.load(Ordering::Relaxed) & 1 << signal as u32 != 0
    }

    pub(crate) fn wants(&self, signal: Signal) -> bool {
        self.wanted.load(Ordering::Relaxed) & 1 << signal as u32 != 0
    }

    pub(crate) fn lost_counter(&self, reason: Loss) -> &AtomicU64 {
        self.head.word(header::LOST + 8 * reason as usize)
    }

    pub(crate) fn count_lost(&self, reason: Loss, records: u64) {
        self.lost_counter(reason).fetch_add(records, Ordering::Relaxed);
    }

    pub(crate) fn count_all_lost(&self, lost: &[(Loss, u64)]) {
        for (reason, records) in lost {
            self.count_lost(*reason, *records);
        }
    }

    pub(crate) fn count_unlisted(&self) {
        self.head.word(header::UNLISTED).fetch_add(1, Ordering::Relaxed);
    }

    /// Notes a trouble to be told once; it can be told again after it has passed, but not soon.
    pub(crate) fn report(&self, trouble: Trouble) {
        if !self.troubled.swap(true, Ordering::Relaxed) {
            lock(&self.trouble).note(trouble);
        }
    }

    /// Ends the appends: hands out the chunks that are open, whether a lane holds them or not, and the free cells.
    pub(crate) fn end_appends(&self) -> (Vec<Hot>, Vec<Hot>) {
        // Behind both locks, so that afterwards no thread extends the file or writes to it any more.
        let _cold = self.lock_cold();
        let mut pool = self.lock_pool();
        self.closed.store(true, Ordering::Relaxed);
        pool.finish_left();
        (pool.drain_open(), pool.drain_free())
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
}

/// How many hot cells there may be before a thread writes chunks out itself; without a file it cannot.
fn hot_limit(parts: &Parts) -> u32 {
    match (&parts.file, parts.budget) {
        (None, _) => u32::MAX,
        (Some(_), None) => HOT_LIMIT,
        (Some(_), Some(budget)) => HOT_LIMIT.min(budget / 2),
    }
}
