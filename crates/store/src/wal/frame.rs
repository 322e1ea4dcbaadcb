//! One frame: a request's body and what is known of it. The layout is in the documentation of the module above.

use bytes::Bytes;
use telensic_tape::{Signal, UnixNanos};

use crate::tenant::Tenant;

/// A place in the log: how many bytes come before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A request about to be logged.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it carries.
    pub signal: Signal,
    /// Whose it is.
    pub tenant: Tenant,
    /// When it was received.
    pub received: UnixNanos,
    /// How many rows it makes.
    pub rows: u32,
    /// The body as it came: an OTLP export request in protobuf.
    pub body: Bytes,
}

/// A request in the log.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Where it is.
    pub position: Position,
    /// Where the next one is.
    pub end: Position,
    /// The request.
    pub entry: Entry,
}

pub(super) const FRAME_MAGIC: [u8; 4] = *b"TFRM";
pub(super) const FRAME_HEADER: usize = 40;
/// The longest body. What receivers let through is far below.
pub(super) const MAX_BODY: usize = 1 << 30;

/// The fixed part of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameHeader {
    pub(super) body_len: u32,
    pub(super) position: u64,
    pub(super) received: u64,
    pub(super) signal: u8,
    pub(super) tenant_len: u8,
    pub(super) rows: u32,
    pub(super) content_crc: u32,
}

impl FrameHeader {
    pub(super) fn of(entry: &Entry) -> Self {
        Self {
            body_len: entry.body.len() as u32,
            position: 0,
            received: entry.received.0,
            signal: entry.signal as u8,
            tenant_len: entry.tenant.as_str().len() as u8,
            rows: entry.rows,
            content_crc: content_crc(entry.tenant.as_str().as_bytes(), &entry.body),
        }
    }

    pub(super) fn encode(&self, key: u64) -> [u8; FRAME_HEADER] {
        let mut bytes = [0; FRAME_HEADER];
        bytes[..4].copy_from_slice(&FRAME_MAGIC);
        bytes[4..8].copy_from_slice(&self.body_len.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.position.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.received.to_le_bytes());
        bytes[24] = self.signal;
        bytes[25] = self.tenant_len;
        bytes[28..32].copy_from_slice(&self.rows.to_le_bytes());
        bytes[32..36].copy_from_slice(&self.content_crc.to_le_bytes());
        let crc = header_crc(key, &bytes[..36]);
        bytes[36..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// The header in these bytes, if they are one that was written for this position.
    pub(super) fn decode(bytes: &[u8; FRAME_HEADER], key: u64, position: u64) -> Option<Self> {
        let header = Self {
            body_len: word32(bytes, 4),
            position: word64(bytes, 8),
            received: word64(bytes, 16),
            signal: bytes[24],
            tenant_len: bytes[25],
            rows: word32(bytes, 28),
            content_crc: word32(bytes, 32),
        };
        let is_sound = bytes[..4] == FRAME_MAGIC
            && header.position == position
            && word32(bytes, 36) == header_crc(key, &bytes[..36])
            && header.body_len as usize <= MAX_BODY;
        is_sound.then_some(header)
    }

    /// Header, tenant and body.
    pub(super) fn frame_len(&self) -> usize {
        FRAME_HEADER + usize::from(self.tenant_len) + self.body_len as usize
    }
}

pub(super) fn content_crc(tenant: &[u8], body: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(tenant);
    crc.update(body);
    crc.finalize()
}

fn header_crc(key: u64, header: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&key.to_le_bytes());
    crc.update(header);
    crc.finalize()
}

pub(super) fn word32(bytes: &[u8], at: usize) -> u32 {
    let word = bytes.get(at..at + 4).and_then(|word| word.try_into().ok());
    u32::from_le_bytes(word.unwrap_or_default())
}

pub(super) fn word64(bytes: &[u8], at: usize) -> u64 {
    let word = bytes.get(at..at + 8).and_then(|word| word.try_into().ok());
    u64::from_le_bytes(word.unwrap_or_default())
}
