//! Appending JSON to a buffer, straight from OTLP views.
//!
//! Invariant: every function appends one complete JSON value, valid UTF-8, without a raw line break, whatever it is
//! given. What JSON has no form for is a string: `"NaN"`, `"Infinity"`, `"-Infinity"`, bytes as base64, and in place
//! of what cannot be shown `"[too deep]"` or `"[malformed]"`. Of two equal keys in one map the first is kept.

use telensic_tape::otlp::AnyView;

use super::key_set::KeySet;

/// How many lists and maps may lie in each other.
const MAX_DEPTH: usize = 32;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends a quoted string.
pub(crate) fn put_str(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    put_escaped(out, text.as_bytes());
    out.push(b'"');
}

/// Appends a quoted string, or `null`.
pub(crate) fn put_str_or_null(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        Some(text) => put_str(out, text),
        None => put_null(out),
    }
}

pub(super) fn put_null(out: &mut Vec<u8>) {
    out.extend_from_slice(b"null");
}

pub(crate) fn put_int(out: &mut Vec<u8>, int: impl itoa::Integer) {
    out.extend_from_slice(itoa::Buffer::new().format(int).as_bytes());
}

/// Appends an integer, or `null`.
pub(super) fn put_int_or_null(out: &mut Vec<u8>, int: Option<i64>) {
    match int {
        Some(int) => put_int(out, int),
        None => put_null(out),
    }
}

/// Appends a number, or what it is called that JSON has no form for.
pub(crate) fn put_float(out: &mut Vec<u8>, float: f64) {
    if float.is_finite() {
        out.extend_from_slice(ryu::Buffer::new().format_finite(float).as_bytes());
    } else if float.is_nan() {
        out.extend_from_slice(b"\"NaN\"");
    } else if float > 0.0 {
        out.extend_from_slice(b"\"Infinity\"");
    } else {
        out.extend_from_slice(b"\"-Infinity\"");
    }
}

/// Appends a value of any kind.
pub(super) fn put_any(out: &mut Vec<u8>, value: &AnyView<'_>) {
    put_nested(out, value, MAX_DEPTH);
}

/// Appends a value of any kind as a string: text as it is, the rest as the text of its JSON.
pub(super) fn put_as_text(out: &mut Vec<u8>, value: &AnyView<'_>) {
    if let Some(text) = value.as_str() {
        return put_str(out, text);
    }
    let mut json = Vec::new();
    put_any(&mut json, value);
    if json.first() == Some(&b'"') {
        out.extend_from_slice(&json);
    } else {
        out.push(b'"');
        put_escaped(out, &json);
        out.push(b'"');
    }
}

fn put_nested(out: &mut Vec<u8>, value: &AnyView<'_>, depth_left: usize) {
    match value {
        AnyView::Empty => put_null(out),
        AnyView::Str(text) => put_str(out, text),
        AnyView::Bool(truth) => out.extend_from_slice(if *truth { b"true" } else { b"false" }),
        AnyView::I64(int) => put_int(out, *int),
        AnyView::F64(float) => put_float(out, *float),
        AnyView::Bytes(bytes) => put_base64(out, bytes),
        AnyView::Array(_) | AnyView::KeyValues(_) if depth_left == 0 => put_str(out, "[too deep]"),
        AnyView::Array(items) => {
            out.push(b'[');
            let mut comma = Comma::default();
            for item in items.clone() {
                comma.put(out);
                match item.and_then(AnyView::parse) {
                    Ok(item) => put_nested(out, &item, depth_left - 1),
                    Err(_) => put_str(out, "[malformed]"),
                }
            }
            out.push(b']');
        }
        AnyView::KeyValues(pairs) => {
            out.push(b'{');
            let mut keys = KeySet::new();
            let mut comma = Comma::default();
            let mut malformed = 0u64;
            for pair in pairs.clone() {
                match pair {
                    Ok(pair) if keys.insert(pair.key) => {
                        comma.put(out);
                        put_str(out, pair.key);
                        out.push(b':');
                        put_nested(out, &pair.value, depth_left - 1);
                    }
                    Ok(_) => {}
                    Err(_) => malformed += 1,
                }
            }
            if malformed > 0 && keys.insert("[malformed]") {
                comma.put(out);
                out.extend_from_slice(b"\"[malformed]\":");
                put_int(out, malformed);
            }
            out.push(b'}');
        }
    }
}

/// The commas between the members of a list or map.
#[derive(Default)]
pub(super) struct Comma {
    due: bool,
}

impl Comma {
    /// For an object that has members already.
    pub(super) fn due() -> Self {
        Self { due: true }
    }

    pub(super) fn put(&mut self, out: &mut Vec<u8>) {
        if self.due {
            out.push(b',');
        }
        self.due = true;
    }
}

/// Appends UTF-8 bytes with what a JSON string may not hold escaped.
fn put_escaped(out: &mut Vec<u8>, mut bytes: &[u8]) {
    loop {
        let (clean, rest) = bytes.split_at(clean_len(bytes));
        out.extend_from_slice(clean);
        let Some((special, after)) = rest.split_first() else {
            return;
        };
        match special {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            other => {
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(other >> 4)]);
                out.push(HEX[usize::from(other & 15)]);
            }
        }
        bytes = after;
    }
}

/// How many bytes at the front need no escape; looked at in words of eight, as most text needs none at all.
fn clean_len(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    let below = |word: u64, bound: u8| word.wrapping_sub(ONES * u64::from(bound)) & !word;
    let equal = |word: u64, byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    let (words, tail) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // A borrow can only spoil bytes after the first hit, so the lowest set bit is exact.
        let hits = (below(word, b' ') | equal(word, b'"') | equal(word, b'\\')) & HIGH;
        if hits != 0 {
            return index * 8 + hits.trailing_zeros() as usize / 8;
        }
    }
    let special = |byte: &u8| *byte < b' ' || *byte == b'"' || *byte == b'\\';
    words.len() * 8 + tail.iter().position(special).unwrap_or(tail.len())
}

/// Appends bytes as a quoted base64 string (standard alphabet, padded).
fn put_base64(out: &mut Vec<u8>, bytes: &[u8]) {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |group: u32, shift: u32| ALPHABET[(group >> shift) as usize & 63];
    out.reserve(bytes.len() / 3 * 4 + 6);
    out.push(b'"');
    let (triples, tail) = bytes.as_chunks::<3>();
    for [a, b, c] in triples {
        let group = u32::from_be_bytes([0, *a, *b, *c]);
        out.extend_from_slice(&[
            digit(group, 18),
            digit(group, 12),
            digit(group, 6),
            digit(group, 0),
        ]);
    }
    match *tail {
        [a] => {
            let group = u32::from_be_bytes([0, a, 0, 0]);
            out.extend_from_slice(&[digit(group, 18), digit(group, 12), b'=', b'=']);
        }
        [a, b] => {
            let group = u32::from_be_bytes([0, a, b, 0]);
            out.extend_from_slice(&[digit(group, 18), digit(group, 12), digit(group, 6), b'=']);
        }
        _ => {}
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn json(value: &AnyView<'_>) -> String {
        let mut out = Vec::new();
        put_any(&mut out, value);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn bytes_are_base64() {
        for (bytes, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(json(&AnyView::Bytes(bytes.as_bytes())), format!("\"{expected}\""));
        }
    }

    #[test]
    fn floats_that_json_lacks_are_strings() {
        assert_eq!(json(&AnyView::F64(f64::NAN)), "\"NaN\"");
        assert_eq!(json(&AnyView::F64(f64::INFINITY)), "\"Infinity\"");
        assert_eq!(json(&AnyView::F64(f64::NEG_INFINITY)), "\"-Infinity\"");
        assert_eq!(json(&AnyView::F64(1.0)), "1.0");
        assert_eq!(json(&AnyView::F64(-0.0)), "-0.0");
        assert_eq!(json(&AnyView::F64(1e300)), "1e300");
    }

    proptest! {
        #[test]
        fn any_text_comes_back_as_it_was(text in "(?s).{0,40}|[\\x00-\\x7f\"\\\\]{0,40}") {
            let read: String = serde_json::from_str(&json(&AnyView::Str(&text))).unwrap();
            prop_assert_eq!(read, text);
        }

        #[test]
        fn any_finite_float_comes_back_as_it_was(bits: u64) {
            let float = f64::from_bits(bits);
            prop_assume!(float.is_finite());
            let read: f64 = json(&AnyView::F64(float)).parse().unwrap();
            prop_assert_eq!(read.to_bits(), bits);
        }
    }
}
