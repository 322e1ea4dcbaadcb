//! CRC-32 of every block of a file: where a file was altered, not whether.
//!
//! Whether it was is for the file's BLAKE3 to say. These sums only narrow down the place, so four bytes a block will
//! do, and there are at most some 16,000 of them a file: a seal stays small however large the files are.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;

use super::hash::PIECE;

const SMALLEST: u64 = 1024;
const MOST_BLOCKS: u64 = 16 * 1024;

/// The size of the blocks of a file of this size: a power of two that divides [`PIECE`].
pub(super) fn block_size(size: u64) -> u64 {
    size.div_ceil(MOST_BLOCKS)
        .next_power_of_two()
        .clamp(SMALLEST, PIECE)
}

/// Sums up what it is fed, block by block.
#[derive(Debug)]
pub(super) struct Blocks {
    block: u64,
    left: u64,
    sum: crc32fast::Hasher,
    sums: Vec<u32>,
}

impl Blocks {
    pub(super) fn of(block: u64) -> Self {
        let block = block.max(1);
        Self {
            block,
            left: block,
            sum: crc32fast::Hasher::new(),
            sums: Vec::new(),
        }
    }

    pub(super) fn update(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let take = usize::try_from(self.left).map_or(bytes.len(), |left| left.min(bytes.len()));
            let (now, later) = bytes.split_at(take);
            self.sum.update(now);
            self.left -= take as u64;
            if self.left == 0 {
                self.end_block();
            }
            bytes = later;
        }
    }

    fn end_block(&mut self) {
        let sum = std::mem::take(&mut self.sum);
        self.sums.push(sum.finalize());
        self.left = self.block;
    }

    pub(super) fn finish(mut self) -> Vec<u32> {
        if self.left < self.block {
            self.end_block();
        }
        self.sums
    }
}

/// As a seal has them: eight hex digits a block.
pub(super) fn to_text(sums: &[u32]) -> String {
    sums.iter().map(|sum| format!("{sum:08x}")).collect()
}

/// The byte ranges of the blocks that are not as sealed, those side by side joined.
///
/// Of a file that became shorter or longer only what was sealed and is still there is compared.
pub(super) fn altered(
    path: &Path,
    block: u64,
    sealed_size: u64,
    sealed: &str,
) -> io::Result<Vec<Range<u64>>> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut blocks = Blocks::of(block);
    let mut input = file.take(sealed_size);
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => blocks.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let mut ranges: Vec<Range<u64>> = Vec::new();
    let (sealed_sums, _) = sealed.as_bytes().as_chunks::<8>();
    for (number, (found, sealed)) in (0..).zip(blocks.finish().into_iter().zip(sealed_sums)) {
        let start = number * block;
        let end = (start + block).min(sealed_size);
        // The block at which the file was cut off differs for that alone.
        if end > size || format!("{found:08x}").as_bytes() == sealed {
            continue;
        }
        match ranges.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => ranges.push(start..end),
        }
    }
    Ok(ranges)
}
