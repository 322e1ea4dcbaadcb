//! The log's face: what may be done with it, and what it says about itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use super::commit::{Committer, OnCommit, Pending};
use super::cursor::{Cursor, CursorLag, Hold};
use super::directory::{self, LogFile, make_private_directory};
use super::frame::{Entry, Frame, FrameHeader, MAX_BODY, Position};
use super::parse::{Next, Parser};
use super::receipt::Receipt;
use super::shared::{Files, Shared};
use crate::error::{StoreError, StoreErrorKind};

/// What a commit survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// The end of the process, `kill -9` included.
    Process,
    /// The end of power too: one `fdatasync` for all frames that came meanwhile.
    #[default]
    Power,
}

/// How a log is kept.
#[derive(Clone, Debug)]
pub struct LogOptions {
    /// What a commit survives.
    pub durability: Durability,
    /// A file is ended when it has so many bytes.
    pub file_bytes: u64,
    /// All files together take at most so many.
    pub disk_budget: u64,
    /// More bytes than this do not wait to be written: appends are refused as busy.
    pub waiting_bytes: usize,
    /// Positions before this are taken: what is appended comes behind it.
    pub begin_at: Position,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self {
            durability: Durability::default(),
            file_bytes: 64 << 20,
            disk_budget: 2 << 30,
            waiting_bytes: 32 << 20,
            begin_at: Position(0),
        }
    }
}

/// A log that is open for appending. There is one a directory.
#[derive(Debug)]
pub struct Log {
    shared: Arc<Shared>,
    committer: Option<JoinHandle<()>>,
}

/// A log, and what was found when it was opened.
#[derive(Debug)]
pub struct Opened {
    /// The log.
    pub log: Log,
    /// How many bytes a crash had left of frames that were never acknowledged; they were cut off.
    pub torn_bytes: u64,
    /// Cursors whose files could not be read: their readers begin at the oldest frame.
    pub damaged_cursors: Vec<String>,
}

/// What a log says about itself.
#[derive(Clone, Debug)]
pub struct LogState {
    /// Where the oldest frame is.
    pub oldest: Position,
    /// Everything before this is committed.
    pub committed: Position,
    /// How many bytes its files have.
    pub bytes: u64,
    /// How many bytes wait to be written.
    pub waiting_bytes: usize,
    /// How many times frames were committed together.
    pub commits: u64,
    /// How many frames were committed.
    pub frames: u64,
    /// How many frames were dropped at the disk budget before every reader had them.
    pub dropped_frames: u64,
    /// How far behind each reader is.
    pub cursors: Vec<(String, CursorLag)>,
}

impl Log {
    /// Opens the log in this directory, or begins it. Frames are handed to `on_commit` in order, before their
    /// receipts are settled.
    pub fn open(
        dir: &Path,
        options: LogOptions,
        on_commit: impl FnMut(Vec<Frame>) + Send + 'static,
    ) -> Result<Opened, StoreError> {
        make_private_directory(&dir.join(super::cursor::DIRECTORY))?;
        let mut files = directory::list(dir)?;
        for file in &files {
            file.check_version()?;
        }
        let torn_bytes = heal_tail(&mut files)?;
        let (cursors, damaged_cursors) = super::cursor::load_all(dir)?;
        let on_commit: OnCommit = Box::new(on_commit);
        let shared = Arc::new(Shared::new(dir.to_owned(), options, Files::new(files, cursors)));
        let mut committer = Committer::new(shared.clone(), on_commit)?;
        let committer = std::thread::Builder::new()
            .name("store-log".to_owned())
            .spawn(move || committer.run())
            .map_err(StoreError::on("start the thread of", dir))?;
        Ok(Opened {
            log: Self {
                shared,
                committer: Some(committer),
            },
            torn_bytes,
            damaged_cursors,
        })
    }

    /// Puts a request in the log. Refused at once if too much is waiting; the receipt tells when it is committed.
    pub fn append(&self, entry: Entry) -> Result<Receipt, StoreError> {
        if entry.body.len() > MAX_BODY {
            return Err(StoreError::new(
                StoreErrorKind::Invalid,
                format!(
                    "a body of {} bytes is longer than the log takes: send at most {MAX_BODY}",
                    entry.body.len()
                ),
            ));
        }
        let header = FrameHeader::of(&entry);
        let (receipt, promise) = Receipt::new();
        self.shared.stage(Pending {
            header,
            entry,
            promise,
        })?;
        Ok(receipt)
    }

    /// The cursor of this name: where it was left, or at the oldest frame if it is new.
    pub fn cursor(&self, name: &str, hold: Hold) -> Result<Cursor, StoreError> {
        Cursor::open(self.shared.clone(), name, hold)
    }

    /// Removes a cursor that nobody will come back for; its frames need not be kept any longer.
    pub fn remove_cursor(&self, name: &str) -> Result<(), StoreError> {
        super::cursor::remove(&self.shared, name)
    }

    /// Everything before this is committed.
    pub fn committed(&self) -> Position {
        Position(self.shared.files().committed())
    }

    /// Waits until there is something behind this position, at most so long; whether there is.
    pub fn wait_beyond(&self, position: Position, at_most: Duration) -> bool {
        self.shared.wait_beyond(position, at_most)
    }

    /// What it says about itself.
    pub fn state(&self) -> LogState {
        self.shared.state()
    }

    /// Where it lies.
    pub fn path(&self) -> PathBuf {
        self.shared.dir.clone()
    }
}

impl Drop for Log {
    /// Commits what is waiting, then ends.
    fn drop(&mut self) {
        self.shared.close();
        if let Some(committer) = self.committer.take()
            && committer.join().is_err()
        {
            debug_assert!(false, "the committer does not panic");
        }
    }
}

/// Cuts off what a crash left of a last frame; how many bytes that was.
fn heal_tail(files: &mut Vec<LogFile>) -> Result<u64, StoreError> {
    let Some(last) = files.last_mut() else {
        return Ok(0);
    };
    let path = last.path.clone();
    if last.len < directory::FILE_HEADER {
        // It was being made; its name counts nothing yet.
        let torn = last.len;
        std::fs::remove_file(&path).map_err(StoreError::on("remove", &path))?;
        files.pop();
        return Ok(torn + heal_tail(files)?);
    }
    let bytes = std::fs::read(&path).map_err(StoreError::on("read", &path))?;
    let frames = bytes::Bytes::from(bytes).slice(directory::FILE_HEADER as usize..);
    let mut parser = Parser::new(frames, last.first_frame(), last.key);
    let sound = loop {
        match parser.next() {
            Next::Frame(_) | Next::Damage(_) => {}
            Next::End | Next::Cut { .. } | Next::Unreadable => break parser.position().0,
        }
    };
    let torn = last.end() - sound;
    if torn > 0 {
        let file = std::fs::OpenOptions::new()
            .write(true)
            .open(&path)
            .map_err(StoreError::on("open", &path))?;
        file.set_len(sound - last.base)
            .and_then(|()| file.sync_all())
            .map_err(StoreError::on("mend", &path))?;
        last.len = sound - last.base;
    }
    Ok(torn)
}
