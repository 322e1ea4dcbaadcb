//! What holds for every text, however it is put together.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::borrow::Cow;

use proptest::prelude::*;
use telensic_redact::{KeyClass, Redactor, corpus};

fn redactor() -> Redactor {
    Redactor::builder().mask_key([3; 32]).build().unwrap()
}

/// Pieces that detectors are anchored on, words, secrets and noise.
fn piece() -> impl Strategy<Value = String> {
    let anchors = prop::sample::select(vec![
        "=",
        ":",
        ": ",
        "://",
        "\"",
        "'",
        "\\\"",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "</",
        "--",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----END",
        "@",
        "~",
        "&",
        ",",
        ";",
        " ",
        "\n",
        "\\n",
        "%3D",
        "\\u003d",
        "password",
        "token",
        "api_key",
        "Authorization",
        "Cookie",
        "Bearer ",
        "Basic ",
        "key",
        "url",
        "name",
        "value",
        "[REDACTED:",
        "[REDACTED:0a1b2c3d]",
        "[REDACTED:jwt:0a1b2c3d]",
        "Some(",
        "${",
        "AKIA",
        "ghp_",
        "sk-",
        "eyJ",
        "-u ",
        "IDENTIFIED BY",
        "\u{e9}",
        "\u{1f511}",
        "$",
        "!",
        "*",
    ]);
    let examples: Vec<String> = corpus::secrets(1)
        .into_iter()
        .map(|example| example.text)
        .collect();
    prop_oneof![
        6 => anchors.prop_map(str::to_owned),
        2 => "[A-Za-z0-9_]{1,40}",
        1 => "\\PC{0,8}",
        1 => "[ -~]{0,24}",
        1 => prop::sample::select(examples),
        1 => prop::sample::select(corpus::ordinary_values()),
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat())
}

fn class() -> impl Strategy<Value = KeyClass> {
    prop::sample::select(vec![KeyClass::Plain, KeyClass::Telling, KeyClass::Secret])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn masking_twice_is_masking_once(class in class(), text in text()) {
        let redactor = redactor();
        let once = redactor.text(class, &text);
        let twice = redactor.text(class, &once);
        prop_assert_eq!(&once, &twice);
    }

    #[test]
    fn the_first_look_agrees_with_the_full_scan(class in class(), text in text()) {
        let redactor = redactor();
        prop_assert_eq!(redactor.text(class, &text), redactor.text_by_full_scan(class, &text));
    }

    #[test]
    fn any_text_at_all_is_handled(class in class(), text in any::<String>()) {
        let redactor = redactor();
        let masked = redactor.text(class, &text);
        prop_assert_eq!(&masked, &redactor.text_by_full_scan(class, &text));
        let bytes = redactor.bytes(class, text.as_bytes());
        prop_assert_eq!(bytes, Cow::from(masked.as_bytes()));
    }

    #[test]
    fn any_bytes_at_all_are_handled(class in class(), bytes in any::<Vec<u8>>()) {
        let redactor = redactor();
        let masked = redactor.bytes(class, &bytes).into_owned();
        prop_assert_eq!(redactor.bytes(class, &masked).into_owned(), masked);
    }

    #[test]
    fn a_secret_key_leaves_nothing(text in "[ -~]{1,60}") {
        let masked = redactor().text(KeyClass::Secret, &text).into_owned();
        prop_assert!(masked.starts_with("[REDACTED:") && masked.ends_with(']') && masked.len() == 19);
    }

    #[test]
    fn an_example_in_noise_is_masked(index in any::<prop::sample::Index>(), before in "[a-z ]{0,40} ", after in " [a-z ]{0,40}") {
        let examples = corpus::secrets(3);
        let example = index.get(&examples);
        let text = format!("{before}{}{after}", example.text);
        let redactor = redactor();
        let masked = redactor.text(KeyClass::Plain, &text);
        prop_assert!(!masked.contains(&example.secret), "{} {:?} -> {:?}", example.rule, text, masked);
        prop_assert_eq!(&masked, &redactor.text_by_full_scan(KeyClass::Plain, &text));
    }

    #[test]
    fn classing_a_key_never_fails(key in any::<String>()) {
        let _ = KeyClass::of(&key);
    }
}
