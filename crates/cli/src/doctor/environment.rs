//! Every `OTEL_*` and `TELENSIC_*` variable that is set: known, valid, in use?
//!
//! Invariant: no value is shown but through the redactor, and of headers only the names are.

use telensic_redact::KeyClass;

use super::value::Shape;
use super::variables::{self, Use};
use super::{Finding, Surroundings};

const TOPIC: &str = "environment";
const OURS: &str = "TELENSIC_";
const PREFIXES: [&str; 2] = [OURS, "OTEL_"];

pub(super) fn look(surroundings: &Surroundings) -> Vec<Finding> {
    let ours = surroundings
        .variables
        .iter()
        .filter(|(name, _)| PREFIXES.iter().any(|prefix| name.starts_with(prefix)));
    let findings: Vec<Finding> = ours
        .map(|(name, value)| look_at(surroundings, name, value.as_deref()).with("variable", name.as_str()))
        .collect();
    if findings.is_empty() {
        return vec![Finding::ok(
            TOPIC,
            "no OTEL_* or TELENSIC_* variable is set: the defaults hold",
        )];
    }
    findings
}

fn look_at(surroundings: &Surroundings, name: &str, value: Option<&str>) -> Finding {
    let Some(known) = variables::known(name) else {
        return unknown(name);
    };
    let Some(value) = value else {
        return Finding::warn(
            TOPIC,
            format!("{name} is not Unicode: it counts as not set"),
            "write it in UTF-8",
        );
    };
    let text = value.trim();
    if text.is_empty() {
        return Finding::ok(TOPIC, format!("{name} is empty: it counts as not set"));
    }
    let shown = shown(surroundings, name, known.shape, text);
    match known.shape.check(text) {
        Err(complaint) => Finding::warn(TOPIC, format!("{name}={shown} {}", complaint.why), complaint.mend),
        Ok(()) if known.used == Use::Later => Finding::warn(
            TOPIC,
            format!("{name}={shown} is valid, but this build does not use it yet"),
            "do not count on it; what is recorded is on the tape",
        ),
        Ok(()) if known.used == Use::Never => Finding::ok(
            TOPIC,
            format!("{name}={shown} has no meaning here: the tape is the queue"),
        ),
        Ok(()) => Finding::ok(TOPIC, format!("{name}={shown}")),
    }
}

fn unknown(name: &str) -> Finding {
    match variables::nearest(name) {
        Some(nearest) => Finding::warn(
            TOPIC,
            format!("{name} is unknown and ignored"),
            format!("did you mean {nearest}?"),
        ),
        None if name.starts_with(OURS) => Finding::warn(
            TOPIC,
            format!("{name} is unknown and ignored"),
            "see docs/cli.md for what there is",
        ),
        // Other SDKs have variables of their own.
        None => Finding::ok(TOPIC, format!("{name} is for somebody else")),
    }
}

/// A value as it may be seen. Pairs are masked one by one, by their own keys; of headers every value is.
fn shown(surroundings: &Surroundings, name: &str, shape: Shape, text: &str) -> String {
    let redactor = &surroundings.redactor;
    let pairs = || text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    let masked: Vec<String> = match shape {
        Shape::Headers => pairs()
            .map(|pair| match pair.split_once('=') {
                // What ends in equals signs is not a pair but a secret in base64.
                Some((key, value)) if !value.trim_matches('=').is_empty() => {
                    let key = redactor.text(KeyClass::Telling, key.trim());
                    format!("{key}={}", redactor.mask_of(value.trim().as_bytes()))
                }
                _ => redactor.mask_of(pair.as_bytes()),
            })
            .collect(),
        Shape::Pairs => pairs()
            .map(|pair| match pair.split_once('=') {
                Some((key, value)) => {
                    let decoded = percent_encoding::percent_decode_str(value.trim()).decode_utf8_lossy();
                    format!(
                        "{}={}",
                        key.trim(),
                        redactor.text(redactor.key_class(key), &decoded)
                    )
                }
                None => redactor.text(redactor.key_class(name), pair).into_owned(),
            })
            .collect(),
        _ => return surroundings.shown(name, text),
    };
    format!("{:?}", masked.join(","))
}
