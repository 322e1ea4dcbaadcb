//! A text without the parts that this execution alone gave it: the digits of masks, and ports that the system drew.
//!
//! Masks are keyed by the process that wrote them, so two runs mask one secret differently. A port of the loopback interface
//! in the range that systems draw from is another in every run; every other port is a setting, and is compared.

use std::borrow::Cow;

use super::volatile::FIRST_DRAWN;

/// What a mask begins with.
const MASK: &str = "[REDACTED:";
/// What a port of the loopback interface stands behind.
const LOOPBACK: [&str; 3] = ["127.0.0.1:", "localhost:", "[::1]:"];

/// `[REDACTED:jwt:0123abcd]` becomes `[REDACTED:jwt]`, and `http://127.0.0.1:43121/v1` becomes `http://127.0.0.1:/v1`.
pub(super) fn settled(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    if text.contains(MASK) {
        text = Cow::Owned(without_mask_digits(&text));
    }
    for host in LOOPBACK {
        if text.contains(host) {
            text = Cow::Owned(without_drawn_ports(&text, host));
        }
    }
    text
}

fn without_mask_digits(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(MASK) {
        let (before, mask) = rest.split_at(start + MASK.len());
        out.push_str(before);
        let end = mask.find(']').unwrap_or(mask.len());
        // Of a mask without a kind the digits are all there is.
        if let Some((kind, _)) = mask[..end].split_once(':') {
            out.push_str(kind);
        }
        rest = &mask[end..];
    }
    out.push_str(rest);
    out
}

fn without_drawn_ports(text: &str, host: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(host) {
        let (before, behind) = rest.split_at(start + host.len());
        out.push_str(before);
        let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
        let is_drawn = behind[..digits]
            .parse()
            .is_ok_and(|port: u16| port >= FIRST_DRAWN);
        rest = if is_drawn { &behind[digits..] } else { behind };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_of_one_kind_are_equal_whatever_their_digits() {
        assert_eq!(
            settled("a [REDACTED:jwt:0123abcd] b [REDACTED:url:89abcdef]"),
            "a [REDACTED:jwt] b [REDACTED:url]"
        );
        assert_eq!(settled("[REDACTED:jwt:01"), "[REDACTED:jwt");
        assert_eq!(settled("[REDACTED:0123abcd]"), settled("[REDACTED:89abcdef]"));
        assert_eq!(settled("plain"), "plain");
    }

    #[test]
    fn ports_that_the_system_drew_are_equal_and_others_are_not() {
        let of = |host: &str, port: u32| settled(&format!("http://{host}:{port}/v1?x={port}")).into_owned();
        assert_eq!(of("127.0.0.1", 43_121), "http://127.0.0.1:/v1?x=43121");
        for host in ["localhost", "[::1]"] {
            assert_eq!(
                settled(&format!("{host}:40000")),
                settled(&format!("{host}:50000"))
            );
        }
        assert_ne!(settled("127.0.0.1:8080"), settled("127.0.0.1:9090"));
        assert_ne!(settled("10.0.0.1:40000"), settled("10.0.0.1:50000"));
        assert_eq!(settled("127.0.0.1:"), "127.0.0.1:");
        assert_eq!(settled("127.0.0.1:99999"), "127.0.0.1:99999");
    }
}
