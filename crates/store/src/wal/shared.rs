//! What the committer, the appenders and the readers of a log share.
//!
//! Two locks that are never held together: one for what waits to be written, one for the files and the cursors.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::commit::Pending;
use super::cursor::{CursorLag, Hold};
use super::directory::LogFile;
use super::frame::Position;
use super::log::{LogOptions, LogState};
use crate::error::{StoreError, StoreErrorKind};

#[derive(Debug)]
pub(super) struct Shared {
    pub(super) dir: PathBuf,
    pub(super) options: LogOptions,
    queue: Mutex<Queue>,
    work: Condvar,
    files: Mutex<Files>,
    grown: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<Pending>,
    bytes: usize,
    is_closed: bool,
}

/// The files and the cursors on them.
#[derive(Debug)]
pub(super) struct Files {
    pub(super) list: VecDeque<LogFile>,
    pub(super) cursors: BTreeMap<String, CursorPlace>,
    pub(super) dropped_frames: u64,
    pub(super) commits: u64,
    pub(super) frames: u64,
}

/// Where a reader is.
#[derive(Clone, Copy, Debug)]
pub(super) struct CursorPlace {
    pub(super) position: u64,
    pub(super) hold: Hold,
}

impl Files {
    pub(super) fn new(list: Vec<LogFile>, cursors: BTreeMap<String, CursorPlace>) -> Self {
        Self {
            list: list.into(),
            cursors,
            dropped_frames: 0,
            commits: 0,
            frames: 0,
        }
    }

    pub(super) fn committed(&self) -> u64 {
        self.list.back().map_or(0, LogFile::end)
    }

    pub(super) fn oldest(&self) -> u64 {
        self.list.front().map_or(0, LogFile::first_frame)
    }

    pub(super) fn bytes(&self) -> u64 {
        self.list.iter().map(|file| file.len).sum()
    }

    /// Takes the oldest file off the list if every reader is done with it, or with `force` if none that must not
    /// lose anything needs it. The last file stays.
    pub(super) fn take_oldest(&mut self, force: bool) -> Option<LogFile> {
        let oldest = self.list.front()?;
        let needed_by = |place: &CursorPlace| {
            let counts = !force || place.hold == Hold::Essential;
            counts && place.position < oldest.end()
        };
        if self.list.len() < 2 || self.cursors.values().any(needed_by) {
            return None;
        }
        self.list.pop_front()
    }
}

impl Shared {
    pub(super) fn new(dir: PathBuf, options: LogOptions, files: Files) -> Self {
        Self {
            dir,
            options,
            queue: Mutex::default(),
            work: Condvar::new(),
            files: Mutex::new(files),
            grown: Condvar::new(),
        }
    }

    pub(super) fn files(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a frame wait for the next commit.
    pub(super) fn stage(&self, pending: Pending) -> Result<(), StoreError> {
        let len = pending.header.frame_len();
        let mut queue = self.queue();
        if queue.is_closed {
            return Err(StoreError::new(
                StoreErrorKind::Io,
                "the log is closed: the program is ending",
            ));
        }
        // One that is larger than all that may wait goes in alone.
        if queue.bytes > 0 && queue.bytes + len > self.options.waiting_bytes {
            return Err(StoreError::new(
                StoreErrorKind::Busy,
                format!(
                    "{} bytes wait to be logged: send it again in a moment",
                    queue.bytes
                ),
            ));
        }
        queue.bytes += len;
        queue.waiting.push(pending);
        drop(queue);
        self.work.notify_one();
        Ok(())
    }

    /// All that waits, as soon as something does; `None` when the log is closed and nothing is left.
    pub(super) fn next_batch(&self) -> Option<Vec<Pending>> {
        let mut queue = self.queue();
        while queue.waiting.is_empty() {
            if queue.is_closed {
                return None;
            }
            queue = self.work.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        queue.bytes = 0;
        Some(std::mem::take(&mut queue.waiting))
    }

    pub(super) fn close(&self) {
        self.queue().is_closed = true;
        self.work.notify_one();
    }

    /// Says that the log is longer now.
    pub(super) fn announce_growth(&self) {
        self.grown.notify_all();
    }

    pub(super) fn wait_beyond(&self, position: Position, at_most: Duration) -> bool {
        let until = Instant::now() + at_most;
        let mut files = self.files();
        loop {
            // A file that was only begun holds nothing behind the position.
            let mut list = files.list.iter().rev();
            if list.any(|file| file.end() > position.0.max(file.first_frame())) {
                return true;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            (files, _) = self
                .grown
                .wait_timeout(files, left)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(super) fn state(&self) -> LogState {
        let waiting_bytes = self.queue().bytes;
        let files = self.files();
        let committed = files.committed();
        let lag = |place: &CursorPlace| CursorLag {
            position: Position(place.position),
            bytes: committed.saturating_sub(place.position),
        };
        LogState {
            oldest: Position(files.oldest()),
            committed: Position(committed),
            bytes: files.bytes(),
            waiting_bytes,
            commits: files.commits,
            frames: files.frames,
            dropped_frames: files.dropped_frames,
            cursors: files
                .cursors
                .iter()
                .map(|(name, place)| (name.clone(), lag(place)))
                .collect(),
        }
    }

    /// Removes files that every reader is done with.
    pub(super) fn remove_done_files(&self) -> Result<(), StoreError> {
        loop {
            let Some(file) = self.files().take_oldest(false) else {
                return Ok(());
            };
            std::fs::remove_file(&file.path).map_err(StoreError::on("remove", &file.path))?;
        }
    }
}
