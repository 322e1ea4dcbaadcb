//! What stands in the place of a secret, an array or a table.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use telensic_redact::{KeyClass, Kind, Redactor, fingerprint, fingerprint_bytes};

fn with_key(byte: u8) -> Redactor {
    Redactor::builder().mask_key([byte; 32]).build().unwrap()
}

#[test]
fn equal_secrets_get_equal_masks_under_one_key_only() {
    let mask = |redactor: &Redactor, secret: &str| redactor.text(KeyClass::Secret, secret).into_owned();
    assert_eq!(mask(&with_key(1), "hunter2"), mask(&with_key(1), "hunter2"));
    assert_ne!(mask(&with_key(1), "hunter2"), mask(&with_key(1), "hunter3"));
    assert_ne!(mask(&with_key(1), "hunter2"), mask(&with_key(2), "hunter2"));
    assert_ne!(
        mask(&Redactor::default(), "hunter2"),
        mask(&Redactor::default(), "hunter2")
    );
}

#[test]
fn a_secret_has_the_same_digits_wherever_it_was_found() {
    let redactor = with_key(1);
    let digits = |text: &str| text[text.len() - 9..text.len() - 1].to_owned();
    let named = redactor.text(KeyClass::Secret, "hunter2hunter2").into_owned();
    let pair = redactor
        .text(KeyClass::Plain, "password=hunter2hunter2")
        .into_owned();
    assert_eq!(digits(&named), digits(&pair));
    assert_eq!(redactor.mask_of(b"hunter2hunter2"), named);
}

#[test]
fn only_the_secret_part_goes() {
    let redactor = with_key(1);
    let masked = |text: &str| {
        let masked = redactor.text(KeyClass::Plain, text).into_owned();
        let (before, rest) = masked.split_once("[REDACTED:").unwrap();
        let (_, after) = rest.split_once(']').unwrap();
        format!("{before}#{after}")
    };
    assert_eq!(
        masked("postgres://user:pass@host/db"),
        "postgres://user:#@host/db"
    );
    assert_eq!(masked("Authorization: Bearer xyz"), "Authorization: Bearer #");
    assert_eq!(masked("a=1 password=hunter2 b=2"), "a=1 password=# b=2");
    assert_eq!(
        masked("{\"api_key\":\"abc\",\"n\":1}"),
        "{\"api_key\":\"#\",\"n\":1}"
    );
    assert_eq!(
        masked("https://h/p?a=1&api_key=abc&b=2"),
        "https://h/p?a=1&api_key=#&b=2"
    );
    assert_eq!(masked("Cookie: a=b; c=d\nHost: h"), "Cookie: #\nHost: h");
    assert_eq!(masked("password=a;b,c d"), "password=# d");
    assert_eq!(
        masked("Server=h;Pwd=x;y;Encrypt=yes"),
        "Server=h;Pwd=#;Encrypt=yes"
    );
    let pem = "-----BEGIN EC PRIVATE KEY-----\nabc\n-----END EC PRIVATE KEY-----";
    assert_eq!(
        masked(pem),
        "-----BEGIN EC PRIVATE KEY-----#-----END EC PRIVATE KEY-----"
    );
}

#[test]
fn empty_and_masked_values_stay_as_they_are() {
    let redactor = with_key(1);
    for value in ["", "[REDACTED:0a1b2c3d]", "[REDACTED:github:0a1b2c3d]"] {
        assert_eq!(redactor.text(KeyClass::Secret, value), value);
        assert_eq!(
            redactor.bytes(KeyClass::Secret, value.as_bytes()),
            value.as_bytes()
        );
    }
    assert_eq!(redactor.counts().total(), 0);
}

#[test]
fn telling_keys_mask_what_looks_random_and_nothing_else() {
    let redactor = with_key(1);
    let kept = [
        "binance-spot",
        "https://example.com/a?b=1",
        "550e8400-e29b-41d4-a716-446655440000",
        "/etc/app/config_v2_2024.toml",
    ];
    for value in kept {
        assert_eq!(redactor.text(KeyClass::Telling, value), value);
    }
    assert!(
        redactor
            .text(KeyClass::Telling, "c1q8v2iad3i9k7f0s5g0x2")
            .starts_with("[REDACTED:")
    );
    assert_eq!(redactor.counts().of(Kind::HighEntropy), 1);
}

#[test]
fn fingerprints_name_type_size_and_contents() {
    let floats = fingerprint(&[1.0; 1000]);
    assert!(
        floats.starts_with("[ARRAY f64 n=1000 blake3:")
            && floats.len() == "[ARRAY f64 n=1000 blake3:]".len() + 16
    );
    let bytes: Vec<u8> = std::iter::repeat_n(1.0f64.to_le_bytes(), 1000)
        .flatten()
        .collect();
    assert_eq!(
        floats,
        fingerprint_bytes("ARRAY f64", 1000, &bytes),
        "the elements' little-endian bytes are hashed"
    );
    assert_ne!(fingerprint(&["ab", "c"]), fingerprint(&["a", "bc"]));
    assert_eq!(fingerprint(&["ab".to_owned()]), fingerprint(&["ab"]));
    assert_ne!(fingerprint(&[1i64, 2]), fingerprint(&[2i64, 1]));
    assert!(fingerprint(&[true]).starts_with("[ARRAY bool n=1 "));
    let long = "x".repeat(10_000);
    assert_ne!(
        fingerprint(&[long.as_str(), "a"]),
        fingerprint(&[long.as_str(), "b"])
    );
}

#[test]
fn a_hostile_text_costs_time_in_proportion_to_its_length() {
    let redactor = with_key(1);
    let patterns = [
        "key=",
        "key='",
        "key=[",
        "secret: {",
        "://",
        "--token=f(",
        "password",
        "\"\\",
        "-----BEGIN ",
        "eyJ",
        "a:@tcp",
        "<a>",
        "AKIA",
        "_sk-",
        "name=\"",
        "token=f(",
        "key=\"password\" ",
        "secret=[!",
        "Bearer ",
        "=",
        ":",
        ")))",
        "password=)",
        "a/",
    ];
    for pattern in patterns {
        let time = |count: usize| {
            let text = pattern.repeat(count);
            let start = std::time::Instant::now();
            let _ = redactor.text(KeyClass::Plain, &text);
            start.elapsed()
        };
        // A quadratic scan of texts of this length would take minutes.
        assert!(time(50_000).as_secs() < 10, "{pattern:?}");
    }
}
