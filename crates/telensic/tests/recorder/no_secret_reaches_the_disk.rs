//! Every example of a secret, in every place that takes text, and then a look at every byte that was written.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use telensic::context::{Baggage, Context};
use telensic::{Builder, Severity, Status, Value, attach, event, log, span};
use telensic_redact::corpus::{Example, secrets};

use crate::support::{Dir, child, finish, is_child, read, succeed};

fn test(name: &str) -> String {
    format!("no_secret_reaches_the_disk::{name}")
}

fn examples() -> Vec<Example> {
    secrets(1)
}

/// A secret that stands in what was written, if any does.
fn leak<'a>(written: &[u8], examples: &'a [Example]) -> Option<&'a Example> {
    let mut at: std::collections::HashMap<&[u8], Vec<&Example>> = std::collections::HashMap::new();
    for example in examples.iter().filter(|example| example.secret.len() >= 8) {
        at.entry(&example.secret.as_bytes()[..8])
            .or_default()
            .push(example);
    }
    written.windows(8).enumerate().find_map(|(index, window)| {
        let candidates = at.get(window)?;
        candidates
            .iter()
            .find(|example| written[index..].starts_with(example.secret.as_bytes()))
            .copied()
    })
}

fn files_under(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path);
        }
    }
    files
}

fn assert_clean(dir: &Dir, said: &[u8]) {
    let examples = examples();
    let files = files_under(dir.path());
    assert!(!files.is_empty());
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let found = leak(&bytes, &examples);
        assert!(found.is_none(), "{} holds {found:?}", file.display());
    }
    let found = leak(said, &examples);
    assert!(found.is_none(), "the console shows {found:?}");
}

#[test]
fn the_search_itself_finds_a_secret() {
    let examples = examples();
    assert!(examples.len() > 100);
    let hidden = format!("before{}after", examples[40].text);
    assert!(leak(hidden.as_bytes(), &examples).is_some());
    assert!(leak(b"nothing of that kind", &examples).is_none());
}

#[test]
fn no_secret_is_in_any_file_nor_on_the_console() {
    for layout in ["telensic", "standard", "otel"] {
        let dir = Dir::new();
        let said = succeed(
            child(&dir, &test("tells_all_secrets"))
                .env("TELENSIC_LOG_LAYOUT", layout)
                .env("TELENSIC_CONSOLE", "true"),
        );
        assert_clean(&dir, said.as_bytes());
        // It was recorded: with masks where the secrets were.
        let read = read(dir.path());
        let records = read.spans.len() + read.logs.len();
        assert!(records >= examples().len() * 7, "{records}");
        let masks = read.spans.iter().flat_map(|span| &span.attributes);
        let masks: Vec<&str> = masks
            .filter(|(key, _)| key == "password")
            .map(|(_, value)| value.text())
            .collect();
        assert!(
            masks.iter().all(|mask| mask.starts_with("[REDACTED")),
            "{masks:?}"
        );
        assert!(said.contains("[REDACTED"));
        // Equal secrets are seen to be equal, different ones to be different.
        let distinct: HashSet<&str> = masks.iter().copied().collect();
        assert_eq!(masks.len(), distinct.len() * 2, "each was said twice");
    }
}

#[test]
fn no_secret_is_left_by_a_killed_process() {
    let dir = Dir::new();
    let output = finish(child(&dir, &test("tells_all_secrets")).env("THEN", "die"));
    assert!(!output.status.success());
    assert_clean(&dir, &output.stderr);
    assert_eq!(
        read(dir.path()).open().len(),
        examples().len(),
        "with the names of the spans that were open"
    );
}

#[test]
#[ignore = "the child of the tests above"]
fn tells_all_secrets() {
    if !is_child() {
        return;
    }
    let examples = examples();
    let mut builder = Builder::new(&examples[0].text)
        .version(&examples[1].text)
        .environment(&examples[2].text)
        .run_id(&examples[3].text);
    for (number, example) in examples.iter().take(60).enumerate() {
        builder = builder.resource_attribute(format!("resource.{number}"), &example.text);
    }
    let guard = builder.init();
    let mut open = Vec::new();
    for example in &examples {
        let (text, secret) = (example.text.as_str(), example.secret.as_str());
        let mut baggage = Baggage::new();
        baggage.insert("user", text);
        let _attached = attach(Context::new().with_baggage(baggage));
        open.push(span(text));
        for _ in 0..2 {
            let mut span = span(&format!("within {text}")).entered();
            span.set("note", text);
            span.set("password", secret);
            span.set("items", &[text, "ordinary"][..]);
            span.set(&"owned".to_owned(), &[text.to_owned(), text.to_owned()][..]);
            span.set("bytes", Value::Bytes(text.as_bytes()));
            let inner = [("note", Value::Str(text)), ("api_key", Value::Str(secret))];
            let list = [
                Value::Str(text),
                Value::Map(&inner),
                Value::List(&[Value::Str(text)]),
            ];
            span.set(
                "map",
                Value::Map(&[("list", Value::List(&list)), ("inner", Value::Map(&inner))]),
            );
            span.set("token", Value::Map(&[("anything", Value::Str(secret))]));
            span.event_with(text, |event| {
                event.set("note", text).set("secret", secret);
            });
            span.record_error(&std::io::Error::other(text));
            span.set_status(Status::error(text));
            span.set_name(&format!("renamed {text}"));
            drop(span);
        }
        log(Severity::Error, text)
            .with("note", text)
            .with("secret", secret)
            .with("authorization", &[secret][..])
            .error(&std::io::Error::other(text))
            .emit();
        log(Severity::Info, "with a body")
            .body(Value::Map(&[
                ("note", Value::Str(text)),
                ("password", Value::Str(secret)),
            ]))
            .emit();
        event("typed").with("note", text).body(text).emit();
        event(text).emit();
    }
    if std::env::var_os("THEN").is_some() {
        std::process::abort();
    }
    assert!(telensic::flush(std::time::Duration::from_secs(60)));
    drop((open, guard));
}

#[test]
fn a_panic_with_a_secret_is_recorded_without_it() {
    let dir = Dir::new();
    succeed(&mut child(&dir, &test("panics_with_secrets")));
    assert_clean(&dir, b"");
    let read = read(dir.path());
    assert_eq!(read.logs.len(), examples().len());
    assert!(read.spans.iter().all(|span| span.status == 2));
}

#[test]
#[ignore = "the child of the test above"]
fn panics_with_secrets() {
    if !is_child() {
        return;
    }
    std::panic::set_hook(Box::new(|_| {}));
    let _guard = telensic::init("panics");
    for example in examples() {
        let caught = std::panic::catch_unwind(|| {
            let _span = span("panics").entered();
            panic!("{}", example.text);
        });
        assert!(caught.is_err());
    }
}
