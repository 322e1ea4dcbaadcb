//! Every example of a secret in every place of a span, an event and a log record, and then a look at every byte.

use std::path::Path;

use telensic_redact::corpus::{Example, secrets};
use tracing::field::Empty;
use tracing::{error, info, info_span};

use crate::support::{Dir, child, is_child, read, succeed};

fn examples() -> Vec<Example> {
    secrets(1)
}

fn assert_clean(dir: &Path, examples: &[Example]) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_clean(&path, examples);
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let windows: std::collections::HashSet<&[u8]> = bytes.windows(8).collect();
        for example in examples.iter().filter(|example| example.secret.len() >= 8) {
            let secret = example.secret.as_bytes();
            let may_be_there = windows.contains(&secret[..8]);
            let is_there = may_be_there && bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!is_there, "{} holds {example:?}", path.display());
        }
    }
}

#[test]
fn secrets_are_masked_wherever_they_are_said() {
    let dir = Dir::new();
    succeed(&mut child(
        &dir,
        "no_secret_of_a_field_is_recorded::tells_all_secrets",
    ));
    let examples = examples();
    assert!(examples.len() > 100);
    assert_clean(dir.path(), &examples);
    let read = read(dir.path());
    assert_eq!(read.named("keyed").len(), examples.len());
    for span in read.named("keyed") {
        for key in ["password", "late.api_key"] {
            assert!(
                span.get(key).unwrap().text().starts_with("[REDACTED"),
                "{span:#?}"
            );
        }
    }
    assert_eq!(read.logs.len(), examples.len() * 4);
}

#[test]
#[ignore = "the child of the test above"]
fn tells_all_secrets() {
    if !is_child() {
        return;
    }
    let guard = telensic::init("secrets");
    telensic::setup_logging().unwrap();
    for example in &examples() {
        let (text, secret) = (example.text.as_str(), example.secret.as_str());
        let error = std::io::Error::other(text);
        let error: &(dyn std::error::Error + 'static) = &error;
        let span = info_span!(
            "keyed",
            password = secret,
            note = text,
            late.api_key = Empty,
            late.note = Empty
        );
        span.record("late.api_key", secret);
        span.record("late.note", tracing::field::debug(text));
        let _entered = span.enter();
        drop(info_span!(
            "renamed",
            otel.name = text,
            otel.status_message = text,
            error
        ));
        info!(token = secret, note = %text, shown = ?text, "said {text}");
        error!(error, "failed");
        log::info!(secret = secret, note = text; "said {text}");
        log::warn!(target: "plain", "{text}");
    }
    assert!(telensic::flush(std::time::Duration::from_secs(60)));
    drop(guard);
}
