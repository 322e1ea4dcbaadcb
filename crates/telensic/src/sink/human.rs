//! One record as a line for people: `12:00:00.123 INFO  component: message key=value trace=4bf92f35`, in UTC.
//!
//! Invariant: whatever was logged, the text holds no control character but the colours that are put here, no
//! character that reorders text, and one line break at the end of each line; so a log can neither drive the terminal
//! nor forge a line. A stack trace follows on indented lines.

use telensic_tape::otlp::AnyView;

use super::json::put_any;
use super::record::{Place, Record};
use super::time::TimeText;

const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const BLUE: &str = "\x1b[34m";
const BOLD: &str = "\x1b[1m";
const RESET: &str = "\x1b[0m";

/// Writes lines for people, with or without colours.
pub(super) struct HumanWriter {
    colours: bool,
    time: TimeText,
}

impl HumanWriter {
    pub(super) fn new(colours: bool) -> Self {
        Self {
            colours,
            time: TimeText::new(),
        }
    }

    /// Appends the record, without the last line break.
    pub(super) fn put(&mut self, out: &mut Vec<u8>, record: &Record<'_>) {
        let paint = self.colours;
        painted(out, paint, DIM, |out| {
            out.extend_from_slice(self.time.time_of_day(record.time));
        });
        out.push(b' ');
        put_level(out, paint, record.level.unwrap_or("-"));
        out.push(b' ');
        painted(out, paint, BOLD, |out| put_safe(out, record.component));
        out.extend_from_slice(b": ");
        match &record.body {
            AnyView::Empty => put_safe(out, record.event_name),
            AnyView::Str(text) => put_safe(out, text),
            other => put_safe_json(out, other),
        }
        put_fields(out, paint, record);
        if let Some(id) = record.trace_id {
            painted(out, paint, DIM, |out| {
                out.extend_from_slice(b" trace=");
                out.extend_from_slice(&id.to_hex()[..8]);
            });
        }
        put_exception(out, paint, record);
    }
}

fn put_level(out: &mut Vec<u8>, paint: bool, level: &str) {
    let colour = match level {
        "ERROR" | "FATAL" => RED,
        "WARN" => YELLOW,
        "INFO" => GREEN,
        "DEBUG" => BLUE,
        _ => DIM,
    };
    painted(out, paint, colour, |out| put_safe(out, level));
    for _ in level.len()..5 {
        out.push(b' ');
    }
}

fn put_fields(out: &mut Vec<u8>, paint: bool, record: &Record<'_>) {
    for attribute in record.attributes.iter().filter(|one| one.place == Place::Context) {
        out.push(b' ');
        painted(out, paint, DIM, |out| {
            put_safe(out, attribute.key);
            out.push(b'=');
        });
        match attribute.value {
            AnyView::Str(text) if is_one_word(text) => put_safe(out, text),
            _ => put_safe_json(out, &attribute.value),
        }
    }
}

fn put_exception(out: &mut Vec<u8>, paint: bool, record: &Record<'_>) {
    let exception = record.exception;
    if !exception.is_some() {
        return;
    }
    painted(out, paint, RED, |out| {
        out.extend_from_slice(b"\n    ");
        put_safe(out, exception.kind.unwrap_or("exception"));
        if let Some(message) = exception.message {
            out.extend_from_slice(b": ");
            put_safe(out, message);
        }
    });
    for line in exception.stacktrace.unwrap_or_default().lines() {
        out.extend_from_slice(b"\n    ");
        put_safe(out, line);
    }
}

fn painted(out: &mut Vec<u8>, paint: bool, colour: &str, put: impl FnOnce(&mut Vec<u8>)) {
    if paint {
        out.extend_from_slice(colour.as_bytes());
    }
    put(out);
    if paint {
        out.extend_from_slice(RESET.as_bytes());
    }
}

/// Whether `key=text` can be told from what follows it without quotes.
fn is_one_word(text: &str) -> bool {
    let breaks = |char: char| char.is_whitespace() || char == '"' || char == '=' || is_harmful(char);
    !text.is_empty() && !text.contains(breaks)
}

fn put_safe_json(out: &mut Vec<u8>, value: &AnyView<'_>) {
    let mut json = Vec::new();
    put_any(&mut json, value);
    put_safe(out, &String::from_utf8_lossy(&json));
}

/// Appends text with what could harm the terminal or the reader escaped.
fn put_safe(out: &mut Vec<u8>, text: &str) {
    let mut start = 0;
    for (at, char) in text.char_indices().filter(|(_, char)| is_harmful(*char)) {
        out.extend_from_slice(&text.as_bytes()[start..at]);
        out.extend(char.escape_default().map(|char| char as u8));
        start = at + char.len_utf8();
    }
    out.extend_from_slice(&text.as_bytes()[start..]);
}

/// Control characters (ASCII, DEL and the C1 set, which holds another escape introducer), line and paragraph
/// separators, and what changes the direction of the text that follows.
fn is_harmful(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}
