//! Source text: what stands after a secret's name in a signature, an assignment or a stack trace.
//!
//! Invariant: looks at the first bytes only, and never at text in quotes.

/// No name in front of a call or a member is longer.
const NAME_BYTES: usize = 64;

/// Starts of expressions that read a secret from somewhere.
const READS: [&[u8]; 8] = [
    b"self.",
    b"os.environ",
    b"process.env",
    b"env::",
    b"settings.",
    b"config.",
    b"ctx.",
    b"request.",
];

/// Types that a secret's field may have.
const TYPES: [&[u8]; 14] = [
    b"&str",
    b"&'",
    b"&mut ",
    b"&[u8",
    b"&String",
    b"Option<",
    b"Optional[",
    b"Vec<",
    b"Box<",
    b"Arc<",
    b"Cow<",
    b"impl ",
    b"Secret<",
    b"Result<",
];

/// Whether the text is code and no value.
pub(super) fn starts(text: &[u8]) -> bool {
    TYPES.iter().any(|name| text.starts_with(name))
        || READS.iter().any(|read| text.starts_with(read))
        || is_call(text)
}

/// `get_token(...)`, `crate::secrets::read(...)`, `next_token()`.
fn is_call(text: &[u8]) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'.' | b':');
    let name = text
        .iter()
        .take(NAME_BYTES)
        .take_while(|byte| is_name(byte))
        .count();
    name > 2 && text.get(name) == Some(&b'(')
}
