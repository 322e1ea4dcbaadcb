//! Where a key before a separator and a value after it begin and end.
//!
//! Invariant: spans lie on ASCII bytes or on the ends of the text, so they are character boundaries; and what is
//! taken for a value is rather too long than too short, since its rest would stay readable.

/// No key is longer.
const KEY_BYTES: usize = 64;

/// How many blanks there are at the start of `text`.
pub(super) fn skip_blanks(text: &[u8]) -> usize {
    text.iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count()
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'$')
}

/// The key that ends before `separator`.
#[derive(Clone, Copy, Debug)]
pub(super) struct KeySpan {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quoted: bool,
}

impl KeySpan {
    /// Looks back over blanks, the first halves of `!=`, brackets and a closing quote.
    pub(super) fn before(bytes: &[u8], separator: usize) -> Option<Self> {
        let mut end = separator;
        if end > 0 && is_key_byte(bytes[end - 1]) {
            return Self::ending_at(bytes, end, false);
        }
        end -= bytes[..end]
            .iter()
            .rev()
            .take(4)
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'!'))
            .count();
        if bytes[..end].ends_with(b"]") {
            let inside = bytes[..end - 1]
                .iter()
                .rev()
                .take(4)
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            if bytes[..end - 1 - inside].ends_with(b"[") {
                end -= inside + 2;
            }
        }
        let closing = bytes[..end]
            .iter()
            .rev()
            .take(6)
            .take_while(|byte| matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b']'));
        let closing = closing.count();
        end -= closing;
        Self::ending_at(bytes, end, closing > 0)
    }

    fn ending_at(bytes: &[u8], end: usize, quoted: bool) -> Option<Self> {
        let earliest = end.saturating_sub(KEY_BYTES);
        let mut start = end;
        while start > earliest && is_key_byte(bytes[start - 1]) {
            start -= 1;
        }
        (end - start > 1).then_some(Self { start, end, quoted })
    }

    /// The key with the word before it: `api key: ...`.
    pub(super) fn with_word_before(self, bytes: &[u8]) -> Option<Self> {
        let before = bytes[..self.start].strip_suffix(b" ")?;
        let len = before
            .iter()
            .rev()
            .take(KEY_BYTES)
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        (len > 1 && !self.quoted).then_some(Self {
            start: before.len() - len,
            ..self
        })
    }

    pub(super) fn text(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start..self.end]
    }
}

/// The value that follows a separator.
#[derive(Clone, Copy, Debug)]
pub(super) struct ValueSpan {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quoted: bool,
}

impl ValueSpan {
    /// Where a value starts after `separator`, the rest of `:=` or `=>`, and blanks.
    pub(super) fn start_after(bytes: &[u8], separator: usize) -> usize {
        let mut start = separator + 1;
        start += bytes[start..]
            .iter()
            .take(3)
            .take_while(|byte| matches!(byte, b'=' | b':' | b'>'))
            .count();
        start += skip_blanks(&bytes[start..]);
        start + before_quote(&bytes[start..])
    }

    /// The value that starts at `start`, in quotes or brackets or bare.
    pub(super) fn at(bytes: &[u8], start: usize, key_quoted: bool) -> Option<Self> {
        match bytes.get(start)? {
            b'[' if !bytes[start..].starts_with(crate::mask::OPEN.as_bytes()) => {
                Some(bracketed(bytes, start, b'[', b']'))
            }
            b'{' if key_quoted => Some(bracketed(bytes, start, b'{', b'}')),
            b'{' | b'\r' | b'\n' => None,
            _ => Some(quoted(bytes, start).unwrap_or_else(|| bare_at(bytes, start))),
        }
    }

    pub(super) fn text(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start..self.end]
    }
}

/// What stands between a separator and a quote: `@`, `b`, `Some(`, nothing.
fn before_quote(text: &[u8]) -> usize {
    let name = text
        .iter()
        .take(24)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'@'))
        .count();
    let opening = usize::from(text.get(name) == Some(&b'('));
    let fits = name <= 2 || opening == 1;
    let slashes = text[name + opening..]
        .iter()
        .take(8)
        .take_while(|byte| **byte == b'\\')
        .count();
    if fits && matches!(text.get(name + opening + slashes), Some(b'"' | b'\'')) {
        name + opening
    } else {
        0
    }
}

/// A value in quotes, which may themselves be escaped (`\"`), up to the same quote or the end of the text.
pub(super) fn quoted(bytes: &[u8], start: usize) -> Option<ValueSpan> {
    let slashes = bytes[start..]
        .iter()
        .take(8)
        .take_while(|byte| **byte == b'\\')
        .count();
    let quote = *bytes
        .get(start + slashes)
        .filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
    let from = start + slashes + 1;
    let mut before = 0;
    for (at, byte) in bytes.iter().enumerate().skip(from) {
        if *byte == quote
            && (before == slashes || (slashes == 0 && before % 2 == 0) || (slashes > 0 && before < slashes))
        {
            return Some(ValueSpan {
                start: from,
                end: at - before.min(slashes),
                quoted: true,
            });
        }
        before = if *byte == b'\\' { before + 1 } else { 0 };
    }
    Some(ValueSpan {
        start: from,
        end: bytes.len(),
        quoted: true,
    })
}

/// A list or an object: all of it, up to the bracket that closes it or the end of the text.
fn bracketed(bytes: &[u8], start: usize, open: u8, close: u8) -> ValueSpan {
    let mut depth = 0usize;
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        if *byte == open {
            depth += 1;
        } else if *byte == close {
            depth -= 1;
            if depth == 0 {
                return ValueSpan {
                    start: start + 1,
                    end: at,
                    quoted: true,
                };
            }
        }
    }
    ValueSpan {
        start: start + 1,
        end: bytes.len(),
        quoted: true,
    }
}

/// A value without quotes, up to a blank, a quote, `&` or a mark after which another pair or nothing comes.
pub(super) fn bare_at(bytes: &[u8], start: usize) -> ValueSpan {
    let mut end = start;
    while let Some(byte) = bytes.get(end) {
        let stops = match byte {
            b'"' | b'\'' | b'`' | b'&' | b'<' => true,
            b'\\' => matches!(
                bytes.get(end + 1),
                Some(b'n' | b'r' | b't' | b'"' | b'\'' | b'\\')
            ),
            b',' | b';' => ends_pair(&bytes[end + 1..]),
            byte => byte.is_ascii_whitespace() || byte.is_ascii_control(),
        };
        if stops {
            break;
        }
        end += 1;
    }
    ValueSpan {
        start,
        end: start + without_closers(&bytes[start..end]),
        quoted: false,
    }
}

/// Whether a `,` or `;` before `rest` ends a value: at the end, before a blank or a quote, or before another key.
fn ends_pair(rest: &[u8]) -> bool {
    let key = rest
        .iter()
        .take(KEY_BYTES)
        .take_while(|byte| is_key_byte(**byte))
        .count();
    match rest.get(key) {
        None => key == 0,
        Some(b'=' | b':') => true,
        Some(byte) => {
            key == 0
                && (byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'\\' | b'}' | b')' | b']'))
        }
    }
}

/// The length without the brackets at the end that were opened before the value.
fn without_closers(value: &[u8]) -> usize {
    let mut end = value.len();
    // A few are enough, and keep the cost linear.
    while end > 0 && value.len() - end < 8 {
        let open = match value[end - 1] {
            b')' => b'(',
            b']' => b'[',
            b'}' => b'{',
            b',' | b';' => {
                end -= 1;
                continue;
            }
            _ => break,
        };
        let count = |byte: u8| value[..end].iter().filter(|other| **other == byte).count();
        if count(open) >= count(value[end - 1]) {
            break;
        }
        end -= 1;
    }
    end
}

/// Up to the end of the line, for headers whose whole rest is secret.
pub(super) fn line_end(bytes: &[u8], start: usize) -> usize {
    let stop = |byte: &u8| matches!(byte, b'\r' | b'\n' | b'"');
    bytes[start..]
        .iter()
        .position(stop)
        .map_or(bytes.len(), |len| start + len)
}
