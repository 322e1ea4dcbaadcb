//! The committer: one thread that writes all frames that came meanwhile, syncs once, and tells everybody.
//!
//! Invariant: a write that fails takes nothing back that was committed before: the file is cut to what it was, and the
//! next frames go to a new one, since a file whose sync has failed once cannot be trusted to say so again.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use super::directory::LogFile;
use super::frame::{Entry, Frame, FrameHeader, Position};
use super::log::Durability;
use super::read::count_frames;
use super::receipt::Promise;
use super::shared::Shared;
use crate::error::{StoreError, StoreErrorKind};

/// Takes committed frames, in order.
pub(super) type OnCommit = Box<dyn FnMut(Vec<Frame>) + Send>;

/// A frame that waits to be written.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) header: FrameHeader,
    pub(super) entry: Entry,
    pub(super) promise: Promise,
}

pub(super) struct Committer {
    shared: Arc<Shared>,
    on_commit: OnCommit,
    /// The last file of the list, if it may be appended to.
    file: Option<File>,
    key: u64,
    buffer: Vec<u8>,
}

impl Committer {
    pub(super) fn new(shared: Arc<Shared>, on_commit: OnCommit) -> Result<Self, StoreError> {
        let mut committer = Self {
            shared,
            on_commit,
            file: None,
            key: 0,
            buffer: Vec::new(),
        };
        let last = committer.shared.files().list.back().cloned();
        let begin_at = committer.shared.options.begin_at.0;
        if let Some(last) = last.filter(|last| last.end() >= begin_at) {
            let file = std::fs::OpenOptions::new()
                .append(true)
                .open(&last.path)
                .map_err(StoreError::on("open", &last.path))?;
            committer.file = Some(file);
            committer.key = last.key;
        } else {
            committer.begin_file()?;
        }
        Ok(committer)
    }

    pub(super) fn run(&mut self) {
        while let Some(batch) = self.shared.next_batch() {
            match self.commit(&batch) {
                Ok(positions) => {
                    let mut frames = Vec::with_capacity(batch.len());
                    let mut promises = Vec::with_capacity(batch.len());
                    for (pending, position) in batch.into_iter().zip(positions) {
                        let end = Position(position.0 + pending.header.frame_len() as u64);
                        frames.push(Frame {
                            position,
                            end,
                            entry: pending.entry,
                        });
                        promises.push((pending.promise, position));
                    }
                    (self.on_commit)(frames);
                    for (promise, position) in promises {
                        promise.settle(Ok(position));
                    }
                }
                Err(error) => {
                    for pending in batch {
                        pending.promise.settle(Err(error.clone()));
                    }
                }
            }
        }
    }

    /// Writes these frames; where each is.
    fn commit(&mut self, batch: &[Pending]) -> Result<Vec<Position>, StoreError> {
        let len = batch
            .iter()
            .map(|pending| pending.header.frame_len() as u64)
            .sum();
        self.make_room(len)?;
        let is_full = |file: &LogFile| {
            file.end() > file.first_frame() && file.len + len > self.shared.options.file_bytes
        };
        let must_begin = self.file.is_none() || self.shared.files().list.back().is_none_or(is_full);
        if must_begin {
            self.begin_file()?;
        }
        let start = self.shared.files().committed();
        let positions = self.encode(batch, start);
        self.write()?;
        let mut files = self.shared.files();
        if let Some(last) = files.list.back_mut() {
            last.len += len;
        }
        files.commits += 1;
        files.frames += batch.len() as u64;
        drop(files);
        self.shared.announce_growth();
        // A burst should not be remembered as memory.
        self.buffer.clear();
        self.buffer.shrink_to(4 << 20);
        Ok(positions)
    }

    fn encode(&mut self, batch: &[Pending], start: u64) -> Vec<Position> {
        self.buffer.clear();
        let mut positions = Vec::with_capacity(batch.len());
        for pending in batch {
            let position = start + self.buffer.len() as u64;
            let header = FrameHeader {
                position,
                ..pending.header
            };
            self.buffer.extend_from_slice(&header.encode(self.key));
            self.buffer
                .extend_from_slice(pending.entry.tenant.as_str().as_bytes());
            self.buffer.extend_from_slice(&pending.entry.body);
            positions.push(Position(position));
        }
        positions
    }

    fn write(&mut self) -> Result<(), StoreError> {
        let Some(file) = &mut self.file else {
            return Err(StoreError::new(StoreErrorKind::Io, "the log has no file"));
        };
        let written = file
            .write_all(&self.buffer)
            .and_then(|()| match self.shared.options.durability {
                Durability::Power => file.sync_data(),
                Durability::Process => Ok(()),
            });
        let Err(error) = written else { return Ok(()) };
        let mut files = self.shared.files();
        let Some(last) = files.list.back_mut() else {
            return Err(StoreError::new(StoreErrorKind::Io, "the log has no file"));
        };
        if file.set_len(last.len).is_err() {
            // What nobody was told of stays; positions go on behind it.
            last.len += self.buffer.len() as u64;
        }
        let path = last.path.clone();
        drop(files);
        self.file = None;
        Err(StoreError::io("append to", &path, error))
    }

    fn begin_file(&mut self) -> Result<(), StoreError> {
        let committed = self.shared.files().committed();
        let base = committed.max(self.shared.options.begin_at.0);
        let (log_file, file) = LogFile::create(&self.shared.dir, base)?;
        self.file = Some(file);
        self.key = log_file.key;
        self.shared.files().list.push_back(log_file);
        Ok(())
    }

    /// Keeps the log within its budget: what every reader has goes first, then what only a reader that may lose
    /// something has not.
    fn make_room(&mut self, len: u64) -> Result<(), StoreError> {
        let budget = self.shared.options.disk_budget;
        loop {
            let mut files = self.shared.files();
            if files.bytes() + len <= budget {
                return Ok(());
            }
            if let Some(done) = files.take_oldest(false) {
                drop(files);
                std::fs::remove_file(&done.path).map_err(StoreError::on("remove", &done.path))?;
                continue;
            }
            let Some(lagging) = files.take_oldest(true) else {
                return Err(StoreError::new(
                    StoreErrorKind::Full,
                    format!(
                        "the log has reached its budget of {budget} bytes: wait for the store to catch up, or raise it"
                    ),
                ));
            };
            let reached = files
                .cursors
                .values()
                .map(|place| place.position)
                .min()
                .unwrap_or(0);
            drop(files);
            let dropped = count_frames(&lagging, Position(reached))?;
            self.shared.files().dropped_frames += dropped;
            std::fs::remove_file(&lagging.path).map_err(StoreError::on("remove", &lagging.path))?;
        }
    }
}
