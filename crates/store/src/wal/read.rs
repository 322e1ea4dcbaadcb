//! Reading frames in order, from a position on.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use bytes::Bytes;

use super::directory::LogFile;
use super::frame::{FRAME_HEADER, Frame, Position};
use super::parse::{Damage, Next, Parser};
use super::shared::Shared;
use crate::error::StoreError;

/// Frames one behind the other, and what was found between them.
#[derive(Debug, Default)]
pub struct ReadBatch {
    /// The frames, in order.
    pub frames: Vec<Frame>,
    /// Stretches that cannot be read.
    pub damages: Vec<Damage>,
    /// How many bytes were dropped at the disk budget before this reader had them.
    pub skipped_bytes: u64,
    /// Where to go on. When all of the batch is done with, this is what to acknowledge.
    pub next: Position,
}

/// Follows the log.
#[derive(Debug)]
pub(super) struct Reader {
    shared: Arc<Shared>,
    position: u64,
    open: Option<(LogFile, File)>,
}

impl Reader {
    pub(super) fn new(shared: Arc<Shared>, position: u64) -> Self {
        Self {
            shared,
            position,
            open: None,
        }
    }

    /// Where it goes on.
    pub(super) fn position(&self) -> Position {
        Position(self.position)
    }

    /// The next frames, up to so many bytes of them but at least one if there is one.
    pub(super) fn read(&mut self, at_most: usize) -> Result<ReadBatch, StoreError> {
        let mut batch = ReadBatch {
            next: Position(self.position),
            ..ReadBatch::default()
        };
        while batch.frames.is_empty() {
            let Some(file) = self.file_to_read(&mut batch) else {
                break;
            };
            self.read_file(&file, at_most, &mut batch)?;
        }
        batch.next = Position(self.position);
        Ok(batch)
    }

    /// The file that holds what comes next.
    fn file_to_read(&mut self, batch: &mut ReadBatch) -> Option<LogFile> {
        let files = self.shared.files();
        let oldest = files.list.front()?;
        if self.position < oldest.base {
            batch.skipped_bytes += oldest.base - self.position;
            self.position = oldest.base;
        }
        let file = files
            .list
            .iter()
            .find(|file| file.end() > self.position.max(file.first_frame()))?;
        self.position = self.position.max(file.first_frame());
        Some(file.clone())
    }

    fn is_listed(&self, file: &LogFile) -> bool {
        self.shared
            .files()
            .list
            .iter()
            .any(|listed| listed.base == file.base)
    }

    fn read_file(&mut self, file: &LogFile, at_most: usize, batch: &mut ReadBatch) -> Result<(), StoreError> {
        let is_open = self.open.as_ref().is_some_and(|(open, _)| open.base == file.base);
        if !is_open {
            let opened = match File::open(&file.path) {
                Ok(opened) => opened,
                // It was dropped at the budget just now; the list says where to go on.
                Err(error) if error.kind() == ErrorKind::NotFound && !self.is_listed(file) => return Ok(()),
                Err(error) => return Err(StoreError::io("open", &file.path, error)),
            };
            self.open = Some((file.clone(), opened));
        }
        let Some((_, opened)) = &self.open else {
            return Ok(());
        };
        let left = file.end() - self.position;
        let mut len = left.min(at_most.max(FRAME_HEADER) as u64);
        loop {
            let is_rest = self.position + len == file.end();
            let bytes = read_range(opened, file, self.position, len as usize)?;
            let mut parser = Parser::new(bytes, self.position, file.key);
            let need = loop {
                match parser.next() {
                    Next::Frame(frame) => batch.frames.push(frame),
                    Next::Damage(damage) => batch.damages.push(damage),
                    Next::End => break None,
                    Next::Cut { frame_len } => break Some(frame_len as u64),
                    Next::Unreadable => break Some(0),
                }
            };
            let read_to = parser.position().0;
            let rest = file.end() - read_to;
            match need {
                None => {
                    self.position = read_to;
                    return Ok(());
                }
                Some(_) if !batch.frames.is_empty() => {
                    self.position = read_to;
                    return Ok(());
                }
                // The whole rest of the file was looked at, and nothing more is readable in it.
                Some(need) if need > rest || is_rest => {
                    batch.damages.push(Damage {
                        from: Position(read_to),
                        to: Position(file.end()),
                        is_one_frame: false,
                    });
                    self.position = file.end();
                    return Ok(());
                }
                Some(need) => {
                    self.position = read_to;
                    len = need.max(len.saturating_mul(2)).min(rest);
                }
            }
        }
    }
}

fn read_range(open: &File, file: &LogFile, position: u64, len: usize) -> Result<Bytes, StoreError> {
    let mut bytes = vec![0; len];
    open.read_exact_at(&mut bytes, position - file.base)
        .map_err(StoreError::on("read", &file.path))?;
    Ok(bytes.into())
}

/// How many frames of a file lie behind a position.
pub(super) fn count_frames(file: &LogFile, from: Position) -> Result<u64, StoreError> {
    let bytes = std::fs::read(&file.path).map_err(StoreError::on("read", &file.path))?;
    let frames = Bytes::from(bytes);
    let header = (super::directory::FILE_HEADER as usize).min(frames.len());
    let mut parser = Parser::new(frames.slice(header..), file.first_frame(), file.key);
    let mut count = 0;
    loop {
        match parser.next() {
            Next::Frame(frame) if frame.position >= from => count += 1,
            Next::Frame(_) | Next::Damage(_) => {}
            Next::End | Next::Cut { .. } | Next::Unreadable => return Ok(count),
        }
    }
}
