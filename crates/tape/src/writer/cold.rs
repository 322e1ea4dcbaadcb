//! The cold cells: full chunks, sealed into the chain and written out in one call each.
//!
//! Writing a full 64 KiB at once costs a fifth of what the page faults of a mapping that grows would cost
//! (`docs/adr/002-hot-and-cold.md`); the hot cell is free again at once. There is one `Cold` a tape, behind a
//! mutex: whoever holds it seals, so the order of the chain is the order of sealing.

use std::fs::File;
use std::io;

use crate::chain::Chain;
use crate::format::{CELL, CHUNK_HEADER, CHUNK_MAGIC, ChunkState, Loss, chunk};
use crate::platform;
use crate::writer::grid::{ColdChunk, Grid, Taken};
use crate::writer::hot::Hot;

/// The file, its grid and the chain.
#[derive(Debug)]
pub(crate) struct Cold {
    /// `None` when no file could be created: then nothing can be written out.
    pub(crate) file: Option<File>,
    pub(crate) grid: Grid,
    chain: Chain,
}

/// Why a chunk could not be written out.
#[derive(Debug)]
pub(crate) struct Unwritten {
    pub(crate) error: io::Error,
    /// Records that had to go for it all the same.
    pub(crate) lost: Vec<(Loss, u64)>,
}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        Self {
            error,
            lost: Vec::new(),
        }
    }
}

/// Who still reads a chunk that is written out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Readers {
    /// The clerk's consumers have it.
    pub(crate) taken: bool,
    /// An exporter will read it.
    pub(crate) exported: bool,
}

impl Readers {
    fn sent(self) -> Option<u64> {
        self.exported.then_some(0)
    }
}

/// What writing a chunk out did.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) chunk: ColdChunk,
    /// Records that had to go for it.
    pub(crate) lost: Vec<(Loss, u64)>,
}

impl Cold {
    pub(crate) fn new(file: Option<File>, grid: Grid, chain: Chain) -> Self {
        Self { file, grid, chain }
    }

    /// Seals a full chunk where it lies; one that is sealed already stays as it is.
    pub(crate) fn seal(&mut self, hot: &Hot) {
        if hot.state() != Some(ChunkState::Sealed) {
            let (mut header, body) = hot.snapshot();
            self.chain.seal(&mut header, body);
            hot.set_seal(&header);
        }
    }

    /// Seals a full chunk and writes it to cold cells; its hot cell can then be freed.
    pub(crate) fn write_out(&mut self, hot: &Hot, readers: Readers) -> Result<Written, Unwritten> {
        let Some(file) = &self.file else {
            return Err(io::Error::from(io::ErrorKind::Unsupported).into());
        };
        // Cells first: a chunk that cannot be kept must not move the chain.
        let cells = self.grid.take_cold(file, 1)?;
        self.seal(hot);
        let chunk = ColdChunk {
            id: hot.id(),
            cell: cells.cell,
            cells: 1,
            records: hot.records(),
            taken: readers.taken,
            sent: readers.sent(),
        };
        self.put(chunk, cells, hot.cell_bytes())
    }

    /// Seals and writes a chunk that was built in memory.
    pub(crate) fn write_large(&mut self, bytes: &mut [u8], readers: Readers) -> Result<Written, Unwritten> {
        let Some(file) = &self.file else {
            return Err(io::Error::from(io::ErrorKind::Unsupported).into());
        };
        let count = bytes.len().div_ceil(CELL) as u32;
        let cells = self.grid.take_cold(file, count)?;
        let Some((header, body)) = bytes.split_first_chunk_mut::<CHUNK_HEADER>() else {
            return Err(io::Error::from(io::ErrorKind::InvalidInput).into());
        };
        let before = self.chain;
        self.chain.seal(header, body);
        let word = |field: usize| {
            let mut word = [0; 8];
            word.copy_from_slice(&header[field..field + 8]);
            u64::from_le_bytes(word)
        };
        let chunk = ColdChunk {
            id: word(chunk::ID),
            cell: cells.cell,
            cells: count,
            records: word(chunk::RECORDS),
            taken: readers.taken,
            sent: readers.sent(),
        };
        // Nothing of it stays, unlike a hot chunk, which keeps its seal and is tried again.
        self.put(chunk, cells, bytes).inspect_err(|_| self.chain = before)
    }

    /// How many chunks are in the chain.
    pub(crate) fn links(&self) -> u64 {
        self.chain.links()
    }

    fn put(&mut self, chunk: ColdChunk, cells: Taken, bytes: &[u8]) -> Result<Written, Unwritten> {
        let position = self.grid.position(chunk.cell);
        let result = match &self.file {
            Some(file) => write_chunk(file, &self.grid, &cells, bytes, position),
            None => Err(io::ErrorKind::Unsupported.into()),
        };
        let lost = cells.lost;
        match result {
            Ok(()) => {
                self.grid.put_cold(chunk);
                Ok(Written { chunk, lost })
            }
            Err(error) => {
                self.grid.give_back(chunk.cell, chunk.cells);
                Err(Unwritten { error, lost })
            }
        }
    }

    /// Reads a chunk's body back, if it is still there.
    pub(crate) fn read_body(&self, id: u64, cell: u32) -> io::Result<Option<Vec<u8>>> {
        let Some(file) = &self.file else { return Ok(None) };
        if !self.grid.holds(id, cell) {
            return Ok(None);
        }
        let position = self.grid.position(cell);
        let mut header = [0; CHUNK_HEADER];
        platform::read_at(file, &mut header, position)?;
        let mut committed = [0; 8];
        committed.copy_from_slice(&header[chunk::COMMITTED..chunk::COMMITTED + 8]);
        let len = u64::from_le_bytes(committed);
        if len > self.grid.room_at(cell) {
            // Not what was written: somebody else wrote to the file.
            return Ok(None);
        }
        let mut body = vec![0; len as usize];
        platform::read_at(file, &mut body, position + CHUNK_HEADER as u64)?;
        Ok(Some(body))
    }
}

/// The first word of a cell that is not in use.
const FREE: u64 = CHUNK_MAGIC as u64 | (ChunkState::Free as u64) << 32;

/// Writes a chunk so that a process that is killed meanwhile leaves either all of it or a free cell: a write of
/// many pages can end after any of them. The header says `Free` until everything else is there.
///
/// A cell is written to its end: at its place in the file, a multiple of its size, the page cache then takes it as one
/// folio (measured: 11.2 us; 17.4 us as far as it is filled, or anywhere else).
fn write_chunk(file: &File, grid: &Grid, cells: &Taken, bytes: &[u8], position: u64) -> io::Result<()> {
    clear(file, grid, cells)?;
    let Some((state, rest)) = bytes.split_first_chunk::<8>() else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    platform::write_both_at(file, &FREE.to_le_bytes(), rest, position)?;
    platform::write_at(file, state, position)
}

/// Takes what was evicted for these cells off the file.
pub(crate) fn clear(file: &File, grid: &Grid, cells: &Taken) -> io::Result<()> {
    for cell in &cells.freed {
        platform::write_at(file, &FREE.to_le_bytes(), grid.position(*cell))?;
    }
    wipe(file, grid, cells.wipe.iter().copied())
}

/// Marks cells as unused in the file.
pub(crate) fn wipe(file: &File, grid: &Grid, cells: impl IntoIterator<Item = u32>) -> io::Result<()> {
    cells
        .into_iter()
        .try_for_each(|cell| platform::write_at(file, &[0; CHUNK_HEADER], grid.position(cell)))
}
