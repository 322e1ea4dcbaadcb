//! Whether the chunks of a tape are those that were sealed, in the cells in which they were.

use std::collections::HashSet;

use super::Finding;
use super::entry::TapeFacts;
use super::tape_cells::TapeCells;

/// What was left out, put in or moved; at most `most` of each.
pub(super) fn differences(file: &str, sealed: &TapeFacts, found: &TapeCells, most: usize) -> Vec<Finding> {
    let before: Vec<u64> = sealed.chunks.iter().map(|chunk| chunk.number).collect();
    let now: Vec<u64> = {
        let mut seen = HashSet::new();
        let numbers = found.chunks.iter().map(|chunk| chunk.number);
        numbers.filter(|number| seen.insert(*number)).collect()
    };
    let before_set: HashSet<u64> = before.iter().copied().collect();
    let now_set: HashSet<u64> = now.iter().copied().collect();

    let missing = before.iter().filter(|number| !now_set.contains(number));
    let added = now.iter().filter(|number| !before_set.contains(number));
    let mut findings: Vec<Finding> = missing
        .take(most)
        .map(|chunk| Finding::ChunkMissing {
            file: file.to_owned(),
            chunk: *chunk,
        })
        .collect();
    findings.extend(added.take(most).map(|chunk| Finding::ChunkAdded {
        file: file.to_owned(),
        chunk: *chunk,
    }));
    let kept = before.iter().filter(|number| now_set.contains(number));
    let left = now.iter().filter(|number| before_set.contains(number));
    let moved = kept.zip(left).filter(|(sealed, found)| sealed != found);
    findings.extend(moved.take(most).map(|(sealed, found)| Finding::ChunkMoved {
        file: file.to_owned(),
        chunk: *found,
        place_of: *sealed,
    }));
    findings
}
