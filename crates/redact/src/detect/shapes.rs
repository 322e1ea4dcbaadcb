//! Keys without a prefix that are known by their build: lengths, dots, a byte in the middle.
//!
//! Invariant: each shape has an anchor that ordinary text lacks, so none of them searches.

use super::Hit;
use super::runs::Run;
use crate::counts::Kind;
use crate::first_look::SHORTEST_SHAPE;

fn provider(start: usize, end: usize, label: &'static str) -> Option<Hit> {
    Some(Hit {
        start,
        end,
        kind: Kind::Provider,
        label,
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// A key that starts at `start` and ends where the run does.
pub(super) fn at_end_of(run: Run<'_>, start: usize) -> Option<Hit> {
    let text = run
        .bytes
        .get(start..run.end)
        .filter(|text| text.len() >= SHORTEST_SHAPE)?;
    discord(text)
        .or_else(|| terraform(text))
        .or_else(|| mailchimp(text))
        .or_else(|| maxmind(text))
        .and_then(|label| provider(start, run.end, label))
}

/// `M...{24,26}.{6}.{27,38}`: three parts, the first opening with M, N or O.
fn discord(text: &[u8]) -> Option<&'static str> {
    if !matches!(text.first(), Some(b'M' | b'N' | b'O')) || !matches!(text.len(), 59..=75) {
        return None;
    }
    let mut parts = text.split(|byte| *byte == b'.');
    let lengths = [parts.next()?, parts.next()?, parts.next()?].map(<[u8]>::len);
    let fits = matches!(lengths, [24..=28, 6, 27..=38]) && parts.next().is_none();
    (fits && text.iter().all(|byte| is_word(*byte) || *byte == b'.')).then_some("discord")
}

/// `{14}.atlasv1.{60,70}`.
fn terraform(text: &[u8]) -> Option<&'static str> {
    let after = text.get(14..)?.strip_prefix(b".atlasv1.")?;
    matches!(after.len(), 60..=70).then_some("terraform")
}

/// 32 hexadecimal digits, `-us` and the number of a data centre.
fn mailchimp(text: &[u8]) -> Option<&'static str> {
    let (digits, center) = text.split_at_checked(32)?;
    let number = center.strip_prefix(b"-us")?;
    let fits = matches!(number.len(), 1..=2) && number.iter().all(u8::is_ascii_digit);
    (fits
        && digits
            .iter()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
    .then_some("mailchimp")
}

/// `{6}_{29}_mmk`.
fn maxmind(text: &[u8]) -> Option<&'static str> {
    let body = text.strip_suffix(b"_mmk")?;
    (body.len() == 36 && body[6] == b'_').then_some("maxmind")
}

/// `access_token$production$...$` and the key.
pub(super) fn braintree(run: Run<'_>) -> Option<Hit> {
    let before = run.bytes[..run.start].strip_suffix(b"$")?;
    let from = before.len().saturating_sub(48);
    let opens = before[from..]
        .windows(13)
        .any(|window| window == b"access_token$");
    opens.then(|| provider(run.start, run.end, "paypal")).flatten()
}

/// A Telegram bot: the number before the colon, `A` and 34 more after it.
pub(super) fn telegram(bytes: &[u8], colon: usize) -> Option<Hit> {
    if bytes.get(colon + 1) != Some(&b'A') {
        return None;
    }
    let digits = bytes[..colon]
        .iter()
        .rev()
        .take(17)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let body = bytes[colon + 1..]
        .iter()
        .take(36)
        .take_while(|byte| is_word(**byte))
        .count();
    (matches!(digits, 5..=16) && body == 35)
        .then(|| provider(colon - digits, colon + 1 + body, "telegram"))
        .flatten()
}

/// Keys that are built around a tilde: Azure client secrets (`...nQ~...`) and OpenShift tokens (`sha256~...`).
pub(super) fn at_tilde(bytes: &[u8], tilde: usize) -> Option<Hit> {
    let before = &bytes[..tilde];
    let after = &bytes[tilde + 1..];
    if before.ends_with(b"sha256") {
        let body = after.iter().take(44).take_while(|byte| is_word(**byte)).count();
        return (body == 43)
            .then(|| provider(tilde - 6, tilde + 1 + body, "openshift"))
            .flatten();
    }
    let [.., a, b, c, digit, b'Q'] = before else {
        return None;
    };
    let is_azure = |byte: &u8| is_word(*byte) || matches!(byte, b'~' | b'.');
    let body = after.iter().take(36).take_while(|byte| is_azure(byte)).count();
    let fits = digit.is_ascii_digit() && [a, b, c].into_iter().all(is_azure) && matches!(body, 31..=34);
    fits.then(|| provider(tilde - 5, tilde + 1 + body, "azure"))
        .flatten()
}
