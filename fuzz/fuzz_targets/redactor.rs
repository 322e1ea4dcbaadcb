//! Any text under a key of any class, with and without an example secret in it.
//!
//! The input is the class, the number of an example, where to put it, and the text.

#![no_main]

use std::borrow::Cow;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use telensic_redact::corpus::{Example, secrets};
use telensic_redact::{KeyClass, Redactor};

static REDACTOR: LazyLock<Redactor> = LazyLock::new(Redactor::default);
static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| secrets(1));

fuzz_target!(|input: &[u8]| {
    let Some(([class, example, place], text)) = input.split_first_chunk::<3>() else {
        return;
    };
    let text = String::from_utf8_lossy(text);
    let class = [KeyClass::Plain, KeyClass::Telling, KeyClass::Secret][usize::from(*class) % 3];
    redact(class, &text);
    let _ = REDACTOR.key_class(&text);

    // Set apart by line breaks, it must be found in whatever company.
    let example = &EXAMPLES[usize::from(*example) % EXAMPLES.len()];
    let place = text.floor_char_boundary(usize::from(*place) % (text.len() + 1));
    let with_secret = format!("{}\n{}\n{}", &text[..place], example.text, &text[place..]);
    let safe = redact(class, &with_secret);
    if example.alone && example.secret.len() >= 8 && !text.contains(&example.secret) {
        assert!(
            !safe.contains(&example.secret),
            "{}: {with_secret:?} became {safe:?}",
            example.rule
        );
    }
});

fn redact(class: KeyClass, text: &str) -> String {
    let safe = REDACTOR.text(class, text);
    assert_eq!(
        safe,
        REDACTOR.text_by_full_scan(class, text),
        "the first look was wrong about {text:?}"
    );
    if let Cow::Borrowed(same) = safe {
        assert_eq!(same, text);
    }
    if class == KeyClass::Secret && !text.is_empty() {
        assert!(safe.starts_with("[REDACTED"), "{safe:?}");
    }
    let bytes = REDACTOR.bytes(class, text.as_bytes());
    assert!(std::str::from_utf8(&bytes).is_ok());
    safe.into_owned()
}
