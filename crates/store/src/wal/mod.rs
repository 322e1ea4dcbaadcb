//! The write-ahead log: request bodies as they came, in the order they came, in files that survive a crash.
//!
//! One writer appends, any number of readers follow, each with a [`Cursor`] on disk. A place in the log is a
//! [`Position`]: the count of bytes before it since the log began; it is never reused, and no file begins at zero of
//! its own. A file's name says where it begins.
//!
//! Invariants: a [`Receipt`] that says "committed" means that the frame is in the file and, with
//! [`Durability::Power`], on the disk. Readers see committed frames only, in order, each whole. What is damaged is
//! reported with its range and stepped over: never silently, and never at the cost of what follows.
//!
//! ```text
//! <dir>/0000000000000000-5d1c….wal      <position it begins at>-<its key>.wal, both as 16 hex digits
//!       0000000004000121-a0b3….wal
//!       cursors/store  cursors/tempo    one file a reader
//!
//! file     0  [u8; 8]  TLNSWAL1
//!          8  u64      position of this byte 0
//!         16  u64      key: random, so that no body can forge a frame
//!         24  u32      format version, 1
//!         28  u32      CRC-32 of the 28 bytes before
//!         32  frame *
//!
//! frame    0  [u8; 4]  TFRM
//!          4  u32      length of the body
//!          8  u64      position of this frame
//!         16  u64      when it was received, Unix nanoseconds
//!         24  u8       signal: 1 spans, 2 logs, 3 metrics
//!         25  u8       length of the tenant's name
//!         26  u16      0
//!         28  u32      rows: spans, log records or data points in it
//!         32  u32      CRC-32 of tenant and body
//!         36  u32      CRC-32 of key and the 36 bytes before
//!         40  tenant, body
//!
//! cursor   0  [u8; 8]  TLNSCUR1
//!          8  u64      position: everything before it is done with
//!         16  u32      CRC-32 of the 16 bytes before
//! ```
//!
//! All integers are little-endian. A frame that a crash cut short is at the end of the last file; opening the log
//! cuts it off. Damage anywhere else stays where it is: from there the reader looks for the next `TFRM` whose
//! position and check sum are right.

mod commit;
mod cursor;
mod directory;
mod frame;
mod log;
mod parse;
mod read;
mod receipt;
mod shared;

pub use cursor::{Cursor, CursorLag, Hold};
pub(crate) use directory::{make_private_directory, sync_directory};
pub use frame::{Entry, Frame, Position};
pub use log::{Durability, Log, LogOptions, LogState, Opened};
pub use parse::Damage;
pub use read::ReadBatch;
pub use receipt::Receipt;

#[cfg(test)]
mod tests;
