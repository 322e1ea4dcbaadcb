//! Attributes and values as `key=value` for people.

use std::fmt::Write;

use telensic_tape::otlp::{AnyView, Attributes, Malformed};

use telensic_run::{Visible, is_harmful};

/// How deep values may be nested: bytes that nest without end must not end this program.
pub(crate) const DEEPEST: u32 = 30;

/// Appends ` key=value` for each attribute.
pub(crate) fn put(line: &mut String, attributes: Attributes<'_>) -> Result<(), Malformed> {
    for pair in attributes {
        let pair = pair?;
        push(line, format_args!(" {}=", Visible(pair.key)));
        put_value(line, &pair.value, 0)?;
    }
    Ok(())
}

/// Appends a value; text is quoted where it would run into what follows.
pub(crate) fn put_value(line: &mut String, value: &AnyView<'_>, depth: u32) -> Result<(), Malformed> {
    if depth > DEEPEST {
        return Err(Malformed);
    }
    match value {
        AnyView::Empty => line.push_str("null"),
        AnyView::Str(text) if is_one_word(text) => line.push_str(text),
        AnyView::Str(text) => put_quoted(line, text),
        AnyView::Bool(truth) => push(line, format_args!("{truth}")),
        AnyView::I64(int) => push(line, format_args!("{int}")),
        AnyView::F64(float) => push(line, format_args!("{float:?}")),
        AnyView::Bytes(bytes) => {
            line.push_str("0x");
            bytes
                .iter()
                .for_each(|byte| push(line, format_args!("{byte:02x}")));
        }
        AnyView::Array(items) => {
            line.push('[');
            for (index, item) in items.clone().enumerate() {
                line.push_str(if index > 0 { ", " } else { "" });
                put_value(line, &AnyView::parse(item?)?, depth + 1)?;
            }
            line.push(']');
        }
        AnyView::KeyValues(pairs) => {
            line.push('{');
            for (index, pair) in pairs.clone().enumerate() {
                let pair = pair?;
                let comma = if index > 0 { ", " } else { "" };
                push(line, format_args!("{comma}{}=", Visible(pair.key)));
                put_value(line, &pair.value, depth + 1)?;
            }
            line.push('}');
        }
    }
    Ok(())
}

fn put_quoted(line: &mut String, text: &str) {
    line.push('"');
    for (index, part) in text.split('"').enumerate() {
        line.push_str(if index > 0 { "\\\"" } else { "" });
        push(line, format_args!("{}", Visible(part)));
    }
    line.push('"');
}

/// Whether text can be told from what follows it without quotes.
fn is_one_word(text: &str) -> bool {
    let breaks = |char: char| char.is_whitespace() || "\"=,[]{}".contains(char) || is_harmful(char);
    !text.is_empty() && !text.contains(breaks)
}

/// Appends formatted text; writing to a `String` cannot fail.
fn push(line: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = line.write_fmt(text);
}
