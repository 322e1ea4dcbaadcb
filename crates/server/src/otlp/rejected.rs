//! Records that were not taken, counted by reason.

use std::fmt;

/// Why a record was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// Its bytes are not a message of its type.
    Malformed,
    /// A text in it is not UTF-8.
    NotUtf8,
    /// Its trace id is not 16 bytes that are not all zero.
    TraceId,
    /// Its span id is not 8 bytes that are not all zero.
    SpanId,
    /// Its parent's span id is neither empty nor 8 bytes.
    ParentSpanId,
    /// Its values are nested deeper than the limit.
    TooDeep,
    /// It is larger than a tape takes.
    TooLarge,
    /// The tape has no room.
    NoRoom,
}

impl Reason {
    /// All reasons, in the order of their counters.
    pub const ALL: [Self; 8] = [
        Self::Malformed,
        Self::NotUtf8,
        Self::TraceId,
        Self::SpanId,
        Self::ParentSpanId,
        Self::TooDeep,
        Self::TooLarge,
        Self::NoRoom,
    ];

    /// A short name for manifests and metrics, such as `not_utf8`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::NotUtf8 => "not_utf8",
            Self::TraceId => "trace_id",
            Self::SpanId => "span_id",
            Self::ParentSpanId => "parent_span_id",
            Self::TooDeep => "too_deep",
            Self::TooLarge => "too_large",
            Self::NoRoom => "no_room",
        }
    }

    /// What is wrong, to follow a count: `3 with ...`.
    const fn text(self) -> &'static str {
        match self {
            Self::Malformed => "that are not valid OTLP",
            Self::NotUtf8 => "with a text that is not UTF-8",
            Self::TraceId => "with a trace id that is not 16 bytes, not all zero",
            Self::SpanId => "with a span id that is not 8 bytes, not all zero",
            Self::ParentSpanId => "with a parent span id that is neither empty nor 8 bytes",
            Self::TooDeep => "with values nested too deep",
            Self::TooLarge => "too large for a tape",
            Self::NoRoom => "for which the tape had no room",
        }
    }
}

/// How many records were not taken, by reason. Its text is one line for whoever sent them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rejected([u64; Reason::ALL.len()]);

impl Rejected {
    /// Counts records.
    pub fn add(&mut self, reason: Reason, records: u64) {
        self.0[reason as usize] += records;
    }

    /// Counts all of the other's too.
    pub fn add_all(&mut self, other: &Self) {
        for reason in Reason::ALL {
            self.add(reason, other.of(reason));
        }
    }

    /// How many were not taken for this reason.
    pub fn of(&self, reason: Reason) -> u64 {
        self.0[reason as usize]
    }

    /// How many were not taken.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "records rejected: ")?;
        let counted = Reason::ALL.iter().filter(|reason| self.of(**reason) > 0);
        for (place, reason) in counted.enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{} {}", self.of(*reason), reason.text())?;
        }
        Ok(())
    }
}
