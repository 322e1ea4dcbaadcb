//! Aggregates: what the events of one kind come to, by provider and operation.

use std::collections::HashMap;
use std::time::Duration;

use telensic_tape::UnixNanos;

use super::window::{SlidingWindow, Tally};
use super::{EventFilter, EventType, TelemetryEvent};
use crate::metrics::OVERFLOW;

/// What happened in the window.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregate {
    /// Of what kind: [`EventType::Performance`] stands for all calls, failed ones included.
    pub event_type: EventType,
    /// Whom it was about; empty if nobody was named, or of several.
    pub provider: String,
    /// What was called, measured, or happened; empty if of several.
    pub operation: String,
    /// Events.
    pub count: u64,
    /// Of these, calls that failed.
    pub errors: u64,
    /// The share of calls that failed, 0 to 1.
    pub error_share: f64,
    /// Events a second, over the window, or since the first one if that was later.
    pub rate: f64,
    /// The least duration, in seconds, or value; as all below none if none was measured.
    pub min: Option<f64>,
    /// The greatest.
    pub max: Option<f64>,
    /// The mean.
    pub mean: Option<f64>,
    /// The median; as the others below within 1 %.
    pub p50: Option<f64>,
    /// What 95 of 100 do not exceed.
    pub p95: Option<f64>,
    /// What 99 of 100 do not exceed.
    pub p99: Option<f64>,
}

/// The windows of all kinds of events.
#[derive(Debug)]
pub(super) struct Windows {
    length: Duration,
    by_kind: HashMap<Kind, SlidingWindow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Kind {
    event_type: EventType,
    provider: Box<str>,
    operation: Box<str>,
}

/// Kinds that have a window each; further ones share one.
const MOST_KINDS: usize = 1_000;

impl Windows {
    pub(super) fn new(length: Duration) -> Self {
        Self {
            length,
            by_kind: HashMap::new(),
        }
    }

    pub(super) fn enter(&mut self, event: &TelemetryEvent) {
        let kind = Kind::of(event);
        if !self.by_kind.contains_key(&kind) && self.by_kind.len() >= MOST_KINDS {
            self.by_kind.retain(|_, window| !window.is_over(event.at()));
        }
        let has_room = self.by_kind.len() < MOST_KINDS || self.by_kind.contains_key(&kind);
        let kind = if has_room { kind } else { kind.overflow() };
        let window = self.by_kind.entry(kind);
        window.or_insert_with(|| SlidingWindow::new(self.length)).enter(
            event.at(),
            event.event_type() == EventType::Error,
            event.measure(),
        );
    }

    /// What each kind comes to by now, in order; those with nothing in the window are left out.
    pub(super) fn each(&self, now: UnixNanos) -> Vec<Aggregate> {
        let mut all: Vec<Aggregate> = self
            .by_kind
            .iter()
            .filter_map(|(kind, window)| {
                let tally = window.tally(now);
                self.aggregate(kind.event_type, &kind.provider, &kind.operation, &tally, now)
            })
            .collect();
        all.sort_by(|left, right| {
            let key = |one: &Aggregate| (one.provider.clone(), one.operation.clone(), one.event_type);
            key(left).cmp(&key(right))
        });
        all
    }

    /// What the calls of one operation come to by now.
    pub(super) fn of(&self, provider: &str, operation: &str, now: UnixNanos) -> Option<Aggregate> {
        let kind = Kind {
            event_type: EventType::Performance,
            provider: provider.into(),
            operation: operation.into(),
        };
        let tally = self.by_kind.get(&kind)?.tally(now);
        self.aggregate(kind.event_type, provider, operation, &tally, now)
    }

    /// What all calls come to that the filter lets pass, taken together.
    pub(super) fn merged(&self, filter: &EventFilter, now: UnixNanos) -> Option<Aggregate> {
        let mut all = Tally::default();
        let wanted = self.by_kind.iter().filter(|(kind, _)| {
            kind.event_type == EventType::Performance && filter.wants(EventType::Performance, &kind.provider)
        });
        for (_, window) in wanted {
            all.merge(&window.tally(now));
        }
        self.aggregate(EventType::Performance, "", "", &all, now)
    }

    fn aggregate(
        &self,
        event_type: EventType,
        provider: &str,
        operation: &str,
        tally: &Tally,
        now: UnixNanos,
    ) -> Option<Aggregate> {
        let first = tally.first?;
        // A second at least: of one event nobody knows how often it comes.
        let since = Duration::from_nanos(now.0.saturating_sub(first.0)).max(Duration::from_secs(1));
        let seconds = since.min(self.length).as_secs_f64();
        let measures = tally.measures();
        let quantile = |share| measures.and_then(|measures| measures.quantile(share));
        Some(Aggregate {
            event_type,
            provider: provider.to_owned(),
            operation: operation.to_owned(),
            count: tally.count,
            errors: tally.errors,
            error_share: tally.errors as f64 / tally.count as f64,
            rate: tally.count as f64 / seconds,
            min: measures.map(|measures| measures.min),
            max: measures.map(|measures| measures.max),
            mean: measures.map(|measures| measures.sum / measures.count as f64),
            p50: quantile(0.5),
            p95: quantile(0.95),
            p99: quantile(0.99),
        })
    }
}

impl Kind {
    fn of(event: &TelemetryEvent) -> Self {
        Self {
            event_type: match event.event_type() {
                EventType::Error => EventType::Performance,
                event_type => event_type,
            },
            provider: event.provider_name().unwrap_or_default().into(),
            operation: event.operation().into(),
        }
    }

    fn overflow(self) -> Self {
        Self {
            provider: OVERFLOW.into(),
            operation: OVERFLOW.into(),
            ..self
        }
    }
}
