//! The writing side of one tape, shared by the threads that record, the clerk, and whoever asks.

use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::Thread;
use std::{io, mem};

use crate::clerk::Clerk;
use crate::cold::{Cold, Unwritten, Written, clear, wipe};
use crate::create::{self, Parts};
use crate::format::{CELL, CHUNK_HEADER, Loss, Signal, header};
use crate::grid::{Grid, Taken};
use crate::hot::{Hot, LaneKey, OpenChunk, Segment, large_chunk};
use crate::lane::Lane;
use crate::pool::Pool;
use crate::region::Region;
use crate::slots::Slots;
use crate::sync::AtomicU64;
use crate::{TapeOptions, Trouble, UnixNanos, platform};

/// A tape that this process writes.
///
/// Recording never fails towards the caller: without a directory, room or mapping the tape goes on in memory,
/// says why once ([`TapeWriter::take_trouble`]) and counts what is lost ([`TapeWriter::lost`]).
#[derive(Clone, Debug)]
pub struct TapeWriter {
    shared: Arc<Shared>,
}

impl TapeWriter {
    /// Creates a new tape file, `<host>-<pid>-<n>.tape`, and its clerk.
    pub fn create(options: TapeOptions) -> (Self, Clerk) {
        let shared = Arc::new(Shared::new(create::parts(&options), &options));
        (
            Self {
                shared: Arc::clone(&shared),
            },
            Clerk::new(shared),
        )
    }

    /// Where the file is; `None` if there is none.
    pub fn path(&self) -> Option<&Path> {
        self.shared.path.as_deref()
    }

    /// A lane for records of one signal and instrumentation scope, for one thread.
    ///
    /// `scope` is an encoded `InstrumentationScope`; with `export` false the records are kept, but not sent on.
    pub fn lane(&self, signal: Signal, scope: Arc<[u8]>, export: bool, thread: u32) -> Lane {
        Lane::new(
            Arc::clone(&self.shared),
            LaneKey {
                signal,
                export,
                scope,
            },
            thread,
        )
    }

    /// A thread's share of the open-span table.
    pub fn slots(&self) -> Slots {
        Slots::new(Arc::clone(&self.shared))
    }

    /// How many records were lost for this reason.
    pub fn lost(&self, reason: Loss) -> u64 {
        self.shared.lost_counter(reason).load(Ordering::Relaxed)
    }

    /// How many spans could not be listed as open.
    pub fn unlisted(&self) -> u64 {
        self.shared.head.word(header::UNLISTED).load(Ordering::Relaxed)
    }

    /// Bytes of disk in use or reserved.
    pub fn disk_bytes(&self) -> u64 {
        self.shared.lock_cold().grid.bytes()
    }

    /// What went wrong since this was last asked, if anything.
    pub fn take_trouble(&self) -> Option<Trouble> {
        lock(&self.shared.trouble).take()
    }

    /// Wakes the clerk.
    pub fn wake_clerk(&self) {
        self.shared.wake_clerk();
    }

    /// Whether the file has lost its name: somebody removed it or its directory.
    pub fn is_removed(&self) -> bool {
        self.shared
            .lock_cold()
            .file
            .as_ref()
            .is_some_and(platform::is_unlinked)
    }

    /// Copies a closed tape whose file was removed to where it was.
    pub fn restore(&self) -> io::Result<()> {
        let cold = self.shared.lock_cold();
        let (Some(file), Some(path)) = (&cold.file, &self.shared.path) else {
            return Ok(());
        };
        if let Some(dir) = path.parent() {
            platform::create_private_dir(dir)?;
        }
        let mut copy = platform::create_private(path)?;
        let mut from = file.try_clone()?;
        io::Seek::rewind(&mut from)?;
        io::copy(&mut from, &mut copy)?;
        Ok(())
    }
}

/// What the clerk has yet to hand to the consumers, from chunks that were written out before it saw them.
#[derive(Debug)]
pub(crate) enum Backlog {
    /// In the file.
    Cold {
        /// The chunk's number.
        id: u64,
        /// Its first cell.
        cell: u32,
        /// The body offset up to which the consumers have it.
        from: u64,
        signal: Signal,
        export: bool,
    },
    /// A large record that no file could take.
    Memory {
        body: Vec<u8>,
        signal: Signal,
        export: bool,
    },
}

#[derive(Debug)]
pub(crate) struct Shared {
    /// Header page and open-span table.
    pub(crate) head: Region,
    pub(crate) table_offset: usize,
    pub(crate) path: Option<PathBuf>,
    pub(crate) mapped: bool,
    pool: Mutex<Pool>,
    cold: Mutex<Cold>,
    blocks: Mutex<VecDeque<u32>>,
    pub(crate) backlog: Mutex<VecDeque<Backlog>>,
    next_id: AtomicU64,
    pub(crate) closed: AtomicBool,
    forks: u32,
    clerk: OnceLock<Thread>,
    /// A bit for each signal that a consumer wants to see.
    wanted: AtomicU32,
    hot_limit: u32,
    memory_limit: u32,
    pub(crate) trouble: Mutex<Option<Trouble>>,
    troubled: AtomicBool,
}

/// Cells mapped at a time.
const GROW: u32 = 16;

/// Full chunks that wait before the clerk is woken ahead of its time.
const WAKE_AT: usize = 4;

/// Hot cells up to which more are mapped rather than letting a thread write a chunk out itself: 8 MiB.
const HOT_LIMIT: u32 = 128;

/// The largest record that a tape takes.
pub const MAX_RECORD: usize = 64 << 20;

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    fn new(parts: Parts, options: &TapeOptions) -> Self {
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
            memory_limit: (options.memory / CELL as u64).clamp(u64::from(GROW), u64::from(u32::MAX)) as u32,
            troubled: AtomicBool::new(parts.trouble.is_some()),
            trouble: Mutex::new(parts.trouble),
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

    fn wake_clerk(&self) {
        if let Some(clerk) = self.clerk.get() {
            clerk.unpark();
        }
    }

    pub(crate) fn want(&self, signal: Signal) {
        self.wanted.fetch_or(1 << signal as u32, Ordering::Relaxed);
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

    /// Notes a trouble to be told once; it can be told again after it has passed.
    pub(crate) fn report(&self, trouble: Trouble) {
        if !self.troubled.swap(true, Ordering::Relaxed) {
            *lock(&self.trouble) = Some(trouble);
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

    fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }

    /// A chunk to append to: one that a thread left, a free cell, or a new one.
    pub(crate) fn claim(&self, key: &LaneKey, thread: u32, now: UnixNanos) -> Result<OpenChunk, Loss> {
        loop {
            let mut pool = self.lock_pool();
            if self.is_closed() {
                return Err(Loss::Closed);
            }
            if let Some(left) = pool.take_left(key) {
                return Ok(left);
            }
            if let Some(hot) = pool.take_free() {
                let id = self.next_id.fetch_add(1, Ordering::Relaxed);
                let chunk = OpenChunk::begin(hot, id, key, thread, now);
                pool.enter(chunk.hot().clone());
                return Ok(chunk);
            }
            drop(pool);
            self.make_room()?;
        }
    }

    /// Ends a lane's chunk.
    pub(crate) fn finish(&self, chunk: OpenChunk) {
        let mut pool = self.lock_pool();
        if self.closed.load(Ordering::Relaxed) {
            return;
        }
        pool.finish(chunk);
        let waiting = pool.full_len();
        drop(pool);
        if waiting >= WAKE_AT {
            self.wake_clerk();
        }
    }

    /// Takes the chunk of a lane whose thread ends.
    pub(crate) fn leave(&self, key: LaneKey, chunk: OpenChunk) {
        let mut pool = self.lock_pool();
        if !self.closed.load(Ordering::Relaxed) {
            pool.leave(key, chunk);
        }
    }

    /// Makes a free hot cell: once there are enough of them, by writing a full chunk out; else a new one in the
    /// file, or in memory, or by giving up the oldest that waits there.
    fn make_room(&self) -> Result<(), Loss> {
        let mut cold = self.lock_cold();
        if self.is_closed() {
            return Err(Loss::Closed);
        }
        let mut pool = self.lock_pool();
        if pool.has_free() {
            // Another thread was here while this one waited for the lock.
            return Ok(());
        }
        let full = if pool.cells() >= self.hot_limit {
            pool.take_full()
        } else {
            None
        };
        drop(pool);
        // The clerk cannot keep up: rather than wait for it, do a piece of its work.
        if full.is_some_and(|hot| self.write_out(&mut cold, hot).is_ok()) {
            return Ok(());
        }
        let segment = self.new_segment(&mut cold);
        let mut pool = self.lock_pool();
        if let Some(segment) = segment {
            pool.add(&segment, GROW);
            return Ok(());
        }
        if pool.memory_cells() < self.memory_limit {
            let region = Region::anonymous(GROW as usize * CELL).map_err(|_| Loss::NoRoom)?;
            pool.add(&Segment::new(region, None), GROW);
            return Ok(());
        }
        let oldest = pool.take_full().ok_or(Loss::NoRoom)?;
        drop(pool);
        self.count_lost(Loss::NoRoom, oldest.records());
        if !self.mapped {
            self.forget_cell(&cold, &oldest);
        }
        self.lock_pool().recycle(oldest);
        Ok(())
    }

    /// New hot cells in the file; `None` if it takes none.
    fn new_segment(&self, cold: &mut Cold) -> Option<Arc<Segment>> {
        let Cold { file, grid, .. } = cold;
        let file = file.as_ref()?;
        let segment = grid.take_hot(file, GROW).and_then(|taken| {
            self.count_all_lost(&taken.lost);
            let first = taken.cell;
            self.map_cells(file, grid, taken)
                .inspect_err(|_| grid.give_back(first, GROW))
        });
        segment
            .map_err(|error| self.report(Trouble::no_room(self.path.as_deref(), &error)))
            .ok()
    }

    fn map_cells(&self, file: &File, grid: &Grid, taken: Taken) -> io::Result<Arc<Segment>> {
        let len = GROW as usize * CELL;
        clear(file, grid, &taken)?;
        wipe(file, grid, taken.cell..taken.cell + GROW)?;
        let region = if self.mapped {
            Region::mapped(file, grid.position(taken.cell), len)?
        } else {
            Region::anonymous(len)?
        };
        Ok(Segment::new(region, Some(taken.cell)))
    }

    /// Seals and writes out a chunk that was taken from the pool, and frees its cell.
    pub(crate) fn write_out(&self, cold: &mut Cold, hot: Hot) -> io::Result<()> {
        if cold.file.is_none() {
            self.count_lost(Loss::NoRoom, hot.records());
            self.lock_pool().recycle(hot);
            return Ok(());
        }
        let header = hot.header();
        let from = hot.taken();
        let waiting = self.waiting(&header, from, hot.body().len() as u64);
        match cold.write_out(&hot, waiting.is_none()) {
            Ok(written) => {
                self.note_written(cold, written, waiting, from);
                if !self.mapped {
                    self.forget_cell(cold, &hot);
                }
                let mut pool = self.lock_pool();
                pool.recycle(hot);
                if cold.file.is_some() && pool.is_settled() {
                    // What was in trouble has passed, and can be told again should it come back.
                    self.troubled.store(false, Ordering::Relaxed);
                }
                Ok(())
            }
            Err(Unwritten { error, lost }) => {
                self.count_all_lost(&lost);
                self.note_links(cold);
                self.report(Trouble::no_room(self.path.as_deref(), &error));
                self.lock_pool().put_back(hot);
                Err(error)
            }
        }
    }

    /// The signal of a chunk of which the consumers have not yet seen everything.
    fn waiting(&self, header: &[u8; CHUNK_HEADER], from: u64, len: u64) -> Option<(Signal, bool)> {
        use crate::format::chunk;
        let signal = Signal::from_byte(header[chunk::SIGNAL])?;
        (from < len && self.wants(signal)).then_some((signal, header[chunk::FLAGS] & 1 == 0))
    }

    /// Wipes a hot cell that is only a copy in the file, lest its chunk come to light again.
    fn forget_cell(&self, cold: &Cold, hot: &Hot) {
        if let (Some(file), Some(cell)) = (&cold.file, hot.cell()) {
            // Should it fail, a reader takes the sealed chunk of the same number.
            let _ = wipe(file, &cold.grid, [cell]);
        }
    }

    /// Notes in the header how long the chain is; only once its newest chunk is in the file.
    pub(crate) fn note_links(&self, cold: &Cold) {
        self.head
            .word(header::LINKS)
            .store(cold.links(), Ordering::Release);
    }

    pub(crate) fn note_written(
        &self,
        cold: &Cold,
        written: Written,
        waiting: Option<(Signal, bool)>,
        from: u64,
    ) {
        self.note_links(cold);
        self.count_all_lost(&written.lost);
        if let Some((signal, export)) = waiting {
            let (id, cell) = (written.chunk.id, written.chunk.cell);
            let mut backlog = lock(&self.backlog);
            // A consumer that is stuck must not make the list longer than what is still there to be read.
            if cold
                .grid
                .budget()
                .is_some_and(|budget| backlog.len() > budget as usize)
            {
                backlog.retain(
                    |entry| !matches!(entry, Backlog::Cold { id, cell, .. } if !cold.grid.holds(*id, *cell)),
                );
            }
            backlog.push_back(Backlog::Cold {
                id,
                cell,
                from,
                signal,
                export,
            });
        }
    }

    /// Records a message too large for a cell: written out at once, by the calling thread.
    pub(crate) fn append_large(
        &self,
        key: &LaneKey,
        thread: u32,
        message: &[u8],
        time: UnixNanos,
    ) -> Result<(), Loss> {
        if message.len() > MAX_RECORD {
            self.count_lost(Loss::Oversize, 1);
            return Err(Loss::Oversize);
        }
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let mut bytes = large_chunk(id, key, thread, time, message);
        let waiting = self.wants(key.signal).then_some((key.signal, key.export));
        let mut cold = self.lock_cold();
        if self.is_closed() {
            self.count_lost(Loss::Closed, 1);
            return Err(Loss::Closed);
        }
        let budget = cold.grid.budget();
        if budget.is_some_and(|budget| bytes.len().div_ceil(CELL) > budget as usize) {
            self.count_lost(Loss::Oversize, 1);
            return Err(Loss::Oversize);
        }
        match cold.write_large(&mut bytes, waiting.is_none()) {
            Ok(written) => {
                self.note_written(&cold, written, waiting, 0);
                Ok(())
            }
            Err(Unwritten { error, lost }) => {
                drop(cold);
                self.count_all_lost(&lost);
                if error.kind() != io::ErrorKind::Unsupported {
                    self.report(Trouble::no_room(self.path.as_deref(), &error));
                }
                self.count_lost(Loss::NoRoom, 1);
                if let Some((signal, export)) = waiting {
                    let mut backlog = lock(&self.backlog);
                    if backlog.len() < MOST_IN_MEMORY {
                        bytes.drain(..CHUNK_HEADER);
                        backlog.push_back(Backlog::Memory {
                            body: mem::take(&mut bytes),
                            signal,
                            export,
                        });
                    }
                }
                Err(Loss::NoRoom)
            }
        }
    }
}

/// Large records that may wait in memory for a consumer when there is no file.
const MOST_IN_MEMORY: usize = 4;

/// How many hot cells there may be before a thread writes chunks out itself; without a file it cannot.
fn hot_limit(parts: &Parts) -> u32 {
    match (&parts.file, parts.budget) {
        (None, _) => u32::MAX,
        (Some(_), None) => HOT_LIMIT,
        (Some(_), Some(budget)) => HOT_LIMIT.min(budget / 2),
    }
}
