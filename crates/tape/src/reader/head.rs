//! The header page, as read.

use std::fs::File;

use crate::clock::{Anchor, ClockSource};
use crate::error::TapeErrorKind;
use crate::format::{CELL, FormatVersion, HEADER, Loss, MAGIC, MAX_HEADER, SLOT, header};
use crate::otlp::{AnyView, Attributes, field};
use crate::{UnixNanos, platform};

/// What a tape's header says of the tape and its writer.
#[derive(Clone, Debug)]
pub struct TapeHead {
    pub(super) bytes: Vec<u8>,
}

impl TapeHead {
    pub(super) fn read(file: &File, len: u64) -> Result<Self, TapeErrorKind> {
        if len < HEADER as u64 {
            return Err(TapeErrorKind::NotATape);
        }
        let mut bytes = vec![0; HEADER];
        platform::read_at(file, &mut bytes, 0).map_err(TapeErrorKind::Io)?;
        let page = Self { bytes };
        if page.bytes[..MAGIC.len()] != MAGIC {
            return Err(TapeErrorKind::NotATape);
        }
        if page.version() > FormatVersion::CURRENT {
            return Err(TapeErrorKind::NewerFormat(page.version()));
        }
        let header_len = page.half(header::HEADER_LEN) as usize;
        if page.version().0 == 0
            || !(HEADER..=MAX_HEADER).contains(&header_len)
            || !header_len.is_multiple_of(HEADER)
        {
            return Err(TapeErrorKind::BadHeader("the header's length"));
        }
        if page.half(header::CELL_SIZE) as usize != CELL {
            return Err(TapeErrorKind::BadHeader("the size of a cell"));
        }
        let table_end = header_len as u64 + u64::from(page.slot_count()) * SLOT as u64;
        if page.slot_count() > 1 << 21
            || page.grid_offset() < table_end
            || page.grid_offset() > table_end + CELL as u64
        {
            return Err(TapeErrorKind::BadHeader("the place of the first chunk"));
        }
        let resource_end = header::RESOURCE + page.half(header::RESOURCE_LEN) as usize;
        if resource_end > header_len || page.half(header::HOST_LEN) as usize > header::RESOURCE - header::HOST
        {
            return Err(TapeErrorKind::BadHeader(
                "the length of the resource or the host's name",
            ));
        }
        if len < header_len as u64 {
            return Err(TapeErrorKind::BadHeader("the file ends within it"));
        }
        let mut bytes = vec![0; header_len];
        platform::read_at(file, &mut bytes, 0).map_err(TapeErrorKind::Io)?;
        Ok(Self { bytes })
    }

    fn word(&self, offset: usize) -> u64 {
        let mut word = [0; 8];
        word.copy_from_slice(&self.bytes[offset..offset + 8]);
        u64::from_le_bytes(word)
    }

    fn half(&self, offset: usize) -> u32 {
        let mut half = [0; 4];
        half.copy_from_slice(&self.bytes[offset..offset + 4]);
        u32::from_le_bytes(half)
    }

    /// The format it is written in.
    pub fn version(&self) -> FormatVersion {
        FormatVersion(self.half(header::VERSION))
    }

    /// The writer's process id.
    pub fn pid(&self) -> u32 {
        self.half(header::PID)
    }

    /// The number of the tape within its process.
    pub fn ordinal(&self) -> u32 {
        self.half(header::ORDINAL)
    }

    /// The name of the host it was written on.
    pub fn host(&self) -> String {
        let len = self.half(header::HOST_LEN) as usize;
        String::from_utf8_lossy(&self.bytes[header::HOST..header::HOST + len]).into_owned()
    }

    /// The random id of this tape.
    pub fn tape_id(&self) -> [u8; 16] {
        let mut id = [0; 16];
        id.copy_from_slice(&self.bytes[header::TAPE_ID..header::TAPE_ID + 16]);
        id
    }

    /// Whether it was closed in order.
    pub fn is_closed(&self) -> bool {
        self.half(header::CLOSED) == 1
    }

    /// The disk budget of a ring; `None` in a run.
    pub fn budget(&self) -> Option<u64> {
        Some(self.word(header::BUDGET)).filter(|budget| *budget > 0)
    }

    /// Where its clock began, and at which rate.
    pub fn anchor(&self) -> Anchor {
        Anchor {
            unix: self.word(header::ANCHOR_UNIX),
            ticks: self.word(header::ANCHOR_TICKS),
            rate: self.word(header::NANOS_PER_TICK),
        }
    }

    /// What its clock counts.
    pub fn clock_source(&self) -> ClockSource {
        if self.half(header::CLOCK_SOURCE) == 0 {
            ClockSource::Tsc
        } else {
            ClockSource::Monotonic
        }
    }

    /// By how many nanoseconds the wall clock has been set since the anchor.
    pub fn clock_step(&self) -> i64 {
        self.word(header::CLOCK_STEP) as i64
    }

    /// When the process was last known to live, about once a second; 0 if it did not come to that.
    pub fn heard(&self) -> UnixNanos {
        UnixNanos(self.word(header::HEARD))
    }

    /// Records lost for this reason.
    pub fn lost(&self, reason: Loss) -> u64 {
        self.word(header::LOST + 8 * reason as usize)
    }

    /// Spans that could not be listed as open.
    pub fn unlisted(&self) -> u64 {
        self.word(header::UNLISTED)
    }

    /// The encoded OTLP `Resource`.
    pub fn resource(&self) -> &[u8] {
        &self.bytes[header::RESOURCE..header::RESOURCE + self.half(header::RESOURCE_LEN) as usize]
    }

    /// The value of a resource attribute that is text.
    pub fn resource_text(&self, key: &str) -> Option<&str> {
        match Attributes::new(self.resource(), field::resource::ATTRIBUTE).find(key)? {
            AnyView::Str(text) => Some(text),
            _ => None,
        }
    }

    /// How many chunks were sealed when the header was read.
    pub(super) fn links(&self) -> u64 {
        self.word(header::LINKS)
    }

    /// How many chunks are sealed by now.
    pub(super) fn links_now(&self, file: &File) -> u64 {
        let mut links = [0; 8];
        match platform::read_at(file, &mut links, header::LINKS as u64) {
            Ok(()) => u64::from_le_bytes(links),
            Err(_) => self.links(),
        }
    }

    pub(super) fn slot_count(&self) -> u32 {
        self.half(header::SLOT_COUNT)
    }

    pub(super) fn table_offset(&self) -> u64 {
        u64::from(self.half(header::HEADER_LEN))
    }

    pub(super) fn grid_offset(&self) -> u64 {
        self.word(header::GRID_OFFSET)
    }
}
