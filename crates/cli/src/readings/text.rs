//! A reading's own text on the screen, made harmless line by line.

use std::fmt::Display;
use std::io::{self, Write};

use crate::exit::Outcome;
use crate::screen::{BAD, GOOD, Screen};
use telensic_run::Visible;

/// Shows a reading as it is.
pub(crate) fn say(screen: &mut Screen, reading: &impl Display) -> io::Result<()> {
    for line in reading.to_string().lines() {
        writeln!(screen, "{}", Visible(line))?;
    }
    Ok(())
}

/// Shows a reading that begins with its verdict, `same: ...`, which gets the colour of the outcome.
pub(crate) fn verdict(screen: &mut Screen, outcome: Outcome, reading: &impl Display) -> io::Result<()> {
    let text = reading.to_string();
    let style = if outcome == Outcome::Fine { GOOD } else { BAD };
    let end = text.find([':', ',']).unwrap_or_default();
    let (word, rest) = text.split_at(end);
    let word = screen.paint(style, Visible(word));
    write!(screen, "{word}")?;
    say(screen, &rest)
}
