//! Tables for a terminal and for Markdown. Invariant: all rows have as many cells as the first, the headings.

use std::fmt::Write as _;

/// Aligned for a terminal, indented: the first column to the left, figures to the right.
pub fn aligned(rows: &[Vec<String>]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let mut text = String::new();
    for row in rows {
        let _ = write!(text, "  {:<width$}", row[0], width = width(0));
        for (column, figure) in row.iter().enumerate().skip(1) {
            let _ = write!(text, "  {figure:>width$}", width = width(column));
        }
        text.push('\n');
    }
    text
}

/// As Markdown.
pub fn markdown(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        let _ = writeln!(text, "| {} |", row.join(" | "));
        if index == 0 {
            let _ = writeln!(text, "|---|{}", "---:|".repeat(row.len() - 1));
        }
    }
    text
}
