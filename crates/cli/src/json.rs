//! JSON that is safe to look at: besides what JSON demands, every character that could drive a terminal is
//! written as `\uXXXX`. To a JSON reader it is the same document.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use crate::visible::is_harmful;

/// Writes a value on one line, without the line break.
pub(crate) fn write(out: &mut impl Write, value: &impl Serialize) -> serde_json::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Harmless))
}

/// Writes a value as one line.
pub(crate) fn write_line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    write(out, value)?;
    out.write_all(b"\n")
}

struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let mut clean = 0;
        // ASCII controls come to `write_char_escape`, but for DEL.
        for (at, char) in fragment.char_indices().filter(|(_, char)| is_harmful(*char)) {
            out.write_all(&fragment.as_bytes()[clean..at])?;
            // All harmful characters lie within the first plane.
            write!(out, "\\u{:04x}", u32::from(char))?;
            clean = at + char.len_utf8();
        }
        out.write_all(&fragment.as_bytes()[clean..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_harmless_and_means_the_same() {
        let text = "a\x1b[2J\u{7f}\u{9b}31m\u{202e}\"\\\u{e9}";
        let mut out = Vec::new();
        write(&mut out, &text).unwrap();
        let written = String::from_utf8(out).unwrap();
        assert!(!written.contains(is_harmful), "{written:?}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
