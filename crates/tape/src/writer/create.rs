//! Making a tape's file: its name, its header page, its open-span table.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::chain::Chain;
use crate::clock::Clock;
use crate::format::{CELL, FormatVersion, HEADER, MAGIC, MAX_HEADER, SLOT, header};
use crate::region::Region;
use crate::writer::grid::Grid;
use crate::writer::options::{Mode, TapeOptions};
use crate::writer::slots::BLOCK;
use crate::{Trouble, platform};

/// What a new tape consists of.
pub(crate) struct Parts {
    pub(crate) head: Region,
    pub(crate) table_offset: usize,
    pub(crate) blocks: u32,
    pub(crate) path: Option<PathBuf>,
    pub(crate) file: Option<File>,
    pub(crate) grid: Grid,
    pub(crate) chain: Chain,
    /// The disk budget in cells.
    pub(crate) budget: Option<u32>,
    pub(crate) trouble: Option<Trouble>,
}

/// Makes the file, or as much as can be had.
pub(crate) fn parts(options: &TapeOptions) -> Parts {
    platform::watch_forks();
    let tape_id = random_id();
    let ordinal = next_ordinal();
    let blocks = options.open_spans.div_ceil(BLOCK);
    let resource = if header::RESOURCE + options.resource.len() <= MAX_HEADER {
        &options.resource[..]
    } else {
        &[]
    };
    let table_offset = (header::RESOURCE + resource.len()).next_multiple_of(HEADER);
    // Cells on multiples of their size: the page cache then takes each as one folio, not as pages one by one.
    let grid_offset = (table_offset + (blocks * BLOCK) as usize * SLOT).next_multiple_of(CELL);
    let budget = match options.mode {
        Mode::Run => None,
        Mode::Ring { budget } => Some((budget.saturating_sub(grid_offset as u64) / CELL as u64) as u32),
    };

    let (mut file, mut path, mut trouble) = (None, None, None);
    match create_file(&options.dir, ordinal) {
        Ok((created, created_path)) => match platform::reserve(&created, 0, grid_offset as u64) {
            Ok(()) => {
                file = Some(created);
                path = Some(created_path);
            }
            Err(error) => {
                trouble = Some(Trouble::no_file(&options.dir, &error));
                // An empty file would only puzzle; if it cannot be removed it is found to be no tape.
                let _ = std::fs::remove_file(created_path);
            }
        },
        Err(error) => trouble = Some(Trouble::no_file(&options.dir, &error)),
    }
    let mapped = match &file {
        Some(file) if options.mapped => Region::mapped(file, 0, grid_offset).map_err(|error| {
            trouble = Some(Trouble::not_mapped(path.as_deref(), &error));
        }),
        _ => Err(()),
    };
    let head = mapped.unwrap_or_else(|()| Region::anonymous_or_abort(grid_offset));

    write_header(
        &head,
        options,
        resource,
        tape_id,
        ordinal,
        (table_offset, grid_offset, blocks),
    );
    if let Some(file) = file.as_ref().filter(|_| !head.in_file()) {
        // A tape at once, not only after the clerk's first round, which tries again if this fails.
        let _ = platform::write_at(file, &head.copy(), 0);
    }
    Parts {
        head,
        table_offset,
        blocks,
        path,
        file,
        grid: Grid::new(grid_offset as u64, budget),
        chain: Chain::start(&tape_id),
        budget,
        trouble,
    }
}

fn write_header(
    head: &Region,
    options: &TapeOptions,
    resource: &[u8],
    tape_id: [u8; 16],
    ordinal: u32,
    (table_offset, grid_offset, blocks): (usize, usize, u32),
) {
    let mut bytes = vec![0u8; table_offset];
    let mut put = |offset: usize, value: &[u8]| bytes[offset..offset + value.len()].copy_from_slice(value);
    let clock = Clock::get();
    let anchor = clock.anchor();
    let budget = match options.mode {
        Mode::Run => 0,
        Mode::Ring { budget } => budget,
    };
    let host = platform::host_name();
    let host = &host.as_bytes()[..host.floor_char_boundary(header::RESOURCE - header::HOST)];
    put(header::VERSION, &FormatVersion::CURRENT.0.to_le_bytes());
    put(header::HEADER_LEN, &(table_offset as u32).to_le_bytes());
    put(header::SLOT_COUNT, &(blocks * BLOCK).to_le_bytes());
    put(header::CELL_SIZE, &(CELL as u32).to_le_bytes());
    put(header::GRID_OFFSET, &(grid_offset as u64).to_le_bytes());
    put(header::BUDGET, &budget.to_le_bytes());
    put(header::PID, &std::process::id().to_le_bytes());
    put(header::ORDINAL, &ordinal.to_le_bytes());
    put(header::ANCHOR_UNIX, &anchor.unix.to_le_bytes());
    put(header::ANCHOR_TICKS, &anchor.ticks.to_le_bytes());
    put(header::NANOS_PER_TICK, &anchor.rate.to_le_bytes());
    put(header::CLOCK_SOURCE, &(clock.source() as u32).to_le_bytes());
    put(header::TAPE_ID, &tape_id);
    put(header::HOST_LEN, &(host.len() as u32).to_le_bytes());
    put(header::RESOURCE_LEN, &(resource.len() as u32).to_le_bytes());
    put(header::HOST, host);
    put(header::RESOURCE, resource);
    // The magic is stored last: what has it has a whole header.
    for (index, word) in bytes.chunks_exact(8).enumerate().skip(1) {
        let mut value = [0; 8];
        value.copy_from_slice(word);
        head.word(index * 8)
            .store(u64::from_le_bytes(value), Ordering::Relaxed);
    }
    head.word(header::MAGIC)
        .store(u64::from_le_bytes(MAGIC), Ordering::Release);
}

/// The number of the next tape of this process.
fn next_ordinal() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Creates the directory and a file of which no tape has the name yet (a process id can come round again).
fn create_file(dir: &Path, ordinal: u32) -> io::Result<(File, PathBuf)> {
    platform::create_private_dir(dir)?;
    let host: String = platform::host_name()
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-_.".contains(c) {
                c
            } else {
                '_'
            }
        })
        .take(64)
        .collect();
    let mut number = ordinal;
    loop {
        let path = dir.join(format!("{host}-{}-{number}.tape", std::process::id()));
        match platform::create_private(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < u32::MAX => number += 1,
            Err(error) => return Err(error),
        }
    }
}

fn random_id() -> [u8; 16] {
    let mut id = [0; 16];
    if getrandom::fill(&mut id).is_err() {
        // No entropy source: time and process still tell tapes apart.
        id[..8].copy_from_slice(&Clock::get().now().0.to_le_bytes());
        id[8..12].copy_from_slice(&std::process::id().to_le_bytes());
    }
    id
}
