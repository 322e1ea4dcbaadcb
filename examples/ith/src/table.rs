//! The result, as people read it.

use std::io::{self, Write};

use crate::sleeve::Position;
use crate::stages::{Report, Selected, Selection};

/// Writes a line a sleeve, and what all came to.
pub fn write(out: &mut impl Write, selection: &Selection, report: &Report) -> io::Result<()> {
    writeln!(
        out,
        "{:<12} {:>8} {:>8} {:>12} {:>12} {:>9}",
        "sleeve", "position", "weight", "bull epochs", "bear epochs", "profit"
    )?;
    for Selected { sleeve, weight } in &selection.sleeves {
        let position = match sleeve.position {
            Some(Position::Bull) => "bull",
            Some(Position::Bear) => "bear",
            None => "-",
        };
        let profit = report.profits.iter().find(|(name, _)| *name == sleeve.name);
        let profit = profit.map_or_else(
            || "-".to_owned(),
            |(_, profit)| format!("{:+.2} %", profit * 100.0),
        );
        writeln!(
            out,
            "{:<12} {position:>8} {:>6.1} % {:>12} {:>12} {profit:>9}",
            sleeve.name,
            weight * 100.0,
            sleeve.bull_epochs,
            sleeve.bear_epochs
        )?;
    }
    writeln!(
        out,
        "profit {:+.2} %, output {}",
        report.total() * 100.0,
        selection.output_hash
    )
}
