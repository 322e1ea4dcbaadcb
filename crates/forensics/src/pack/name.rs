//! Names of a run's files as text, the same as in its seal, and back to paths that cannot leave the directory.

use std::ffi::OsStr;
use std::fmt::Write;
use std::path::{Component, Path, PathBuf};

/// A name as text from which it can be had again: `%XX` for `%` itself and for each byte that is no UTF-8.
pub(super) fn text(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_encoded_bytes().utf8_chunks() {
        text.push_str(&chunk.valid().replace('%', "%25"));
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

/// The path of this name within a directory; none if it would lead out of it or is not as a seal writes it.
pub(super) fn path(name: &str) -> Option<PathBuf> {
    let is_refused = |character: char| character == '\\' || character == ':' || character == '\0';
    if name.contains(is_refused) {
        return None;
    }
    let mut path = PathBuf::new();
    for part in name.split('/') {
        let part = decode(part)?;
        let is_plain = matches!(
            Path::new(&part).components().collect::<Vec<_>>()[..],
            [Component::Normal(only)] if only == part
        );
        if !is_plain {
            return None;
        }
        path.push(part);
    }
    Some(path)
}

#[cfg(unix)]
fn decode(part: &str) -> Option<std::ffi::OsString> {
    use std::os::unix::ffi::OsStringExt;
    Some(std::ffi::OsString::from_vec(bytes(part)?))
}

#[cfg(not(unix))]
fn decode(part: &str) -> Option<std::ffi::OsString> {
    String::from_utf8(bytes(part)?).ok().map(Into::into)
}

fn bytes(part: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part;
    while let Some((plain, from)) = rest.split_once('%') {
        bytes.extend(plain.bytes());
        let digits = from
            .get(..2)
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = from.get(2..)?;
    }
    bytes.extend(rest.bytes());
    let has_refused = bytes.iter().any(|byte| matches!(byte, 0 | b'/' | b'\\' | b':'));
    (!has_refused).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_directory() {
        let hostile = [
            "",
            "/",
            "..",
            "../x",
            "a/../../x",
            "/etc/passwd",
            "a//b",
            "./a",
            "a/.",
            "a/",
            "..\\x",
            "C:\\x",
            "c:x",
            "%2e%2e/x",
            "a/%2E%2e",
            "%2Fetc",
            "a%00b",
            "a\0b",
            "%",
            "%4",
            "%zz",
            "%+1",
            "a/..%2fx",
        ];
        for name in hostile {
            assert_eq!(path(name), None, "{name:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn every_name_that_a_file_can_have_comes_back() {
        use std::os::unix::ffi::OsStrExt;
        for raw in [
            &b"run.json"[..],
            b"100%",
            b"\xff\xfe.tape",
            "\u{e9}t\u{e9} 1".as_bytes(),
            b"...",
            b"%2e",
        ] {
            let name = OsStr::from_bytes(raw);
            assert_eq!(path(&text(name)), Some(PathBuf::from(name)), "{name:?}");
        }
    }
}
