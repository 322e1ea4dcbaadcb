//! What is known of a callsite of `tracing`, found out once: its scope, its level, the class of each of its keys.
//!
//! A callsite's metadata lives as long as the process, so its address names it. They are kept in an open-addressed
//! table that is only ever added to: looking one up takes a multiplication and, nearly always, one comparison.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use tracing_core::{Field, Level, Metadata};

use crate::{Key, ScopeId, Severity};

/// A span or an event in the source, with all that does not change from one record to the next.
#[derive(Debug)]
pub(super) struct Callsite {
    pub(super) metadata: &'static Metadata<'static>,
    /// The target.
    pub(super) scope: ScopeId,
    pub(super) severity: Severity,
    /// An event that was given a name of its own is a typed one.
    pub(super) event_name: Option<&'static str>,
    /// Whether name or kind of a span are among the fields.
    pub(super) names_itself: bool,
    /// By the field's number.
    meanings: Box<[Meaning]>,
}

/// What a field stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    Attribute(Key<'static>),
    /// The text of an event.
    Message(Key<'static>),
    /// `error` of an event: its text, if it has no other.
    Error(Key<'static>),
    /// `otel.name`
    SpanName(Key<'static>),
    /// `otel.kind`
    SpanKind(Key<'static>),
    /// `otel.status_code`
    StatusCode(Key<'static>),
    /// `otel.status_message`, or `otel.status_description`
    StatusMessage(Key<'static>),
    /// What `tracing-log` says of a record of the `log` crate.
    Log(LogFact),
}

/// A fact about the origin of a record of the `log` crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LogFact {
    Target,
    Module,
    File,
    Line,
}

impl Meaning {
    const UNKNOWN: Self = Self::Attribute(Key::new("unknown"));

    fn of(name: &'static str, is_event: bool) -> Self {
        let key = Key::new(name);
        match name {
            "message" if is_event => Self::Message(key),
            "error" if is_event => Self::Error(key),
            "log.target" if is_event => Self::Log(LogFact::Target),
            "log.module_path" if is_event => Self::Log(LogFact::Module),
            "log.file" if is_event => Self::Log(LogFact::File),
            "log.line" if is_event => Self::Log(LogFact::Line),
            "otel.name" if !is_event => Self::SpanName(key),
            "otel.kind" if !is_event => Self::SpanKind(key),
            "otel.status_code" if !is_event => Self::StatusCode(key),
            "otel.status_message" | "otel.status_description" if !is_event => Self::StatusMessage(key),
            _ => Self::Attribute(key),
        }
    }
}

impl Callsite {
    fn new(metadata: &'static Metadata<'static>) -> Self {
        let fields = metadata.fields();
        let meanings: Box<[Meaning]> = fields
            .iter()
            .map(|field| Meaning::of(field.name(), metadata.is_event()))
            .collect();
        let names_itself = meanings
            .iter()
            .any(|meaning| matches!(meaning, Meaning::SpanName(_) | Meaning::SpanKind(_)));
        Self {
            metadata,
            scope: ScopeId::named(metadata.target(), ""),
            severity: severity(*metadata.level()),
            event_name: own_name(metadata),
            names_itself,
            meanings,
        }
    }

    /// What a field of this callsite stands for.
    #[inline]
    pub(super) fn meaning(&'static self, field: &Field) -> &'static Meaning {
        // `tracing` hands out no fields of another callsite.
        self.meanings.get(field.index()).unwrap_or(&Meaning::UNKNOWN)
    }

    /// The callsite of this metadata.
    #[inline]
    pub(super) fn of(metadata: &'static Metadata<'static>) -> &'static Self {
        let home = place(metadata);
        match CALLSITES[home].get() {
            Some(callsite) if std::ptr::eq(callsite.metadata, metadata) => callsite,
            _ => Self::look_further(home, metadata),
        }
    }

    #[cold]
    fn look_further(home: usize, metadata: &'static Metadata<'static>) -> &'static Self {
        for distance in 0..FARTHEST {
            let place = &CALLSITES[(home + distance) % CALLSITES.len()];
            let callsite = place.get_or_init(|| Box::leak(Box::new(Self::new(metadata))));
            if std::ptr::eq(callsite.metadata, metadata) {
                return callsite;
            }
        }
        let mut crowded = CROWDED.lock().unwrap_or_else(PoisonError::into_inner);
        crowded
            .get_or_insert_default()
            .entry(std::ptr::from_ref(metadata) as usize)
            .or_insert_with(|| Box::leak(Box::new(Self::new(metadata))))
    }
}

static CALLSITES: [OnceLock<&'static Callsite>; 1 << BITS] = [const { OnceLock::new() }; 1 << BITS];

/// The few that found no room near their place.
static CROWDED: Mutex<Option<HashMap<usize, &'static Callsite>>> = Mutex::new(None);

const BITS: u32 = 13;
const FARTHEST: usize = 16;

fn place(metadata: &'static Metadata<'static>) -> usize {
    let address = std::ptr::from_ref(metadata) as u64;
    (address.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS)) as usize
}

/// The name that somebody gave an event; that of the macros is `event FILE:LINE`.
fn own_name(metadata: &'static Metadata<'static>) -> Option<&'static str> {
    let name = metadata.name();
    let is_made_up = name.starts_with("event ") || name == "log event";
    (metadata.is_event() && !is_made_up).then_some(name)
}

/// OTLP's severity for a level.
pub(super) fn severity(level: Level) -> Severity {
    match level {
        Level::ERROR => Severity::Error,
        Level::WARN => Severity::Warn,
        Level::INFO => Severity::Info,
        Level::DEBUG => Severity::Debug,
        Level::TRACE => Severity::Trace,
    }
}
