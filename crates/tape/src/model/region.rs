//! What [`crate::writer::hot`] sees in place of mapped memory when loom checks it: the words of each chunk's header as
//! loom's atomics, the first bytes of its body as loom's cells, which name every race.

use std::fs::File;
use std::io;

use loom::cell::UnsafeCell;

use crate::format::{CELL, CHUNK_HEADER};
use crate::sync::AtomicU64;

/// So much of a body there is in a model.
const BODY: usize = 24;

#[derive(Debug)]
struct Cell {
    words: Vec<AtomicU64>,
    body: Vec<UnsafeCell<u8>>,
}

#[derive(Debug)]
pub(crate) struct Region {
    cells: Vec<Cell>,
}

impl Region {
    pub(crate) fn mapped(_: &File, _: u64, len: usize) -> io::Result<Self> {
        Self::anonymous(len)
    }

    pub(crate) fn anonymous(len: usize) -> io::Result<Self> {
        let cell = |_| Cell {
            words: (0..CHUNK_HEADER / 8).map(|_| AtomicU64::new(0)).collect(),
            body: (0..BODY).map(|_| UnsafeCell::new(0)).collect(),
        };
        Ok(Self {
            cells: (0..len / CELL).map(cell).collect(),
        })
    }

    pub(crate) fn anonymous_or_abort(len: usize) -> Self {
        Self::anonymous(len).unwrap()
    }

    pub(crate) fn copy(&self) -> Vec<u8> {
        Vec::new()
    }

    pub(crate) fn in_file(&self) -> bool {
        true
    }

    pub(crate) fn word(&self, offset: usize) -> &AtomicU64 {
        &self.cells[offset / CELL].words[offset % CELL / 8]
    }

    pub(crate) fn words<const N: usize>(&self, offset: usize) -> &[AtomicU64; N] {
        let words = &self.cells[offset / CELL].words[offset % CELL / 8..];
        words.first_chunk().unwrap()
    }

    fn body(&self, offset: usize, len: usize) -> &[UnsafeCell<u8>] {
        let start = offset % CELL - CHUNK_HEADER;
        &self.cells[offset / CELL].body[start..start + len]
    }

    /// As in the real one.
    #[expect(unsafe_code, reason = "loom sees who else is here")]
    pub(crate) unsafe fn write(&self, offset: usize, bytes: &[u8]) {
        for (cell, byte) in self.body(offset, bytes.len()).iter().zip(bytes) {
            // SAFETY: loom fails the model if anyone else touches the byte.
            cell.with_mut(|target| unsafe { *target = *byte });
        }
    }

    /// As in the real one, but for the bytes being a copy: a model reads them again to see that they stay.
    #[expect(unsafe_code, reason = "loom sees who else is here")]
    pub(crate) unsafe fn bytes(&self, offset: usize, len: usize) -> &[u8] {
        let read = |cell: &UnsafeCell<u8>| {
            // SAFETY: loom fails the model if anyone writes the byte meanwhile.
            cell.with(|source| unsafe { *source })
        };
        self.body(offset, len).iter().map(read).collect::<Vec<_>>().leak()
    }
}
