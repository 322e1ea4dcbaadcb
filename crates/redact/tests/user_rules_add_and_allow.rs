//! A user's rules: more secret names and patterns, and what is never masked.

use telensic_redact::{ErrorKind, KeyClass, Kind, Redactor, RedactorBuilder};

fn builder() -> RedactorBuilder {
    Redactor::builder().mask_key([5; 32])
}

#[test]
fn a_secret_name_counts_in_keys_and_in_pairs() {
    let redactor = builder()
        .secret_key_name("desk-code")
        .secret_key_pattern("(?i)^internal\\.")
        .build()
        .unwrap();
    assert!(redactor.has_key_rules() && !Redactor::default().has_key_rules());
    assert_eq!(redactor.key_class("DeskCode"), KeyClass::Secret);
    assert_eq!(redactor.key_class("internal.id"), KeyClass::Secret);
    assert_eq!(redactor.key_class("symbol"), KeyClass::Plain);
    let text = redactor.text(KeyClass::Plain, "opened desk_code=alpha7 ok");
    assert!(
        text.starts_with("opened desk_code=[REDACTED:") && text.ends_with("] ok"),
        "{text}"
    );
}

#[test]
fn a_value_pattern_masks_its_first_group() {
    let redactor = builder()
        .value_pattern("acct#(\\d{6})")
        .value_pattern("zz\\d")
        .build()
        .unwrap();
    let text = redactor.text(KeyClass::Plain, "from acct#123456 zz7");
    assert!(
        text.starts_with("from acct#[REDACTED:") && !text.contains("123456") && !text.contains("zz7"),
        "{text}"
    );
    assert_eq!(redactor.counts().of(Kind::UserRule), 2);
    assert!(
        redactor.text(KeyClass::Plain, "zz7").starts_with("[REDACTED:"),
        "short values too"
    );
}

#[test]
fn a_pattern_that_matches_masks_ends_in_one_mask() {
    let redactor = builder().value_pattern("[A-Z]+").build().unwrap();
    let once = redactor.text(KeyClass::Plain, "an ABC").into_owned();
    assert!(!once.contains("ABC"));
}

#[test]
fn what_is_allowed_is_not_masked() {
    let redactor = builder()
        .allow_key_name("token")
        .allow_value_pattern("demo-[a-z0-9]+")
        .build()
        .unwrap();
    assert_eq!(redactor.key_class("token"), KeyClass::Plain);
    assert_eq!(
        redactor.text(KeyClass::Plain, "token=abc123def456"),
        "token=abc123def456"
    );
    assert_eq!(redactor.text(KeyClass::Secret, "demo-123"), "demo-123");
    assert_eq!(
        redactor.text(KeyClass::Plain, "password=demo-123 x"),
        "password=demo-123 x"
    );
    assert_ne!(redactor.text(KeyClass::Secret, "demo-123!"), "demo-123!");
}

#[test]
fn a_wrong_rule_is_an_error_of_one_line() {
    let bad = [
        (builder().value_pattern("a(b"), ErrorKind::Pattern, "a(b"),
        (
            builder().secret_key_pattern("x*"),
            ErrorKind::MatchesNothing,
            "x*",
        ),
        (builder().secret_key_name("--"), ErrorKind::Name, "--"),
    ];
    for (builder, kind, rule) in bad {
        let error = builder.build().unwrap_err();
        let text = error.to_string();
        assert_eq!(error.kind(), kind, "{text}");
        assert!(
            text.contains(rule) && !text.contains('\n') && text.starts_with("invalid redaction rule: "),
            "{text}"
        );
    }
}
