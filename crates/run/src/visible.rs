//! Text from a record, a file or a name, made fit for a line: what could forge a line of its own, drive a terminal, or
//! hide or reorder the text around it, is escaped. Everything else stays as it is.

use std::fmt::{self, Write};

/// Shows a value on one line, with harmful characters as `\n`, `\u{1b}` and the like. It is for what people read: data
/// stay as they were recorded.
#[derive(Clone, Copy, Debug)]
pub struct Visible<T>(pub T);

impl<T: fmt::Display> fmt::Display for Visible<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = fmt::from_fn(|f| write!(Escaping(f), "{}", self.0));
        if f.width().is_some() || f.precision().is_some() {
            return f.pad(&shown.to_string());
        }
        write!(f, "{shown}")
    }
}

/// Passes text on, escaped.
struct Escaping<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut clean = 0;
        for (at, char) in text.char_indices().filter(|(_, char)| is_harmful(*char)) {
            self.0.write_str(&text[clean..at])?;
            write!(self.0, "{}", char.escape_default())?;
            clean = at + char.len_utf8();
        }
        self.0.write_str(&text[clean..])
    }
}

/// Control characters (ASCII, DEL and the C1 set, which holds another escape introducer), line and paragraph
/// separators, and what reorders or hides the text around it.
pub fn is_harmful(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_harmful_is_escaped_and_the_rest_stays() {
        let shown = |text: &str| Visible(text).to_string();
        assert_eq!(shown("\x1b[2Jgone\r\nnew"), r"\u{1b}[2Jgone\r\nnew");
        assert_eq!(shown("\u{9b}31m\u{7f}\u{202e}"), r"\u{9b}31m\u{7f}\u{202e}");
        assert_eq!(shown("\u{2028}\u{feff}"), r"\u{2028}\u{feff}");
        assert_eq!(
            shown("[a|b] \\ caf\u{e9} \u{4ef7}"),
            "[a|b] \\ caf\u{e9} \u{4ef7}"
        );
        assert_eq!(shown(&shown("a\nb")), r"a\nb", "what is visible stays so");
    }

    #[test]
    fn a_column_is_as_wide_as_what_it_shows() {
        assert_eq!(format!("{:<6}|", Visible("a\nb")), r"a\nb  |");
        assert_eq!(format!("{:>4.1}|", Visible(1.25)), "   1|", "it is cut as text");
    }
}
