//! Chunks for the threads: handing them out, taking them back, making more cells.

use std::fs::File;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Shared;
use super::cold::{Cold, clear, wipe};
use super::grid::{Grid, Taken};
use super::hot::{LaneKey, OpenChunk, Segment};
use crate::format::{CELL, Loss};
use crate::region::Region;
use crate::{Trouble, UnixNanos};

/// Cells mapped at a time.
pub(super) const GROW: u32 = 16;

/// Full chunks that wait before the clerk is woken ahead of its time: with 4 the switches between the threads cost
/// 10 ns a span more, beyond 24 nothing is gained.
const WAKE_AT: usize = 24;

impl Shared {
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
    pub(crate) fn make_room(&self) -> Result<(), Loss> {
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
    pub(crate) fn new_segment(&self, cold: &mut Cold) -> Option<Arc<Segment>> {
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
}
