//! The fields of a span: those it is made with, and those recorded later.

use std::fmt::Debug;

use telensic_tape::Value;
use tracing_core::Field;
use tracing_core::field::Visit;

use super::callsite::{Callsite, Meaning};
use super::fields::{Target, with_text};
use super::open::OpenSpans;
use crate::span::{Exception, SpanData};
use crate::{Key, SpanKind, Status};

/// The name and kind that a span's own fields give it, which must be known before it starts.
pub(super) struct Beginning {
    pub(super) callsite: &'static Callsite,
    pub(super) name: Option<String>,
    pub(super) kind: Option<SpanKind>,
}

impl Visit for Beginning {
    // Neither is a number or a truth value, which would else be asked for their text.
    fn record_f64(&mut self, _: &Field, _: f64) {}
    fn record_i64(&mut self, _: &Field, _: i64) {}
    fn record_u64(&mut self, _: &Field, _: u64) {}
    fn record_bool(&mut self, _: &Field, _: bool) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        match self.callsite.meaning(field) {
            Meaning::SpanName(_) => self.name = Some(value.to_owned()),
            Meaning::SpanKind(_) => self.kind = kind_named(value),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let meaning = self.callsite.meaning(field);
        if matches!(meaning, Meaning::SpanName(_) | Meaning::SpanKind(_)) {
            with_text(value, |text| self.record_str(field, text));
        }
    }
}

/// A span that is being made, with its [`Beginning`].
pub(super) struct New<'a>(pub(super) &'a mut SpanData);

impl Target for New<'_> {
    #[inline(always)]
    fn attribute(&mut self, key: &'static Key<'static>, value: Value<'_>) {
        self.0.set(*key, value);
    }

    fn special(&mut self, meaning: &'static Meaning, value: Value<'_>) {
        match (meaning, value) {
            (Meaning::SpanName(_), Value::Str(_)) => {}
            (Meaning::SpanKind(_), Value::Str(kind)) if kind_named(kind).is_some() => {}
            _ => apply(self.0, meaning, value),
        }
    }

    fn exception(&mut self, exception: &Exception) {
        self.0.exception(exception);
    }
}

/// A span that is open. It is looked up for each field, so that no foreign code runs while it is locked.
pub(super) struct Late<'a> {
    pub(super) open: &'a OpenSpans,
    pub(super) id: u64,
}

impl Target for Late<'_> {
    fn attribute(&mut self, key: &'static Key<'static>, value: Value<'_>) {
        self.open.edit(self.id, |span| span.set(*key, value));
    }

    fn special(&mut self, meaning: &'static Meaning, value: Value<'_>) {
        self.open.edit(self.id, |span| apply(span, meaning, value));
    }

    fn exception(&mut self, exception: &Exception) {
        self.open.edit(self.id, |span| span.exception(exception));
    }
}

/// Heeds a special field; one whose value makes no sense is an attribute like any other.
fn apply(span: &mut SpanData, meaning: &Meaning, value: Value<'_>) {
    let (key, heeded) = match (meaning, value) {
        (Meaning::SpanName(key), Value::Str(name)) => {
            span.set_name(name);
            (key, true)
        }
        (Meaning::SpanKind(key), Value::Str(kind)) => {
            let kind = kind_named(kind);
            kind.into_iter().for_each(|kind| span.set_kind(kind));
            (key, kind.is_some())
        }
        (Meaning::StatusCode(key), Value::Str(code)) => (key, set_status_code(span, code)),
        (Meaning::StatusMessage(key), Value::Str(message)) => {
            span.set_status(Status::error(message));
            (key, true)
        }
        (
            Meaning::SpanName(key)
            | Meaning::SpanKind(key)
            | Meaning::StatusCode(key)
            | Meaning::StatusMessage(key)
            | Meaning::Message(key)
            | Meaning::Error(key)
            | Meaning::Attribute(key),
            _,
        ) => (key, false),
        // Only of events.
        (Meaning::Log(_), _) => return,
    };
    if !heeded {
        span.set(*key, value);
    }
}

/// False if the code is unknown. The message of a failure may have come before its code.
fn set_status_code(span: &mut SpanData, code: &str) -> bool {
    if code.eq_ignore_ascii_case("ok") {
        span.set_status(Status::Ok);
    } else if code.eq_ignore_ascii_case("error") {
        set_failed(span, "");
    } else {
        return code.eq_ignore_ascii_case("unset");
    }
    true
}

/// Says that the span failed, unless it is known how it ends.
pub(super) fn set_failed(span: &mut SpanData, message: &str) {
    if !span.has_status() {
        span.set_status(Status::error(message));
    }
}

fn kind_named(name: &str) -> Option<SpanKind> {
    const KINDS: [(&str, SpanKind); 5] = [
        ("internal", SpanKind::Internal),
        ("server", SpanKind::Server),
        ("client", SpanKind::Client),
        ("producer", SpanKind::Producer),
        ("consumer", SpanKind::Consumer),
    ];
    let found = KINDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(name));
    found.map(|(_, kind)| *kind)
}
