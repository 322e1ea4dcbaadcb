//! Every example of the corpus is masked wherever it stands, and nothing readable is left of it.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use telensic_redact::corpus::{self, Example};
use telensic_redact::{KeyClass, Redactor};

fn redactor() -> Redactor {
    Redactor::builder().mask_key([7; 32]).build().unwrap()
}

/// The text alone, in a sentence, in JSON and in a URL's query.
fn settings(example: &Example) -> Vec<(&'static str, String)> {
    let text = &example.text;
    let escaped = text
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n");
    let mut settings = vec![
        ("alone", text.clone()),
        (
            "sentence",
            format!("Request by caf\u{e9} 7 failed with {text} after 3 tries, giving up"),
        ),
        (
            "json",
            format!("{{\"n\": 1, \"note\": \"{escaped}\", \"ok\": true}}"),
        ),
        ("lines", format!("first line\n{text}\nlast line")),
    ];
    if example.alone {
        settings.push(("query", format!("https://example.com/a/b?x={text}&n=1")));
        settings.push(("equals", format!("v={text}")));
        settings.push(("quoted", format!("got '{text}'.")));
        settings.push(("path", format!("https://example.com/v1/{text}")));
        settings.push(("escaped line", format!("first\\n{text}\\nlast")));
        settings.push(("encoded", format!("x%3D{text}%26")));
    }
    settings
}

/// Eight readable bytes of the secret that are still there; a mask's own label does not count.
fn survives(masked: &str, secret: &str) -> Option<String> {
    let readable = masked
        .split("[REDACTED:")
        .map(|part| part.split_once(']').map_or(part, |(_, rest)| rest));
    let readable: Vec<_> = masked
        .split("[REDACTED:")
        .take(1)
        .chain(readable.skip(1))
        .collect();
    let windows = secret
        .as_bytes()
        .windows(8)
        .map(|window| String::from_utf8_lossy(window).into_owned());
    windows
        .into_iter()
        .find(|window| readable.iter().any(|text| text.contains(window.as_str())))
}

fn one_a_rule(missed: &[String]) -> String {
    let mut lines = missed.to_vec();
    lines.dedup_by_key(|line| line.split(' ').next().map(str::to_owned));
    lines.join("\n")
}

#[test]
fn nothing_of_a_secret_survives_in_any_setting() {
    let redactor = redactor();
    let mut tried = 0;
    let mut missed = Vec::new();
    for example in corpus::secrets(20) {
        for (setting, text) in settings(&example) {
            tried += 1;
            let masked = redactor.text(KeyClass::Plain, &text);
            if let Some(rest) = survives(&masked, &example.secret) {
                missed.push(format!(
                    "{} {setting}: {rest:?} of {text:?} -> {masked:?}",
                    example.rule
                ));
            }
            let again = redactor.text(KeyClass::Plain, &masked);
            assert_eq!(again, masked, "masking {text:?} twice");
        }
    }
    println!("{tried} texts from {} rows", corpus::rows());
    let names: std::collections::BTreeSet<_> =
        missed.iter().filter_map(|line| line.split(':').next()).collect();
    assert!(
        missed.is_empty(),
        "{} of {tried} missed\n{names:#?}\n{}",
        missed.len(),
        one_a_rule(&missed)
    );
}

#[test]
fn the_first_look_never_passes_what_the_full_scan_masks() {
    let redactor = redactor();
    for example in corpus::secrets(20) {
        for (setting, text) in settings(&example) {
            let quick = redactor.text(KeyClass::Plain, &text);
            let full = redactor.text_by_full_scan(KeyClass::Plain, &text);
            assert_eq!(quick, full, "{} {setting}", example.rule);
        }
    }
}
