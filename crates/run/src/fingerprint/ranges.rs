//! Runs of rows, as fingerprints are compared by them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Rows from `start` up to but without `end`, counted from 0; a header is no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowRange {
    /// The first row.
    pub start: u64,
    /// The first row that is not in it.
    pub end: u64,
}

/// Adds a range behind the others; one that begins where the last ends prolongs it.
pub(crate) fn push_range(ranges: &mut Vec<RowRange>, range: RowRange) {
    match ranges.last_mut() {
        Some(last) if last.end == range.start => last.end = range.end,
        _ => ranges.push(range),
    }
}

impl fmt::Display for RowRange {
    /// `40,000-40,999`: first and last.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.end.saturating_sub(1).max(self.start);
        if last == self.start {
            return f.write_str(&grouped(last));
        }
        write!(f, "{}-{}", grouped(self.start), grouped(last))
    }
}

/// The number with its thousands parted by commas.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_one_range_and_numbers_are_grouped() {
        let mut ranges = Vec::new();
        for start in [40_000, 41_000, 43_000] {
            push_range(
                &mut ranges,
                RowRange {
                    start,
                    end: start + 1000,
                },
            );
        }
        let text: Vec<String> = ranges.iter().map(RowRange::to_string).collect();
        assert_eq!(text, ["40,000-41,999", "43,000-43,999"]);
        assert_eq!(
            RowRange {
                start: 1_234_567,
                end: 1_234_568
            }
            .to_string(),
            "1,234,567"
        );
    }
}
