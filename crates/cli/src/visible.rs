//! Text from elsewhere, made fit for a terminal: what could drive it, or forge a line, is escaped.

use std::fmt::{self, Write};

/// Shows text on one line, with harmful characters as `\n`, `\u{1b}` and the like.
pub(crate) struct Visible<'a>(pub(crate) &'a str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut clean = 0;
        for (at, char) in self.0.char_indices().filter(|(_, char)| is_harmful(*char)) {
            f.write_str(&self.0[clean..at])?;
            for escape in char.escape_default() {
                f.write_char(escape)?;
            }
            clean = at + char.len_utf8();
        }
        f.write_str(&self.0[clean..])
    }
}

/// Control characters (ASCII, DEL and the C1 set, which holds another escape introducer), line and paragraph
/// separators, and what changes the direction of the text that follows.
pub(crate) fn is_harmful(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_drives_a_terminal_is_escaped_and_the_rest_stays() {
        let shown = |text: &str| Visible(text).to_string();
        assert_eq!(shown("\x1b[2Jgone\r\nnew"), r"\u{1b}[2Jgone\r\nnew");
        assert_eq!(shown("\u{9b}31m\u{7f}\u{202e}"), r"\u{9b}31m\u{7f}\u{202e}");
        assert_eq!(shown("caf\u{e9} \u{4ef7}"), "caf\u{e9} \u{4ef7}");
    }
}
