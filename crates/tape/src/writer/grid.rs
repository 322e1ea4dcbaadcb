//! Which cell of the file is used for what.
//!
//! Cells are handed out at the file's end, reserved on disk some at a time, until the budget is used up.
//! Then, in a ring, a cursor goes round and takes the cells of the oldest cold chunks again; hot cells stay
//! where they are. Without a budget (a run) nothing is ever taken again.

use std::fs::File;
use std::io;

use crate::format::{CELL, CHUNK_HEADER, Loss};
use crate::platform;

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    /// Nothing that must be kept.
    Free,
    /// A mapped cell, for the threads.
    Hot,
    /// The first cell of a cold chunk.
    Cold(ColdChunk),
    /// A further cell of the cold chunk that begins at this cell.
    Tail(u32),
}

/// A chunk that was written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ColdChunk {
    pub(crate) id: u64,
    pub(crate) cell: u32,
    pub(crate) cells: u32,
    pub(crate) records: u64,
    /// The clerk's consumers have it.
    pub(crate) taken: bool,
    /// Records that an exporter has sent on; `None` if it is not to be exported.
    pub(crate) sent: Option<u64>,
}

impl ColdChunk {
    /// The records that go with it, by whether every consumer had them.
    fn losses(&self) -> [(Loss, u64); 2] {
        let had = match (self.taken, self.sent) {
            (false, _) => 0,
            (true, None) => self.records,
            (true, Some(sent)) => sent.min(self.records),
        };
        [(Loss::Aged, had), (Loss::Overrun, self.records - had)]
    }
}

/// Cells taken for a new chunk, and what had to go for it.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) cell: u32,
    /// Records lost with the chunks that were here, by whether every consumer had them.
    pub(crate) lost: Vec<(Loss, u64)>,
    /// Where several chunks begin that are gone, oldest first: to be marked as free before anything is wiped, so
    /// that a process killed in between leaves no gap, no chunk that lacks a part and no cell of raw bytes.
    pub(crate) freed: Vec<u32>,
    /// Cells that must be wiped in the file, in this order, since what was there is gone.
    pub(crate) wipe: Vec<u32>,
}

/// The use of every cell of one tape.
#[derive(Debug)]
pub(crate) struct Grid {
    offset: u64,
    cells: Vec<Cell>,
    reserved: u32,
    budget: Option<u32>,
    cursor: u32,
}

/// The fewest cells reserved on disk ahead of need: a small program leaves a small file.
const LEAST_STEP: u32 = 8;

/// The most: 4 MiB at a time.
const MOST_STEP: u32 = 64;

impl Grid {
    /// An empty grid that begins at byte `offset` of the file.
    pub(crate) fn new(offset: u64, budget: Option<u32>) -> Self {
        Self {
            offset,
            cells: Vec::new(),
            reserved: 0,
            budget,
            cursor: 0,
        }
    }

    /// Where a cell begins in the file.
    pub(crate) fn position(&self, cell: u32) -> u64 {
        self.offset + u64::from(cell) * CELL as u64
    }

    /// How many bytes of the file are reserved or used.
    pub(crate) fn bytes(&self) -> u64 {
        self.position(self.reserved.max(self.cells.len() as u32))
    }

    /// Takes `count` cells in a row, to be mapped.
    pub(crate) fn take_hot(&mut self, file: &File, count: u32) -> io::Result<Taken> {
        let taken = self.take_cold(file, count)?;
        self.cells[taken.cell as usize..(taken.cell + count) as usize].fill(Cell::Hot);
        Ok(taken)
    }

    /// Takes `count` cells in a row for a chunk that is to be written out.
    pub(crate) fn take_cold(&mut self, file: &File, count: u32) -> io::Result<Taken> {
        if self
            .budget
            .is_none_or(|budget| self.cells.len() as u32 + count <= budget)
        {
            let cell = self.extend(file, count)?;
            return Ok(Taken {
                cell,
                ..Taken::default()
            });
        }
        // From now on the cursor goes round, so that what is oldest goes first: the grid grows no more.
        let left = self.budget.map_or(0, |budget| budget - self.cells.len() as u32);
        if left > 0 {
            self.extend(file, left)?;
        }
        let cell = self.next_run(count).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::StorageFull,
                "the tape's disk budget is in use by open chunks",
            )
        })?;
        let skipped = if cell >= self.cursor {
            self.skipped(self.cursor..cell)
        } else {
            self.skipped((self.cursor..self.cells.len() as u32).chain(0..cell))
        };
        self.cursor = cell + count;
        Ok(self.evict(cell, count, skipped))
    }

    /// Gives back cells that were taken, but in which nothing could be put.
    pub(crate) fn give_back(&mut self, first: u32, count: u32) {
        let end = first + count;
        if end as usize == self.cells.len() {
            self.cells.truncate(first as usize);
        } else {
            self.cells[first as usize..end as usize].fill(Cell::Free);
            self.cursor = first;
        }
    }

    /// How long the body of the chunk that begins here can be.
    pub(crate) fn room_at(&self, cell: u32) -> u64 {
        match self.cells.get(cell as usize) {
            Some(Cell::Cold(chunk)) => u64::from(chunk.cells) * CELL as u64 - CHUNK_HEADER as u64,
            _ => 0,
        }
    }

    /// How many cells the grid may ever have.
    pub(crate) fn budget(&self) -> Option<u32> {
        self.budget
    }

    /// Notes that the cells just taken hold this chunk.
    pub(crate) fn put_cold(&mut self, chunk: ColdChunk) {
        for cell in chunk.cell..chunk.cell + chunk.cells {
            self.cells[cell as usize] = if cell == chunk.cell {
                Cell::Cold(chunk)
            } else {
                Cell::Tail(chunk.cell)
            };
        }
    }

    /// Notes that every consumer has the chunk; false if it is gone already.
    pub(crate) fn mark_taken(&mut self, id: u64, cell: u32) -> bool {
        match self.cells.get_mut(cell as usize) {
            Some(Cell::Cold(chunk)) if chunk.id == id => {
                chunk.taken = true;
                true
            }
            _ => false,
        }
    }

    /// Notes how many records of a chunk an exporter has sent on.
    pub(crate) fn mark_sent(&mut self, id: u64, cell: u32, records: u64) {
        if let Some(Cell::Cold(chunk)) = self.cells.get_mut(cell as usize)
            && chunk.id == id
        {
            chunk.sent = chunk.sent.map(|before| before.max(records));
        }
    }

    /// Whether the chunk is still where it was written.
    pub(crate) fn holds(&self, id: u64, cell: u32) -> bool {
        matches!(self.cells.get(cell as usize), Some(Cell::Cold(chunk)) if chunk.id == id)
    }

    /// Where the file may be cut at the end: behind the last cell in use.
    pub(crate) fn used_bytes(&self) -> u64 {
        let used = self
            .cells
            .iter()
            .rposition(|cell| *cell != Cell::Free)
            .map_or(0, |last| last + 1);
        self.position(used as u32)
    }

    fn extend(&mut self, file: &File, count: u32) -> io::Result<u32> {
        let first = self.cells.len() as u32;
        let end = first + count;
        if end > self.reserved {
            let step = (end / 2).clamp(LEAST_STEP, MOST_STEP);
            let ahead = (end + step).min(self.budget.unwrap_or(u32::MAX)).max(end);
            let from = self.position(self.reserved);
            let step = |to: u32| u64::from(to - self.reserved) * CELL as u64;
            if platform::reserve(file, from, step(ahead)).is_ok() {
                self.reserved = ahead;
            } else {
                // Not room for a whole step: what is needed now may still fit.
                platform::reserve(file, from, step(end))?;
                self.reserved = end;
            }
        }
        self.cells.resize(end as usize, Cell::Free);
        Ok(first)
    }

    /// The next run of `count` cells without a hot one, from the cursor on and round once.
    fn next_run(&self, count: u32) -> Option<u32> {
        let total = self.cells.len() as u32;
        let fits = |start: u32| {
            start + count <= total
                && self.cells[start as usize..(start + count) as usize]
                    .iter()
                    .all(|cell| *cell != Cell::Hot)
        };
        (self.cursor..total)
            .chain(0..self.cursor.min(total))
            .find(|start| fits(*start))
    }

    /// The chunks in cells that the cursor passes because too few lie in a row: they are older than what goes
    /// next, so they go too, and what is left on the tape has no gap.
    fn skipped(&self, cells: impl Iterator<Item = u32>) -> Vec<u32> {
        cells
            .filter(|cell| matches!(self.cells[*cell as usize], Cell::Cold(_)))
            .collect()
    }

    fn evict(&mut self, first: u32, count: u32, skipped: Vec<u32>) -> Taken {
        let mut taken = Taken {
            cell: first,
            ..Taken::default()
        };
        let range = first..first + count;
        for cell in skipped.into_iter().chain(range.clone()) {
            let head = match self.cells[cell as usize] {
                Cell::Cold(chunk) => chunk,
                Cell::Tail(head) => match self.cells[head as usize] {
                    Cell::Cold(chunk) => chunk,
                    _ => continue,
                },
                Cell::Free | Cell::Hot => continue,
            };
            taken
                .lost
                .extend(head.losses().into_iter().filter(|(_, records)| *records > 0));
            let tails = head.cell + 1..head.cell + head.cells;
            taken.freed.push(head.cell);
            if !tails.is_empty() || !range.contains(&head.cell) {
                taken.wipe.extend(tails.chain([head.cell]));
            }
            self.cells[head.cell as usize..(head.cell + head.cells) as usize].fill(Cell::Free);
        }
        if taken.wipe.is_empty() && taken.freed.len() == 1 {
            // The usual case, one for one: the new chunk's header takes the place of the old one's.
            taken.freed.clear();
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> File {
        let path = std::env::temp_dir().join(format!(
            "grid-{}-{:?}",
            std::process::id(),
            std::thread::current().id()
        ));
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(&path)
            .unwrap();
        std::fs::remove_file(path).unwrap();
        file
    }

    fn put(grid: &mut Grid, taken: &Taken, id: u64, cells: u32, read: bool) {
        grid.put_cold(ColdChunk {
            id,
            cell: taken.cell,
            cells,
            records: 10,
            taken: read,
            sent: None,
        });
    }

    #[test]
    fn a_ring_reuses_the_oldest_cold_cells_and_never_a_hot_one() {
        let file = file();
        let mut grid = Grid::new(4096, Some(6));
        assert_eq!(grid.take_hot(&file, 2).unwrap().cell, 0);
        for id in 1..=4 {
            let taken = grid.take_cold(&file, 1).unwrap();
            assert!(taken.lost.is_empty());
            put(&mut grid, &taken, id, 1, id == 1);
        }
        let fifth = grid.take_cold(&file, 1).unwrap();
        assert_eq!((fifth.cell, fifth.lost.clone()), (2, vec![(Loss::Aged, 10)]));
        put(&mut grid, &fifth, 5, 1, false);
        let large = grid.take_cold(&file, 2).unwrap();
        assert_eq!(
            (large.cell, large.lost.clone()),
            (3, vec![(Loss::Overrun, 10), (Loss::Overrun, 10)])
        );
        put(&mut grid, &large, 6, 2, false);
        assert!(grid.holds(5, 2) && grid.holds(6, 3) && !grid.holds(2, 3));
        assert!(grid.take_cold(&file, 5).is_err(), "larger than the ring");
    }

    #[test]
    fn what_an_exporter_has_not_sent_is_overrun() {
        let file = file();
        let mut grid = Grid::new(4096, Some(3));
        for id in 1..=3 {
            let taken = grid.take_cold(&file, 1).unwrap();
            put(&mut grid, &taken, id, 1, true);
            if let Cell::Cold(chunk) = &mut grid.cells[taken.cell as usize] {
                chunk.sent = Some(0);
            }
        }
        grid.mark_sent(1, 0, 10);
        grid.mark_sent(2, 1, 4);
        grid.mark_sent(2, 2, 10);
        let lost = grid.take_cold(&file, 3).unwrap().lost;
        assert_eq!(
            lost,
            [
                (Loss::Aged, 10),
                (Loss::Aged, 4),
                (Loss::Overrun, 6),
                (Loss::Overrun, 10)
            ]
        );
    }

    #[test]
    fn what_is_left_of_a_chunk_taken_in_part_is_wiped() {
        let file = file();
        let mut grid = Grid::new(4096, Some(4));
        let large = grid.take_cold(&file, 3).unwrap();
        put(&mut grid, &large, 1, 3, true);
        let small = grid.take_cold(&file, 1).unwrap();
        put(&mut grid, &small, 2, 1, true);
        let next = grid.take_cold(&file, 1).unwrap();
        assert_eq!((next.cell, next.wipe.clone()), (0, vec![1, 2, 0]));
        assert_eq!(next.freed, [0]);
    }

    #[test]
    fn a_run_only_grows() {
        let file = file();
        let mut grid = Grid::new(0, None);
        for id in 0..200 {
            let taken = grid.take_cold(&file, 1).unwrap();
            assert_eq!(u64::from(taken.cell), id);
            put(&mut grid, &taken, id, 1, true);
        }
        assert_eq!(grid.used_bytes(), 200 * CELL as u64);
    }
}
