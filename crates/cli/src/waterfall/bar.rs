//! The bar of a span: where in the whole it lies, to an eighth of a character.

/// The part of the whole that a span takes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    /// Where the whole begins.
    pub(super) from: u64,
    /// Where it ends.
    pub(super) to: u64,
}

impl Extent {
    /// Draws what lies between these two times in so many characters.
    pub(super) fn draw(self, start: u64, end: u64, width: usize) -> String {
        const EIGHTHS: [char; 9] = [
            ' ', '\u{258f}', '\u{258e}', '\u{258d}', '\u{258c}', '\u{258b}', '\u{258a}', '\u{2589}',
            '\u{2588}',
        ];
        let total = u128::from(self.to.saturating_sub(self.from).max(1));
        let eighths = (width * 8) as u128;
        let place =
            |time: u64| (u128::from(time.saturating_sub(self.from)) * eighths / total).min(eighths) as usize;
        let first = place(start) / 8;
        // Whatever took time is seen: an eighth at the least.
        let last = place(end).max(first * 8 + 1).min(width * 8);
        let mut bar = String::with_capacity(width * 3);
        for cell in 0..width {
            let filled = last.saturating_sub(cell * 8).min(8);
            bar.push(if cell < first { ' ' } else { EIGHTHS[filled] });
        }
        bar
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_lies_where_its_span_does_and_is_as_wide_as_asked() {
        let whole = Extent {
            from: 1_000,
            to: 1_800,
        };
        assert_eq!(whole.draw(1_000, 1_800, 8), "\u{2588}".repeat(8));
        assert_eq!(
            whole.draw(1_400, 1_600, 8),
            format!("    {}  ", "\u{2588}".repeat(2))
        );
        assert_eq!(whole.draw(1_200, 1_250, 8), "  \u{258c}     ", "half a cell");
        assert_eq!(whole.draw(1_300, 1_300, 8), "   \u{258f}    ", "a moment is seen");
        for (start, end) in [(0, 1), (5_000, 6_000), (1_800, 1_800), (1_799, u64::MAX)] {
            assert_eq!(whole.draw(start, end, 8).chars().count(), 8, "{start} {end}");
        }
        assert_eq!(Extent { from: 5, to: 5 }.draw(5, 5, 4).chars().count(), 4);
    }
}
