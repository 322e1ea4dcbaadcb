//! Ordinary values come back untouched, alone and inside other text.

use std::borrow::Cow;

use telensic_redact::corpus::ordinary_values;
use telensic_redact::{KeyClass, Redactor};

fn masked(texts: impl Iterator<Item = String>) -> Vec<String> {
    let redactor = Redactor::default();
    let look = |text: String| match redactor.text(KeyClass::Plain, &text) {
        Cow::Borrowed(_) => None,
        Cow::Owned(masked) => Some(format!("{text:?} -> {masked:?}")),
    };
    texts.filter_map(look).collect()
}

#[test]
fn ordinary_values_are_not_masked() {
    let values = ordinary_values();
    println!("{} ordinary values", values.len());
    let masked = masked(values.into_iter());
    assert!(
        masked.is_empty(),
        "{} masked\n{}",
        masked.len(),
        masked.join("\n")
    );
}

#[test]
fn ordinary_values_are_not_masked_inside_a_sentence() {
    let masked = masked(
        ordinary_values()
            .into_iter()
            .map(|text| format!("Stage 3 read {text} and went on")),
    );
    assert!(
        masked.is_empty(),
        "{} masked\n{}",
        masked.len(),
        masked.join("\n")
    );
}

#[test]
fn ordinary_values_are_not_masked_in_a_pair_with_an_ordinary_name() {
    let masked = masked(ordinary_values().into_iter().map(|text| format!("result={text}")));
    assert!(
        masked.is_empty(),
        "{} masked\n{}",
        masked.len(),
        masked.join("\n")
    );
}
