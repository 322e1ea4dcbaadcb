//! Frames in a stretch of a log file, and what is between them.
//!
//! Invariant: every byte is accounted for, as part of a frame or of a damage, in order; no bytes make it panic.

use bytes::Bytes;
use memchr::memmem;
use telensic_tape::{Signal, UnixNanos};

use super::frame::{Entry, FRAME_HEADER, FRAME_MAGIC, Frame, FrameHeader, Position, content_crc};
use crate::tenant::Tenant;

/// A stretch of the log that holds no readable frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Where it begins.
    pub from: Position,
    /// Where the next readable frame begins.
    pub to: Position,
    /// Whether it is one frame of known length whose content is not what was written.
    pub is_one_frame: bool,
}

impl std::fmt::Display for Damage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = if self.is_one_frame { "one frame" } else { "frames" };
        write!(
            f,
            "{what} at positions {} to {} cannot be read: the disk or another program changed them",
            self.from, self.to
        )
    }
}

/// What comes next in a stretch.
#[derive(Debug)]
pub(super) enum Next {
    Frame(Frame),
    Damage(Damage),
    /// The stretch ends within a frame of this length.
    Cut {
        frame_len: usize,
    },
    /// From here to the end of the stretch nothing is readable.
    Unreadable,
    /// The stretch is used up.
    End,
}

/// Walks frames in memory.
#[derive(Debug)]
pub(super) struct Parser {
    bytes: Bytes,
    /// Position of the stretch's first byte.
    start: u64,
    key: u64,
    at: usize,
}

impl Parser {
    pub(super) fn new(bytes: Bytes, start: u64, key: u64) -> Self {
        Self {
            bytes,
            start,
            key,
            at: 0,
        }
    }

    /// Where the walk is.
    pub(super) fn position(&self) -> Position {
        Position(self.start + self.at as u64)
    }

    pub(super) fn next(&mut self) -> Next {
        if self.at >= self.bytes.len() {
            return Next::End;
        }
        if let Some(header) = self.header_at(self.at) {
            return self.framed(header);
        }
        if self.bytes.len() - self.at < FRAME_HEADER
            && FRAME_MAGIC.starts_with(&self.bytes[self.at..self.bytes.len().min(self.at + 4)])
        {
            return Next::Cut {
                frame_len: FRAME_HEADER,
            };
        }
        self.find_next_frame()
    }

    fn header_at(&self, at: usize) -> Option<FrameHeader> {
        let bytes = self.bytes.get(at..at + FRAME_HEADER)?.try_into().ok()?;
        FrameHeader::decode(bytes, self.key, self.start + at as u64)
    }

    fn framed(&mut self, header: FrameHeader) -> Next {
        let frame_len = header.frame_len();
        let tenant_at = self.at + FRAME_HEADER;
        let body_at = tenant_at + usize::from(header.tenant_len);
        let end = self.at + frame_len;
        if end > self.bytes.len() {
            return Next::Cut { frame_len };
        }
        let (from, to) = (self.position(), Position(self.start + end as u64));
        let body = self.bytes.slice(body_at..end);
        let name = &self.bytes[tenant_at..body_at];
        let is_whole = content_crc(name, &body) == header.content_crc;
        let tenant = std::str::from_utf8(name)
            .ok()
            .and_then(|name| name.parse::<Tenant>().ok());
        self.at = end;
        match (Signal::from_byte(header.signal), tenant) {
            (Some(signal), Some(tenant)) if is_whole => Next::Frame(Frame {
                position: from,
                end: to,
                entry: Entry {
                    signal,
                    tenant,
                    received: UnixNanos(header.received),
                    rows: header.rows,
                    body,
                },
            }),
            _ => Next::Damage(Damage {
                from,
                to,
                is_one_frame: true,
            }),
        }
    }

    fn find_next_frame(&mut self) -> Next {
        let from = self.position();
        let candidates = memmem::find_iter(&self.bytes[self.at..], &FRAME_MAGIC);
        let found = candidates
            .map(|offset| self.at + offset)
            .find(|at| *at > self.at && self.header_at(*at).is_some());
        let Some(at) = found else {
            return Next::Unreadable;
        };
        self.at = at;
        Next::Damage(Damage {
            from,
            to: self.position(),
            is_one_frame: false,
        })
    }
}
