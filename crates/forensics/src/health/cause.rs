//! Why a span failed, as it says itself: the exception, its causes, or its status.

use telensic_tape::otlp::{AnyView, SpanView};

use super::attributes;

/// Why a span failed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cause {
    /// `exception.type` or `error.type`.
    pub(super) kind: String,
    /// What it said.
    pub(super) message: String,
    /// The errors behind it, the deepest last.
    pub(super) caused_by: Vec<String>,
}

/// How much of a text is kept.
const MOST: usize = 500;

/// Failures that every library words in another way, and words by which to know them.
const CLASSES: [(&str, &[&str]); 10] = [
    (
        "connection refused",
        &["connection refused", "connectionrefused", "econnrefused"],
    ),
    (
        "connection reset",
        &["connection reset", "connectionreset", "broken pipe", "econnreset"],
    ),
    (
        "name not resolved",
        &[
            "name or service not known",
            "name resolution",
            "dns error",
            "getaddrinfo",
            "nodename nor servname",
        ],
    ),
    (
        "timeout",
        &[
            "timed out",
            "timeout",
            "deadline exceeded",
            "deadline has elapsed",
        ],
    ),
    ("rate limited", &["rate limit", "too many requests", "ratelimit"]),
    ("disk full", &["no space left"]),
    ("permission denied", &["permission denied", "permissionerror"]),
    (
        "out of memory",
        &[
            "out of memory",
            "outofmemory",
            "memoryerror",
            "cannot allocate memory",
        ],
    ),
    ("no such file", &["no such file", "filenotfound"]),
    ("panic", &["panicked at"]),
];

impl Cause {
    pub(super) fn of(view: &SpanView<'_>) -> Self {
        let mut cause = Self::default();
        // The last one is the one that ended it.
        let exceptions = view.events().flatten().filter(|event| event.name == "exception");
        if let Some(exception) = exceptions.last() {
            let text = |key| match exception.attributes().find(key) {
                Some(AnyView::Str(text)) => text,
                _ => "",
            };
            cause.kind = cut(text("exception.type"));
            cause.message = cut(text("exception.message"));
            let behind = text("exception.stacktrace").lines();
            let behind = behind.filter_map(|line| line.trim_start().strip_prefix("caused by: "));
            cause.caused_by = behind.take(32).map(cut).collect();
        }
        if cause.kind.is_empty() {
            let kind = attributes::word(view, &["error.type", "error_type"]);
            cause.kind = cut(&kind.unwrap_or_default());
        }
        if cause.message.is_empty() {
            cause.message = cut(view.status.message);
        }
        if cause.message.is_empty() {
            let status = [
                "http.response.status_code",
                "http.status_code",
                "rpc.grpc.status_code",
            ];
            if let Some(status) = attributes::count(view, &status) {
                cause.message = format!("status {status}");
            }
        }
        cause
    }

    /// What kind of failure it is, if every library words it in another way.
    pub(super) fn class(&self) -> Option<&'static str> {
        let texts = [&self.kind, &self.message].into_iter().chain(&self.caused_by);
        let texts: Vec<String> = texts.map(|text| text.to_lowercase()).collect();
        let is_said = |words: &[&str]| {
            words
                .iter()
                .any(|word| texts.iter().any(|text| text.contains(word)))
        };
        CLASSES
            .into_iter()
            .find(|(_, words)| is_said(words))
            .map(|(class, _)| class)
    }

    /// The cause in a line that is the same for the same failure: numbers and ids are left out.
    pub(super) fn line(&self) -> String {
        if let Some(class) = self.class() {
            return class.to_owned();
        }
        let deepest = self.caused_by.last().unwrap_or(&self.message);
        let kind = self.kind.rsplit("::").next().unwrap_or_default();
        match (kind.is_empty(), deepest.is_empty()) {
            (true, true) => "an error without a word".to_owned(),
            (true, false) => without_numbers(deepest),
            (false, true) => without_numbers(kind),
            (false, false) => format!("{}: {}", without_numbers(kind), without_numbers(deepest)),
        }
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MOST).collect()
}

/// The text with `#` for each word of digits, hexadecimal ones of eight or more included.
pub(super) fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        if word.is_empty() {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let is_id = word.len() >= 8
            && word.bytes().all(|byte| byte.is_ascii_hexdigit())
            && word.bytes().any(|byte| byte.is_ascii_digit());
        if is_id {
            out.push('#');
        } else {
            push_without_digits(&mut out, word);
        }
        rest = behind;
    }
    out
}

fn push_without_digits(out: &mut String, word: &str) {
    for c in word.chars() {
        if !c.is_ascii_digit() {
            out.push(c);
        } else if !out.ends_with('#') {
            out.push('#');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ids_do_not_tell_failures_apart() {
        assert_eq!(
            without_numbers("bar 17 of run 4bf92f3577b34da6"),
            "bar # of run #"
        );
        assert_eq!(without_numbers("10.0.0.1:8080"), "#.#.#.#:#");
        assert_eq!(without_numbers("deadbeef is a word"), "deadbeef is a word");
        assert_eq!(without_numbers("gr\u{fc}n \u{1f600}9"), "gr\u{fc}n \u{1f600}#");
    }

    #[test]
    fn the_deepest_cause_speaks_and_known_ones_are_called_by_their_name() {
        let mut cause = Cause {
            kind: "app::LoadError".to_owned(),
            message: "cannot load bars".to_owned(),
            caused_by: vec!["row 17 has no price".to_owned()],
        };
        assert_eq!(cause.line(), "LoadError: row # has no price");
        cause
            .caused_by
            .push("Connection refused (os error 111)".to_owned());
        assert_eq!(cause.line(), "connection refused");
        assert_eq!(Cause::default().line(), "an error without a word");
    }
}
