//! Which chunk lies in which cell of a tape, whatever state the tape is in.
//!
//! The tape's reader tells what is on a tape, not where; a seal needs the place too, to say what was moved.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use telensic_tape::ChunkState;
use telensic_tape::format::{CELL, CHUNK_HEADER, CHUNK_MAGIC, HEADER, MAGIC, chunk, header};

/// The cells of a tape that are in use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TapeCells {
    /// Where the open-span table begins.
    pub(super) table: u64,
    pub(super) slots: u64,
    /// Where cell 0 begins.
    pub(super) grid: u64,
    pub(super) tape_id: [u8; 16],
    /// In the order of their cells.
    pub(super) chunks: Vec<CellUse>,
    by_number: HashMap<u64, CellUse>,
}

/// The chunk that begins in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CellUse {
    pub(super) cell: u32,
    pub(super) number: u64,
    pub(super) is_sealed: bool,
}

impl TapeCells {
    /// Looks at the header and at the beginning of each cell; `None` if this does not begin as a tape does.
    pub(super) fn read(path: &Path) -> io::Result<Option<Self>> {
        let mut file = File::open(path)?;
        let len = file.metadata()?.len();
        if len < HEADER as u64 {
            return Ok(None);
        }
        let mut page = [0; HEADER];
        file.read_exact(&mut page)?;
        if page[..MAGIC.len()] != MAGIC {
            return Ok(None);
        }
        let mut cells = Self {
            table: u64::from(half(&page, header::HEADER_LEN)),
            slots: u64::from(half(&page, header::SLOT_COUNT)),
            grid: word(&page, header::GRID_OFFSET),
            ..Self::default()
        };
        cells
            .tape_id
            .copy_from_slice(&page[header::TAPE_ID..header::TAPE_ID + 16]);
        let mut cell: u64 = 0;
        loop {
            let position = cell.saturating_mul(CELL as u64).saturating_add(cells.grid);
            if position.saturating_add(CHUNK_HEADER as u64) > len {
                break;
            }
            let mut head = [0; CHUNK_HEADER];
            file.seek(SeekFrom::Start(position))?;
            file.read_exact(&mut head)?;
            cell += cells.note(cell, &head);
        }
        Ok(Some(cells))
    }

    /// Notes the chunk that begins here, if any; how many cells to go on by.
    fn note(&mut self, cell: u64, head: &[u8; CHUNK_HEADER]) -> u64 {
        if half(head, chunk::MAGIC) != CHUNK_MAGIC {
            return 1;
        }
        let body = word(head, chunk::COMMITTED).saturating_add(CHUNK_HEADER as u64);
        let takes = u64::from(half(head, chunk::CELLS));
        let is_consistent = body.div_ceil(CELL as u64) == takes;
        let state = ChunkState::from_u32(half(head, chunk::STATE));
        if let (Some(state), Ok(cell)) = (state, u32::try_from(cell))
            && state != ChunkState::Free
        {
            let found = CellUse {
                cell,
                number: word(head, chunk::ID),
                is_sealed: state == ChunkState::Sealed,
            };
            self.chunks.push(found);
            // A process that died while writing a chunk out leaves it twice: the sealed one counts.
            let known = self.by_number.entry(found.number).or_insert(found);
            if found.is_sealed && !known.is_sealed {
                *known = found;
            }
        }
        if is_consistent { takes } else { 1 }
    }

    /// The cell of the chunk of this number.
    pub(super) fn cell_of(&self, number: u64) -> Option<u32> {
        Some(self.by_number.get(&number)?.cell)
    }
}

fn half(bytes: &[u8], offset: usize) -> u32 {
    let mut half = [0; 4];
    half.copy_from_slice(&bytes[offset..offset + 4]);
    u32::from_le_bytes(half)
}

fn word(bytes: &[u8], offset: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[offset..offset + 8]);
    u64::from_le_bytes(word)
}
