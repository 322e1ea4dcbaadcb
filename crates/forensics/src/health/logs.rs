//! How much was logged, by level, and which events did not fit their schema.

use std::collections::BTreeMap;

use serde::Serialize;
use telensic_run::names;

use crate::timeline::Timeline;

/// Log records by level, and typed events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LogCounts {
    /// Log records that are no typed events.
    pub records: u64,
    /// FATAL.
    pub fatal: u64,
    /// ERROR.
    pub error: u64,
    /// WARN.
    pub warn: u64,
    /// INFO.
    pub info: u64,
    /// DEBUG.
    pub debug: u64,
    /// TRACE.
    pub trace: u64,
    /// Without a level.
    pub unset: u64,
    /// Typed events by their type.
    pub events: BTreeMap<String, u64>,
    /// Events that did not fit their schema, and were kept as `event.invalid`.
    pub invalid_events: u64,
}

impl LogCounts {
    pub(super) fn of(timeline: &Timeline) -> Self {
        let mut counts = Self::default();
        let mut events = BTreeMap::new();
        for log in timeline.logs() {
            if let Some(event) = log.event {
                *events.entry(event).or_insert(0) += 1;
                continue;
            }
            counts.records += 1;
            // OTLP's severity numbers come in groups of four.
            let level = match log.severity {
                1..=4 => &mut counts.trace,
                5..=8 => &mut counts.debug,
                9..=12 => &mut counts.info,
                13..=16 => &mut counts.warn,
                17..=20 => &mut counts.error,
                21..=24 => &mut counts.fatal,
                _ => &mut counts.unset,
            };
            *level += 1;
        }
        let text = |name| timeline.text(name).to_owned();
        counts.events = events
            .into_iter()
            .map(|(name, count)| (text(name), count))
            .collect();
        counts.invalid_events = counts
            .events
            .get(names::event::EVENT_INVALID)
            .copied()
            .unwrap_or(0);
        counts
    }
}
