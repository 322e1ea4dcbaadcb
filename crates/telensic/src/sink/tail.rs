//! The end of a log file that another process may have left in the middle of a line.
//!
//! Called under the file's lock, so what looks torn is torn. What lies before the last line break is never touched.
//! Of the rest, the beginning of one of our lines is cut off, as it will never be a valid one, and so are the zeros
//! that a power cut can leave. All else (a whole object that only lacks its line break, or something that is not
//! ours) gets a line break.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

const BLOCK: u64 = 64 << 10;

/// A longer tail is none of ours, and not read as a whole.
const LONGEST_TAIL: u64 = 64 << 20;

/// Makes a file of `len` bytes end in a whole line; returns its length then, and how many bytes were cut off.
pub(super) fn close_torn_line(file: &File, len: u64) -> io::Result<(u64, u64)> {
    let start = last_line_start(file, len)?;
    if start == len {
        return Ok((len, 0));
    }
    if len - start <= LONGEST_TAIL && is_torn(&read(file, start, len)?) {
        file.set_len(start)?;
        return Ok((start, len - start));
    }
    let mut file = file;
    file.write_all(b"\n")?;
    Ok((len + 1, 0))
}

/// Where the bytes after the last line break begin.
fn last_line_start(file: &File, len: u64) -> io::Result<u64> {
    if len == 0 || read(file, len - 1, len)? == b"\n" {
        return Ok(len);
    }
    let mut end = len;
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        let block = read(file, start, end)?;
        if let Some(at) = block.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

fn read(mut file: &File, start: u64, end: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(end - start).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether these are zeros, or the beginning of an object that does not end.
fn is_torn(tail: &[u8]) -> bool {
    if tail.iter().all(|byte| *byte == 0) {
        return true;
    }
    if tail.first() != Some(&b'{') {
        return false;
    }
    let (mut depth, mut in_text, mut escaped) = (0usize, false, false);
    for byte in tail {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    in_text || depth > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_real_beginning_of_a_line_is_torn_and_the_whole_line_is_not() {
        let line = br#"{"msg":"a \"}\" \\","context":{"list":[1,{"x":null}]},"exception":null}"#;
        for cut in 1..line.len() {
            assert!(is_torn(&line[..cut]), "{cut}");
        }
        assert!(!is_torn(line));
        assert!(is_torn(&[0; 9]));
        assert!(!is_torn(b"a stranger's words"));
    }
}
