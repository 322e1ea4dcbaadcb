//! Lines that wait to be written, in one buffer.
//!
//! Invariant: after [`Lines::end_round`] the bytes lie in the order in which they are to be written: rounds one
//! after the other, and within a round by time; equal times keep the order they came in.

use std::ops::Range;

use telensic_tape::UnixNanos;

/// A buffer that grew beyond this in one round gives its memory back.
const KEPT_CAPACITY: usize = 4 << 20;

#[derive(Default)]
pub(super) struct Lines {
    text: Vec<u8>,
    lines: Vec<Line>,
    round_start: usize,
    in_order: bool,
    scratch: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Line {
    time: UnixNanos,
    bytes: Range<usize>,
}

impl Lines {
    /// Adds the line that `write` appends, without its line break, to the round.
    pub(super) fn push(&mut self, time: UnixNanos, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.text.len();
        write(&mut self.text);
        self.text.push(b'\n');
        let before = self.lines.get(self.round_start..).and_then(<[Line]>::last);
        self.in_order = before.is_none_or(|before| self.in_order && before.time <= time);
        self.lines.push(Line {
            time,
            bytes: start..self.text.len(),
        });
    }

    /// Sorts the round's lines by time, and begins the next round.
    pub(super) fn end_round(&mut self) {
        let round = self.lines.get_mut(self.round_start..).unwrap_or_default();
        if let Some(first) = round.first()
            && !self.in_order
        {
            let round_at = first.bytes.start;
            round.sort_by_key(|line| line.time);
            self.scratch.clear();
            for line in round {
                let start = round_at + self.scratch.len();
                self.scratch.extend_from_slice(&self.text[line.bytes.clone()]);
                line.bytes = start..round_at + self.scratch.len();
            }
            self.text.truncate(round_at);
            self.text.extend_from_slice(&self.scratch);
            self.scratch.shrink_to(KEPT_CAPACITY);
        }
        self.round_start = self.lines.len();
    }

    pub(super) fn count(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// How many lines from number `first` on take no more than `room` bytes together.
    pub(super) fn fitting(&self, first: usize, room: u64) -> usize {
        let Some(rest) = self.lines.get(first..) else {
            return 0;
        };
        let start = rest.first().map_or(0, |line| line.bytes.start);
        rest.partition_point(|line| (line.bytes.end - start) as u64 <= room)
    }

    /// The text of some lines.
    pub(super) fn text(&self, lines: Range<usize>) -> &[u8] {
        match self.lines.get(lines) {
            Some([first, .., last]) => &self.text[first.bytes.start..last.bytes.end],
            Some([only]) => &self.text[only.bytes.clone()],
            _ => &[],
        }
    }

    /// Forgets the first `count` lines.
    pub(super) fn drop_first(&mut self, count: usize) {
        match self.lines.get(count).map(|line| line.bytes.start) {
            None => {
                self.text.clear();
                self.lines.clear();
                self.round_start = 0;
                self.text.shrink_to(KEPT_CAPACITY);
            }
            Some(cut) => {
                self.text.drain(..cut);
                self.lines.drain(..count);
                self.round_start = self.round_start.saturating_sub(count);
                for line in &mut self.lines {
                    line.bytes = line.bytes.start - cut..line.bytes.end - cut;
                }
            }
        }
    }

    /// Forgets the oldest lines that take at least `excess` bytes together, and returns how many they were.
    pub(super) fn drop_oldest(&mut self, excess: usize) -> u64 {
        let count = (self.lines.partition_point(|line| line.bytes.end < excess) + 1).min(self.lines.len());
        self.drop_first(count);
        count as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(lines: &mut Lines, time: u64, text: &str) {
        lines.push(UnixNanos(time), |out| out.extend_from_slice(text.as_bytes()));
    }

    fn all(lines: &Lines) -> &str {
        std::str::from_utf8(lines.text(0..lines.count())).unwrap()
    }

    #[test]
    fn a_round_is_sorted_by_time_and_equal_times_keep_their_order() {
        let mut lines = Lines::default();
        push(&mut lines, 9, "nine");
        lines.end_round();
        for (time, text) in [(3, "c"), (1, "a"), (2, "b1"), (2, "b2"), (1, "a2")] {
            push(&mut lines, time, text);
        }
        lines.end_round();
        assert_eq!(all(&lines), "nine\na\na2\nb1\nb2\nc\n");
    }

    #[test]
    fn lines_leave_from_the_front_alone() {
        let mut lines = Lines::default();
        for (time, text) in [(2, "bb"), (1, "a"), (3, "ccc")] {
            push(&mut lines, time, text);
        }
        lines.end_round();
        assert_eq!(
            [0, 1, 2, 4, 5, 9].map(|room| lines.fitting(0, room)),
            [0, 0, 1, 1, 2, 3]
        );
        lines.drop_first(1);
        push(&mut lines, 0, "late");
        lines.end_round();
        assert_eq!(all(&lines), "bb\nccc\nlate\n");
        assert_eq!(lines.drop_oldest(4), 2);
        assert_eq!(all(&lines), "late\n");
        assert_eq!(lines.drop_oldest(100), 1);
        assert!(lines.is_empty() && lines.bytes() == 0);
    }
}
