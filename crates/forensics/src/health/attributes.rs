//! Attributes of a span as the health report asks for them: by several names, in whatever type they come.

use telensic_tape::otlp::{AnyView, SpanView};

/// The first attribute of one of these keys that is a number, or a text that is one.
pub(super) fn count(view: &SpanView<'_>, keys: &[&str]) -> Option<u64> {
    keys.iter().find_map(|key| match view.attributes().find(key)? {
        AnyView::I64(int) => u64::try_from(int).ok(),
        AnyView::F64(float) if float >= 0.0 => Some(float as u64),
        AnyView::Bool(truth) => Some(u64::from(truth)),
        AnyView::Str(text) => text.trim().parse().ok(),
        _ => None,
    })
}

/// The first attribute of one of these keys that can be said in a word.
pub(super) fn word(view: &SpanView<'_>, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| match view.attributes().find(key)? {
        AnyView::I64(int) => Some(int.to_string()),
        AnyView::Str(text) if !text.is_empty() => Some(text.to_owned()),
        _ => None,
    })
}
