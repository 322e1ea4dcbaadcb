//! A line with its topic, and how much of a list is shown.

use std::io::{self, Write};

use telensic_run::Visible;

use crate::screen::{FAINT, Screen};

/// So many of a list are shown; the rest is counted.
pub(super) const MOST: usize = 10;
/// So many characters tell a hash from others.
pub(super) const HASH: usize = 12;

pub(super) fn line(screen: &mut Screen, topic: &str, text: &str) -> io::Result<()> {
    let topic = screen.paint(FAINT, format!("{topic:<10}"));
    writeln!(screen, "  {topic}  {}", Visible(text))
}

pub(super) fn rest(screen: &mut Screen, total: usize) -> io::Result<()> {
    match total.saturating_sub(MOST) {
        0 => Ok(()),
        more => line(screen, "", &format!("and {more} more")),
    }
}
