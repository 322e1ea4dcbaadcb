//! The clerk: hands records to their consumers, seals full chunks and writes them out.
//!
//! One thread a process drives it, by calling [`Clerk::round`] again and again. It reads chunks where they lie
//! and never holds a lock while a consumer works, so a consumer that blocks delays nobody but itself.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::Thread;
use std::time::Duration;

use crate::format::{CELL, ChunkState, Loss, Signal, header};
use crate::otlp::{FieldValue, Fields, field};
use crate::writer::cold::Readers;
use crate::writer::hot::Hot;
use crate::writer::{Backlog, Shared, lock};
use crate::{Clock, platform};

/// Records that lie one behind the other.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// What they are.
    pub signal: Signal,
    /// Whether they may be sent on (their trace is sampled).
    pub export: bool,
    /// The encoded `InstrumentationScope`.
    pub scope: &'a [u8],
    /// The records, each as field 2 of a `ScopeSpans`, `ScopeLogs` or `ScopeMetrics`.
    pub records: &'a [u8],
}

/// How long closing waits for records that are being written just then; one takes some 50 ns.
const LAST_RECORDS: Duration = Duration::from_micros(200);

/// The single worker behind a tape.
#[derive(Debug)]
pub struct Clerk {
    shared: Arc<Shared>,
}

impl Clerk {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// Says which thread to wake when there is much to do.
    pub fn works_on(&self, thread: Thread) {
        self.shared.set_clerk(thread);
    }

    /// Asks for the records of this signal to be shown to `round`'s visitor.
    pub fn follow(&self, signal: Signal) {
        self.shared.want(signal);
    }

    /// One round: shows what is new of the followed signals, then seals and writes out what is full.
    pub fn round(&mut self, visit: &mut dyn FnMut(Batch<'_>)) {
        if self.shared.is_forked() {
            return;
        }
        self.visit_backlog(visit);
        self.visit_open(visit);
        self.write_out_full(visit);
        if !self.shared.mapped {
            self.write_unmapped();
        }
    }

    /// Makes what was written so far survive a loss of power too.
    pub fn sync(&self) -> io::Result<()> {
        // The descriptor is cloned so that no thread waits for the disk.
        let file = match &self.shared.lock_cold().file {
            Some(file) => file.try_clone()?,
            None => return Ok(()),
        };
        file.sync_data()
    }

    /// Notes in the header that the process lives, and by how much the wall clock was set.
    pub fn note_clock(&self, clock: &Clock) {
        self.shared
            .head
            .word(header::CLOCK_STEP)
            .store(clock.wall_step() as u64, Ordering::Relaxed);
        self.shared
            .head
            .word(header::HEARD)
            .store(clock.now().0, Ordering::Relaxed);
    }

    /// Ends the tape: shows and seals the rest, gives unused space back. Later appends are refused and counted.
    pub fn close(mut self, visit: &mut dyn FnMut(Batch<'_>)) {
        if self.shared.is_forked() {
            return;
        }
        self.round(visit);
        let (open, free) = self.shared.end_appends();
        if !open.is_empty() {
            // Lanes that are still held find their chunk full; who was just writing a record gets it done.
            open.iter().for_each(|hot| hot.set_state(ChunkState::Full));
            std::thread::sleep(LAST_RECORDS);
        }
        for hot in open {
            self.visit_hot(&hot, visit);
            self.seal_in_place(&hot);
        }
        while let Some(hot) = self.take_full() {
            self.visit_hot(&hot, visit);
            self.seal_in_place(&hot);
        }
        self.visit_backlog(visit);
        // The upper half of the word of the clock's source.
        self.shared
            .head
            .word(header::CLOCK_SOURCE)
            .fetch_or(1 << 32, Ordering::Release);
        if !self.shared.mapped {
            self.write_unmapped();
        }
        let cold = self.shared.lock_cold();
        let Some(file) = &cold.file else { return };
        for cell in free.iter().filter_map(Hot::cell) {
            platform::release(file, cold.grid.position(cell), CELL as u64);
        }
        // Only what was reserved ahead is cut off, never a cell that a late thread may still have mapped; if it
        // cannot be cut off, it stays reserved.
        let _ = file.set_len(cold.grid.used_bytes());
    }

    fn take_full(&self) -> Option<Hot> {
        self.shared.lock_pool().take_full()
    }

    /// Seals a chunk that stays in its hot cell; one that is in memory only is written out after all.
    fn seal_in_place(&self, hot: &Hot) {
        let mut cold = self.shared.lock_cold();
        if hot.cell().is_some() {
            cold.seal(hot);
            self.shared.note_links(&cold);
            if !self.shared.mapped {
                write_cell(&self.shared, &cold, hot);
            }
        } else {
            let readers = Readers {
                taken: true,
                exported: false,
            };
            match cold.write_out(hot, readers) {
                Ok(written) => self.shared.note_written(&cold, written, None, 0),
                Err(unwritten) => {
                    self.shared.count_all_lost(&unwritten.lost);
                    self.shared.count_lost(Loss::NoRoom, hot.records());
                }
            }
        }
    }

    fn visit_backlog(&self, visit: &mut dyn FnMut(Batch<'_>)) {
        loop {
            let next = lock(&self.shared.backlog).pop_front();
            match next {
                None => return,
                Some(Backlog::Memory { body, signal, export }) => show(&body, 0, signal, export, visit),
                Some(Backlog::Cold {
                    id,
                    cell,
                    from,
                    signal,
                    export,
                }) => {
                    let read = self.shared.lock_cold().read_body(id, cell);
                    // Gone or unreadable: it was counted when its cells were taken, or will fail to verify.
                    let Ok(Some(body)) = read else { continue };
                    show(&body, from, signal, export, visit);
                    self.shared.lock_cold().grid.mark_taken(id, cell);
                }
            }
        }
    }

    fn visit_open(&self, visit: &mut dyn FnMut(Batch<'_>)) {
        let open = self.shared.lock_pool().open_chunks();
        for hot in open {
            let id = hot.id();
            if self.shared.lock_pool().pin(&hot, id) {
                self.visit_hot(&hot, visit);
                self.shared.lock_pool().unpin();
            }
        }
    }

    fn write_out_full(&self, visit: &mut dyn FnMut(Batch<'_>)) {
        while let Some(hot) = self.take_full() {
            self.visit_hot(&hot, visit);
            if self.shared.write_out(&mut self.shared.lock_cold(), hot).is_err() {
                return;
            }
        }
    }

    /// Shows what is new in a chunk that stays where it is meanwhile.
    fn visit_hot(&self, hot: &Hot, visit: &mut dyn FnMut(Batch<'_>)) {
        let Some(signal) = hot.signal() else { return };
        let (from, body) = (hot.taken(), hot.body());
        if from < body.len() as u64 && self.shared.wants(signal) {
            show(body, from, signal, hot.export(), visit);
            hot.set_taken(body.len() as u64);
        }
    }

    /// Where the file is not mapped: writes the head and the chunks in progress.
    fn write_unmapped(&self) {
        let open = self.shared.lock_pool().open_chunks();
        let cold = self.shared.lock_cold();
        let Some(file) = &cold.file else { return };
        if let Err(error) = platform::write_at(file, &self.shared.head.copy(), 0) {
            self.shared
                .report(crate::Trouble::no_room(self.shared.path.as_deref(), &error));
        }
        for hot in open {
            write_cell(&self.shared, &cold, &hot);
        }
    }
}

fn write_cell(shared: &Shared, cold: &crate::writer::cold::Cold, hot: &Hot) {
    let (Some(file), Some(cell)) = (&cold.file, hot.cell()) else {
        return;
    };
    let position = cold.grid.position(cell);
    let (header, body) = hot.snapshot();
    // The body goes first, so that the header never promises more than is there.
    let written = platform::write_at(file, body, position + header.len() as u64)
        .and_then(|()| platform::write_at(file, &header, position));
    if let Err(error) = written {
        shared.report(crate::Trouble::no_room(shared.path.as_deref(), &error));
    }
}

/// Shows the records of a body from offset `from` on.
fn show(body: &[u8], from: u64, signal: Signal, export: bool, visit: &mut dyn FnMut(Batch<'_>)) {
    let mut fields = Fields::new(body);
    let Some(Ok((field::scope_records::SCOPE, FieldValue::Len(scope)))) = fields.next() else {
        return;
    };
    let lead = body.len() - fields.rest().len();
    let records = &body[lead.max(from as usize)..];
    if !records.is_empty() {
        visit(Batch {
            signal,
            export,
            scope,
            records,
        });
    }
}
