//! A tape that is being sent on: what is known of it, and how far it has come.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use telensic_tape::{Chunk, Signal, Tape, TapeWriter, WriterState};

use super::batch::{self, Batch, Bounds};
use super::claim::Claim;
use super::cursor::{self, Cursor};
use super::stats::counters;
use crate::say::say_once;

/// One tape, for one signal.
#[derive(Debug)]
pub(super) struct Source {
    cursor: Cursor,
    /// Where the cursor is kept; `None` if nothing is to be resumed.
    kept: Option<Kept>,
    /// The tape that this process writes.
    own: Option<TapeWriter>,
    signal: Signal,
}

#[derive(Debug)]
struct Kept {
    path: PathBuf,
    /// Without one the file system has no locks, and this process is at its own tape.
    claim: Option<Claim>,
}

/// More ranges than this are not worth keeping: the tape is a ring whose chunks were lost faster than looked at.
const MOST_RANGES: usize = 256;

impl Source {
    /// The tape that this process writes. With a directory its cursor is kept there, from now on.
    pub(super) fn own(writer: &TapeWriter, signal: Signal, dir: Option<&Path>) -> Option<Self> {
        let path = writer.path()?;
        let tape = Tape::open(path).ok()?;
        let tape_id = hex(&tape.head().tape_id());
        let cursor = Cursor {
            tape: std::path::absolute(path).unwrap_or_else(|_| path.to_owned()),
            positions: Default::default(),
            tape_id,
        };
        let kept = dir.map(|dir| {
            let path = cursor::path(dir, &cursor.tape_id, signal);
            let claim = Claim::take(&path);
            Kept { path, claim }
        });
        let source = Self {
            cursor,
            kept,
            own: Some(writer.clone()),
            signal,
        };
        writer.export(signal);
        source.save();
        Some(source)
    }

    /// A tape that another process left behind, with its cursor here; `None` if somebody is at it.
    pub(super) fn adopted(cursor_path: &Path, signal: Signal) -> Option<Self> {
        let claim = Claim::take(cursor_path)?;
        let cursor = match Cursor::read(cursor_path) {
            Ok(cursor) => cursor,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // Finished by another just before the lock was had.
                claim.end();
                return None;
            }
            Err(error) => {
                say_once(&format!(
                    "{} cannot be read: {error}; the tape that it speaks of is not exported, remove the file",
                    cursor_path.display()
                ));
                return None;
            }
        };
        let source = Self {
            cursor,
            kept: Some(Kept {
                path: cursor_path.to_owned(),
                claim: Some(claim),
            }),
            own: None,
            signal,
        };
        match source.look() {
            Ok(tape) => is_left(&tape).then_some(source),
            Err(Gone) => {
                say_once(&format!(
                    "{} is gone before all of it was exported",
                    source.cursor.tape.display()
                ));
                source.end();
                None
            }
        }
    }

    /// The tape as it is now.
    pub(super) fn look(&self) -> Result<Tape, Gone> {
        let tape = Tape::open(&self.cursor.tape).map_err(|_| Gone)?;
        if hex(&tape.head().tape_id()) == self.cursor.tape_id {
            Ok(tape)
        } else {
            Err(Gone)
        }
    }

    /// Chunks that were begun so far, if this process knows.
    pub(super) fn chunks_begun(&self) -> u64 {
        self.own.as_ref().map_or(0, TapeWriter::chunks_begun)
    }

    /// Settles which chunks need no more looking at.
    pub(super) fn settle(&mut self, tape: &Tape) {
        for chunk in tape.chunks() {
            let is_other = chunk.signal() != self.signal || !chunk.is_exported();
            if is_other || self.is_sent(tape, chunk) {
                self.finish(chunk);
            }
        }
        if self.cursor.positions.ranges() > MOST_RANGES
            && let Some(oldest) = tape.chunks().next()
        {
            self.cursor.positions.forget_before(oldest.id());
        }
    }

    /// Whether everything is sent of a chunk to which nothing is appended any more.
    fn is_sent(&self, tape: &Tape, chunk: &Chunk) -> bool {
        let is_final = chunk.link().is_some() || tape.head().is_closed();
        is_final && chunk.body_len() > 0 && self.cursor.positions.sent(chunk.id()) >= chunk.body_len()
    }

    fn finish(&mut self, chunk: &Chunk) {
        if self.cursor.positions.is_done(chunk.id()) {
            return;
        }
        self.cursor.positions.finish(chunk.id());
        if chunk.signal() == self.signal
            && let Some(own) = &self.own
        {
            own.mark_sent(chunk, chunk.records());
        }
    }

    /// Notes how many records wait to be sent, if they are of this process.
    pub(super) fn note_waiting(&self, tape: &Tape) {
        if self.own.is_some() {
            let waiting = batch::waiting(tape, &self.cursor.positions, self.signal);
            counters(self.signal).waiting.store(waiting, Ordering::Relaxed);
        }
    }

    /// The next batch of what this look at the tape has found.
    pub(super) fn next(&self, tape: &Tape, bounds: Bounds) -> io::Result<Option<Batch>> {
        batch::next(tape, &self.cursor.positions, bounds)
    }

    /// Moves on: the batch has arrived, or was refused for good.
    pub(super) fn commit(&mut self, tape: &Tape, batch: &Batch) {
        for (chunk, to) in &batch.steps {
            self.cursor.positions.advance(*chunk, *to);
        }
        let sent = batch.steps.iter().map(|(chunk, _)| *chunk);
        for id in sent {
            if let Some(chunk) = tape.chunks().find(|chunk| chunk.id() == id)
                && self.is_sent(tape, chunk)
            {
                self.finish(chunk);
            }
        }
        self.save();
    }

    /// Whether nobody writes to the tape any more, so that what this look found is all.
    pub(super) fn is_complete(tape: &Tape) -> bool {
        is_left(tape)
    }

    /// Everything is sent: the cursor is needed no more.
    pub(super) fn end(self) {
        if let Some(kept) = self.kept {
            // Should it stay, the next one to find it sees that nothing is left.
            let _ = std::fs::remove_file(&kept.path);
            if let Some(claim) = kept.claim {
                claim.end();
            }
        }
    }

    fn save(&self) {
        if let Some(kept) = &self.kept
            && let Err(error) = self.cursor.write(&kept.path)
        {
            say_once(&format!(
                "{} cannot be written: {error}; after a restart something may be exported twice",
                kept.path.display()
            ));
        }
    }
}

/// The tape is not there, or cannot be read.
#[derive(Debug)]
pub(super) struct Gone;

/// Whether its process is done with it, or gone.
fn is_left(tape: &Tape) -> bool {
    matches!(tape.writer_state(), WriterState::Closed | WriterState::Died)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
