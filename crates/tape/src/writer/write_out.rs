//! Chunks on their way out: full ones, and records that are a chunk by themselves.

use std::sync::atomic::Ordering;
use std::{io, mem};

use super::cold::{Cold, Readers, Unwritten, Written, wipe};
use super::hot::{Hot, LaneKey, large_chunk};
use super::{Shared, lock};
use crate::format::{CELL, CHUNK_HEADER, Loss, Signal, header};
use crate::{Trouble, UnixNanos};

/// The largest record that a tape takes.
pub const MAX_RECORD: usize = 64 << 20;

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

impl Shared {
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
        let readers = Readers {
            taken: waiting.is_none(),
            exported: hot.signal().is_some_and(|signal| self.exports(signal)) && hot.export(),
        };
        match cold.write_out(&hot, readers) {
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
    pub(crate) fn forget_cell(&self, cold: &Cold, hot: &Hot) {
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
        let readers = Readers {
            taken: waiting.is_none(),
            exported: self.exports(key.signal) && key.export,
        };
        match cold.write_large(&mut bytes, readers) {
            Ok(written) => {
                self.note_written(&cold, written, waiting, 0);
                self.lock_pool().count_written(key.signal, 1);
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
