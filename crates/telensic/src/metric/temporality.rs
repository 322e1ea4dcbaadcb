//! What the points of counters and histograms in snapshots count from: the beginning, or the snapshot before.
//!
//! Invariant: steps that follow one another add up to the total, over all tapes of the process. A step is noted only once
//! it is on a tape; one that could not be written is part of the next.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use telensic_tape::UnixNanos;

use super::definition::Kind;
use super::family::{Point, SeriesId};
use super::instrument::Reading;

/// Whether points say what was counted in all, or since the point before. The numbers are those of OTLP.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Temporality {
    /// Since the one before.
    Delta = 1,
    /// In all.
    #[default]
    Cumulative = 2,
}

impl Temporality {
    /// As OpenTelemetry calls them. `lowmemory` differs for what is measured by callbacks, which there is none of.
    pub(super) const PREFERENCES: [(&str, Self); 3] = [
        ("cumulative", Self::Cumulative),
        ("delta", Self::Delta),
        ("lowmemory", Self::Delta),
    ];

    /// That of this kind of metric: what goes up and down is told as it stands.
    pub(super) fn of(self, kind: Kind) -> Self {
        match kind {
            Kind::Counter | Kind::Histogram => self,
            Kind::Gauge | Kind::UpDownCounter => Self::Cumulative,
        }
    }
}

/// What of each series is on a tape as steps, and until when.
static NOTED: LazyLock<Mutex<HashMap<SeriesId, (Reading, UnixNanos)>>> = LazyLock::new(Mutex::default);

/// The step from the last point to this one, and when it began; `None` if nothing has happened.
pub(super) fn step(point: &Point, since: UnixNanos) -> Option<(Point, UnixNanos)> {
    let noted = NOTED.lock().unwrap_or_else(PoisonError::into_inner);
    let Some((reading, until)) = noted.get(&point.series) else {
        return Some((point.clone(), since));
    };
    let grown = point.reading.since(reading);
    (!grown.is_nothing()).then(|| {
        let step = Point {
            reading: grown,
            ..point.clone()
        };
        (step, *until)
    })
}

/// Notes that this point is on a tape.
pub(super) fn note(point: &Point, at: UnixNanos) {
    let mut noted = NOTED.lock().unwrap_or_else(PoisonError::into_inner);
    noted.insert(point.series, (point.reading.clone(), at));
}

/// Forgets the steps of a process that this one was forked from.
pub(super) fn begin_anew() {
    if let Ok(mut noted) = NOTED.try_lock() {
        noted.clear();
    }
}
