//! Which chunks of a tape have been sent, and how far.
//!
//! Chunks are numbered from 1 as they are begun; threads fill several at once. So a position is a set of finished chunks,
//! kept as ranges, and for the few that are still filled how many bytes of their body are sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What of a tape was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Positions {
    /// Finished chunks: first and last number of each range, in order.
    done: Vec<(u64, u64)>,
    /// Sent bytes of the bodies of others.
    partial: BTreeMap<u64, u64>,
}

impl Positions {
    /// Whether nothing of this chunk is left to send.
    pub(super) fn is_done(&self, chunk: u64) -> bool {
        let after = self.done.partition_point(|(first, _)| *first <= chunk);
        after > 0 && chunk <= self.done[after - 1].1
    }

    /// How many bytes of its body were sent.
    pub(super) fn sent(&self, chunk: u64) -> u64 {
        self.partial.get(&chunk).copied().unwrap_or(0)
    }

    /// Notes that a body was sent up to here.
    pub(super) fn advance(&mut self, chunk: u64, to: u64) {
        self.partial.insert(chunk, to);
    }

    /// Notes that a chunk is finished.
    pub(super) fn finish(&mut self, chunk: u64) {
        self.partial.remove(&chunk);
        if self.is_done(chunk) {
            return;
        }
        let after = self.done.partition_point(|(first, _)| *first <= chunk);
        let joins_before = after > 0 && self.done[after - 1].1 + 1 == chunk;
        let joins_after = self.done.get(after).is_some_and(|(first, _)| chunk + 1 == *first);
        match (joins_before, joins_after) {
            (true, true) => {
                self.done[after - 1].1 = self.done[after].1;
                self.done.remove(after);
            }
            (true, false) => self.done[after - 1].1 = chunk,
            (false, true) => self.done[after].0 = chunk,
            (false, false) => self.done.insert(after, (chunk, chunk)),
        }
    }

    /// Forgets of chunks before this one which were sent: they are gone.
    pub(super) fn forget_before(&mut self, chunk: u64) {
        self.partial = self.partial.split_off(&chunk);
        if chunk > 1 {
            self.done.retain(|(_, last)| *last >= chunk);
            match self.done.first_mut() {
                Some((first, _)) if *first <= chunk => *first = 1,
                _ => self.done.insert(0, (1, chunk - 1)),
            }
        }
    }

    /// How many ranges there are.
    pub(super) fn ranges(&self) -> usize {
        self.done.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_join_whatever_the_order() {
        let mut positions = Positions::default();
        for chunk in [3, 1, 9, 2, 8, 5, 1, 4] {
            positions.finish(chunk);
        }
        assert_eq!(positions.done, [(1, 5), (8, 9)]);
        assert!(
            positions.is_done(4) && !positions.is_done(6) && positions.is_done(8) && !positions.is_done(10)
        );
    }

    #[test]
    fn a_chunk_that_was_sent_in_part_is_finished_once() {
        let mut positions = Positions::default();
        positions.advance(2, 100);
        assert_eq!((positions.sent(2), positions.sent(3)), (100, 0));
        positions.finish(2);
        assert!(positions.is_done(2));
        assert!(positions.partial.is_empty());
    }

    #[test]
    fn what_is_gone_is_one_range() {
        let mut positions = Positions::default();
        [2, 4, 6, 9].into_iter().for_each(|chunk| positions.finish(chunk));
        positions.advance(3, 7);
        positions.forget_before(6);
        assert_eq!(positions.done, [(1, 6), (9, 9)]);
        positions.forget_before(8);
        assert_eq!(positions.done, [(1, 7), (9, 9)]);
        assert_eq!(positions.sent(3), 0);
    }
}
