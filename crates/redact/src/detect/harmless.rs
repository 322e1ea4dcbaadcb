//! Values that are no secret even after a secret's name: placeholders, words about the secret, existing masks.
//!
//! Invariant: nothing here depends on how long the text around the value is.

/// Words that say something about a secret instead of being one.
const WORDS: [&str; 78] = [
    "true",
    "false",
    "null",
    "none",
    "nil",
    "undefined",
    "empty",
    "yes",
    "no",
    "on",
    "off",
    "required",
    "invalid",
    "missing",
    "incorrect",
    "expired",
    "wrong",
    "ok",
    "valid",
    "not",
    "is",
    "was",
    "must",
    "should",
    "cannot",
    "failed",
    "unknown",
    "unset",
    "set",
    "present",
    "provided",
    "changed",
    "updated",
    "reset",
    "denied",
    "rejected",
    "accepted",
    "redacted",
    "filtered",
    "hidden",
    "masked",
    "removed",
    "str",
    "string",
    "bytes",
    "bool",
    "int",
    "any",
    "optional",
    "secretstr",
    "secretstring",
    "text",
    "varchar",
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "changeme",
    "optional[str]",
    "option<string>",
    "granted",
    "refreshed",
    "revoked",
    "the",
    "a",
    "default",
    "self",
    "see",
    "and",
    "or",
    "for",
    "in",
    "to",
    "of",
    "with",
    "by",
];

/// Whether the value after `key` is no secret.
pub(super) fn is_harmless(key: &[u8], value: &[u8], quoted: bool) -> bool {
    if value.is_empty() || crate::mask::mask_at_start(value) == Some(value.len()) {
        return true;
    }
    // The words are short, so the comparison ends after a bounded number of bytes.
    let word = value
        .strip_suffix(b".")
        .or(value.strip_suffix(b"!"))
        .unwrap_or(value);
    if WORDS
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
    {
        return true;
    }
    is_directory(key, value)
        || is_filler(value)
        || is_placeholder(value)
        || (!quoted && is_plain_word(key, value))
}

/// The shell's `PWD=/home/user`.
fn is_directory(key: &[u8], value: &[u8]) -> bool {
    matches!(key, b"PWD" | b"OLDPWD") && value.starts_with(b"/")
}

/// `***`, `xxxx`, `...`, and small numbers.
fn is_filler(value: &[u8]) -> bool {
    let one_mark = value.iter().all(|byte| *byte == value[0]) && !value[0].is_ascii_digit();
    let small = value.len() <= 2 && value.iter().all(u8::is_ascii_digit);
    (one_mark && (value.len() > 2 || !value[0].is_ascii_alphanumeric())) || small || is_only_marks(value)
}

fn is_only_marks(value: &[u8]) -> bool {
    value.len() <= 32 && value.is_ascii() && !value.iter().any(u8::is_ascii_alphanumeric)
}

/// `${NAME}`, `{{ name }}`, `<name>`, `%s`, `%(name)s`, `{name}`, `$NAME`, `$1`.
fn is_placeholder(value: &[u8]) -> bool {
    if value.len() > 64 {
        return false;
    }
    let name = |inside: &[u8]| {
        inside
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_.- :{}!?".contains(byte))
    };
    match value {
        [b'$', b'{', inside @ .., b'}'] | [b'{', b'{', inside @ .., b'}', b'}'] => name(inside),
        [b'$', b'(', inside @ .., b')'] | [b'{', inside @ .., b'}'] | [b'<', inside @ .., b'>'] => {
            name(inside)
        }
        [b'%', b'(', inside @ .., b')', b's'] => name(inside),
        [b'%', b's' | b'd' | b'v' | b'r'] | [b'?'] => true,
        [b'$', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => true,
        [b'$', inside @ ..] => {
            inside.len() > 2
                && inside
                    .iter()
                    .all(|byte| byte.is_ascii_uppercase() || *byte == b'_')
        }
        _ => false,
    }
}

/// After names that are also ordinary nouns, a short word of letters in one case: `token: identifier`, `token=USDT`.
fn is_plain_word(key: &[u8], value: &[u8]) -> bool {
    let noun = [
        &b"token"[..],
        b"bearer",
        b"cookie",
        b"cookies",
        b"credentials",
        b"credential",
        b"authorization",
        b"secrets",
    ];
    let is_noun = noun.iter().any(|noun| ends_with(key, noun));
    let lower = value.iter().all(u8::is_ascii_lowercase);
    let upper = value.iter().all(u8::is_ascii_uppercase);
    is_noun && value.len() < 12 && (lower || upper)
}

fn ends_with(key: &[u8], noun: &[u8]) -> bool {
    key.len() >= noun.len() && key[key.len() - noun.len()..].eq_ignore_ascii_case(noun)
}
