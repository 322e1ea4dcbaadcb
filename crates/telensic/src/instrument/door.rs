//! What a door in another crate needs beyond the public face: the Python package is one. It is no part of that face and may
//! change in any version.

use crate::recorder::{Recorder, active};
use crate::span::Exception;
use crate::{Fields, Span, say};

/// Whether anything is recorded in this process now.
#[inline]
pub fn is_active() -> bool {
    active() != 0
}

/// The run that is being recorded.
pub fn run_id() -> Option<&'static str> {
    Recorder::current()?.settings.identity.run_id.as_deref()
}

/// The profile of the run that is being recorded.
pub fn profile() -> Option<&'static str> {
    let profile = Recorder::current()?.settings.identity.facts.profile.get()?;
    Some(profile)
}

/// The service that records.
pub fn service() -> Option<&'static str> {
    Some(&Recorder::current()?.settings.identity.service)
}

/// How many characters of a text value are kept: of a span's, and of a log record's.
pub fn value_lengths() -> Option<(u32, u32)> {
    let limits = &Recorder::current()?.settings.limits;
    Some((limits.span_value_length, limits.log_value_length))
}

/// The redactor in force.
pub fn redactor() -> Option<&'static crate::redact::Redactor> {
    Some(Recorder::current()?.redactor)
}

/// Gives a span of an unsampled trace ids of its own, with which it can be the parent of others anywhere.
#[inline]
pub fn movable(span: Span) -> Span {
    span.movable()
}

/// Records an exception of another language as `exception` event, to which `more` adds attributes, and that the span failed.
pub fn record_exception(
    span: &mut Span,
    kind: String,
    message: String,
    stacktrace: String,
    more: impl FnOnce(&mut Fields),
) {
    let exception = Exception {
        kind,
        message,
        stacktrace,
    };
    span.edit(|span| span.exception_with(&exception, more));
}

/// Records an exception of another language that a run ends by.
#[cfg(feature = "run")]
pub fn record_exception_of_run(run: &mut crate::Run, kind: String, message: String, stacktrace: String) {
    if let Some(span) = run.span_mut() {
        record_exception(span, kind, message, stacktrace, |_| {});
    }
}

/// Notes that nobody waited for the end of what the span stands for.
pub fn note_cancelled(span: &mut Span) {
    #[cfg(feature = "metrics")]
    span.edit(crate::span::SpanData::note_cancelled);
    span.event("cancelled");
}

/// Says something to the person at the terminal, unless it was said before.
pub fn say_once(text: &str) {
    say::say_once(text);
}
