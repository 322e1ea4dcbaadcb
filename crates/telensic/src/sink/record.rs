//! A log record taken apart once, for whichever text is made of it.
//!
//! Some attributes have a place of their own in a line (`component`, `thread.id`, `exception.*`, `provenance.*`,
//! `run_id`); they are lifted out here if they have the right type, and stay ordinary attributes if not. Of two
//! attributes with the same key the first is kept and the later one skipped, as `Attributes::find` has it.

use telensic_tape::otlp::{AnyView, LogView, ScopeView};
use telensic_tape::{SpanId, TraceId, UnixNanos};

use super::key_set::KeySet;
use super::origin::LogOrigin;
use crate::scope::DEFAULT_SCOPE;

/// What is known of one record.
pub(super) struct Record<'a> {
    pub(super) time: UnixNanos,
    pub(super) level: Option<&'a str>,
    pub(super) body: AnyView<'a>,
    pub(super) event_name: &'a str,
    pub(super) component: &'a str,
    pub(super) package: &'a str,
    pub(super) thread_id: Option<i64>,
    pub(super) trace_id: Option<TraceId>,
    pub(super) span_id: Option<SpanId>,
    pub(super) run_id: Option<&'a str>,
    pub(super) provenance: Provenance<'a>,
    pub(super) exception: Exception<'a>,
    /// Unique by key, in the record's order.
    pub(super) attributes: Vec<Attribute<'a>>,
    /// Attributes that could not be read.
    pub(super) malformed: u64,
    /// Attributes cut by a limit before they were recorded.
    pub(super) dropped: u64,
}

/// One attribute.
pub(super) struct Attribute<'a> {
    pub(super) key: &'a str,
    pub(super) value: AnyView<'a>,
    pub(super) place: Place,
}

/// Where an attribute is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Among the other attributes, in every layout.
    Context,
    /// In a field of its own where the layout has one, else among the others.
    Field,
    /// In `run_id`, which every layout has.
    RunId,
}

/// What the line's origin in code and data is.
#[derive(Clone, Copy)]
pub(super) struct Provenance<'a> {
    pub(super) session_id: Option<&'a str>,
    pub(super) git_sha: Option<&'a str>,
    pub(super) input_hash: Option<&'a str>,
    pub(super) random_seed: Option<i64>,
}

/// The exception that the record tells of, if any part of it is known.
#[derive(Clone, Copy, Default)]
pub(super) struct Exception<'a> {
    pub(super) kind: Option<&'a str>,
    pub(super) message: Option<&'a str>,
    pub(super) stacktrace: Option<&'a str>,
}

impl Exception<'_> {
    pub(super) fn is_some(&self) -> bool {
        self.kind.is_some() || self.message.is_some() || self.stacktrace.is_some()
    }
}

impl<'a> Record<'a> {
    pub(super) fn new(scope: &ScopeView<'a>, log: &LogView<'a>, origin: &'a LogOrigin) -> Self {
        // What was recorded under no scope of its own is the program's.
        let scope_name = if scope.name == DEFAULT_SCOPE {
            ""
        } else {
            scope.name
        };
        let mut record = Self {
            time: log.time,
            level: level(log),
            body: log.body.clone(),
            event_name: log.event_name,
            component: or_else(first_segment(scope_name), &origin.service),
            package: crate_part(scope_name),
            thread_id: None,
            trace_id: log.trace_id,
            span_id: log.span_id,
            run_id: origin.run_id.as_deref(),
            provenance: Provenance {
                session_id: origin.facts.session_id.get().map(String::as_str),
                git_sha: origin.facts.git_sha.get().map(String::as_str),
                input_hash: origin.facts.input_hash.get().map(String::as_str),
                random_seed: origin.facts.random_seed.get().copied(),
            },
            exception: Exception::default(),
            attributes: Vec::with_capacity(8),
            malformed: 0,
            dropped: log.dropped_attributes,
        };
        let mut keys = KeySet::new();
        for pair in log.attributes() {
            match pair {
                Ok(pair) if keys.insert(pair.key) => {
                    let place = record.lift(pair.key, &pair.value);
                    record.attributes.push(Attribute {
                        key: pair.key,
                        value: pair.value,
                        place,
                    });
                }
                Ok(_) => {}
                Err(_) => record.malformed += 1,
            }
        }
        record
    }

    /// Takes the attribute's value if it has a place of its own.
    fn lift(&mut self, key: &str, value: &AnyView<'a>) -> Place {
        let lifted = match (key, value) {
            ("component", AnyView::Str(text)) if !text.is_empty() => {
                self.component = text;
                true
            }
            ("package", AnyView::Str(text)) => {
                self.package = text;
                true
            }
            ("thread.id", AnyView::I64(id)) => self.thread_id.replace(*id).is_none(),
            ("exception.type", AnyView::Str(text)) => self.exception.kind.replace(text).is_none(),
            ("exception.message", AnyView::Str(text)) => self.exception.message.replace(text).is_none(),
            ("exception.stacktrace", AnyView::Str(text)) => self.exception.stacktrace.replace(text).is_none(),
            ("provenance.session_id", AnyView::Str(text)) => {
                self.provenance.session_id = Some(text);
                true
            }
            ("provenance.git_sha", AnyView::Str(text)) => {
                self.provenance.git_sha = Some(text);
                true
            }
            ("provenance.input_hash", AnyView::Str(text)) => {
                self.provenance.input_hash = Some(text);
                true
            }
            ("provenance.random_seed", AnyView::I64(seed)) => {
                self.provenance.random_seed = Some(*seed);
                true
            }
            ("run_id", AnyView::Str(text)) => {
                self.run_id = Some(text);
                return Place::RunId;
            }
            _ => false,
        };
        if lifted { Place::Field } else { Place::Context }
    }
}

/// The level's name: as the record has it, or of its number; `None` if it has neither.
fn level<'a>(log: &LogView<'a>) -> Option<&'a str> {
    if !log.severity_text.is_empty() {
        return Some(log.severity_text);
    }
    match log.severity {
        1..=4 => Some("TRACE"),
        5..=8 => Some("DEBUG"),
        9..=12 => Some("INFO"),
        13..=16 => Some("WARN"),
        17..=20 => Some("ERROR"),
        21..=24 => Some("FATAL"),
        _ => None,
    }
}

/// `quant` of both `quant::risk` and `quant.risk`.
fn first_segment(scope: &str) -> &str {
    scope.split([':', '.']).next().unwrap_or_default()
}

/// `quant` of `quant::risk`; a name without `::` is a crate or package as a whole.
fn crate_part(scope: &str) -> &str {
    // `find("::")` would first prepare itself for a long haystack, at every record.
    let at = scope.as_bytes().windows(2).position(|pair| pair == b"::");
    at.and_then(|at| scope.get(..at)).unwrap_or(scope)
}

fn or_else<'a>(text: &'a str, other: &'a str) -> &'a str {
    if text.is_empty() { other } else { text }
}
