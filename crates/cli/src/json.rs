//! JSON that is safe to look at: besides what JSON demands, every character that could drive a terminal is
//! written as `\uXXXX`. To a JSON reader it is the same document.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use telensic_run::is_harmful;

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
        // ASCII controls come to `write_char_escape`, but for DEL.
        escape(out, fragment)
    }
}

/// Writes a part of a JSON document. Only texts can hold harmful characters; line breaks between values are none.
fn escape<W: ?Sized + Write>(out: &mut W, part: &str) -> io::Result<()> {
    let mut clean = 0;
    for (at, char) in part.char_indices() {
        if char == '\n' || !is_harmful(char) {
            continue;
        }
        out.write_all(&part.as_bytes()[clean..at])?;
        // All harmful characters lie within the first plane.
        write!(out, "\\u{:04x}", u32::from(char))?;
        clean = at + char.len_utf8();
    }
    out.write_all(&part.as_bytes()[clean..])
}

/// Passes on JSON that is written elsewhere, made harmless on the way.
pub(crate) struct Escaping<'w, W> {
    out: &'w mut W,
    /// The beginning of a character of which the rest is still to come.
    cut: Vec<u8>,
}

impl<'w, W: Write> Escaping<'w, W> {
    /// Passes on to this.
    pub(crate) fn new(out: &'w mut W) -> Self {
        Self { out, cut: Vec::new() }
    }
}

impl<W: Write> Write for Escaping<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.cut.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.cut) {
            Ok(all) => all,
            Err(error) if error.error_len().is_some() => {
                return Err(io::Error::new(io::ErrorKind::InvalidData, error));
            }
            // It was found valid so far.
            Err(error) => std::str::from_utf8(&self.cut[..error.valid_up_to()]).unwrap_or_default(),
        };
        escape(self.out, whole)?;
        self.cut.drain(..whole.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
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

    #[test]
    fn so_is_what_is_passed_on_wherever_it_is_cut() {
        let text = "[\n\"a\u{9b}31m\u{202e}\u{1f4c8}\"\n]\n";
        for at in 0..=text.len() {
            let mut out = Vec::new();
            let mut escaping = Escaping::new(&mut out);
            escaping.write_all(&text.as_bytes()[..at]).unwrap();
            escaping.write_all(&text.as_bytes()[at..]).unwrap();
            let written = String::from_utf8(out).unwrap();
            assert_eq!(written, "[\n\"a\\u009b31m\\u202e\u{1f4c8}\"\n]\n", "cut at {at}");
        }
    }
}
