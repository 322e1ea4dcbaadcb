//! Snapshots of all metrics on the tape, written by the clerk every few seconds and at the end.
//!
//! Invariant: the last state of every series is on the tape. A point that has not changed is left out for a minute, so that
//! a program that does nothing writes next to nothing.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use foldhash::fast::RandomState;
use telensic_tape::otlp::put_scope;
use telensic_tape::{Lane, Signal, TapeWriter, UnixNanos};

use super::family::{Point, SeriesId};
use super::recording::{self, TallyId};
use super::registry::{FamilySnapshot, Snapshot, global};
use super::{Temporality, otlp, process, temporality};
use crate::config::Settings;
use crate::scope::DEFAULT_SCOPE;

/// Writes snapshots to one tape.
pub(crate) struct Snapshots {
    lane: Option<Lane>,
    tally: TallyId,
    every: Duration,
    temporality: Temporality,
    last: Instant,
    written: Written,
}

/// What each series was written as, and when.
#[derive(Default)]
struct Written {
    points: HashMap<SeriesId, (u64, Instant)>,
    hasher: RandomState,
}

/// A point that is to be written.
struct Row<'s> {
    /// What its series stands at.
    point: &'s Point,
    /// Since when it was counted.
    since: UnixNanos,
    bytes: Vec<u8>,
}

/// An unchanged point is written again after this time: readers take a series that is silent for long as ended.
const REPEAT: Duration = Duration::from_secs(60);

/// Data points of one record.
const POINTS: usize = 64;

impl Snapshots {
    pub(crate) fn new(settings: &Settings, tape: &TapeWriter) -> Self {
        // They exist in all programs, so they are not left to the first look at them.
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            global().observe_with(process::observe);
            global().observe_with(recording::observe);
        });
        Self {
            lane: None,
            tally: recording::begin(tape),
            every: settings.metrics.every,
            temporality: settings.metrics.temporality,
            last: Instant::now(),
            written: Written::default(),
        }
    }

    /// Writes one if it is time, or somebody waits for it.
    pub(crate) fn write_if_due(&mut self, tape: &TapeWriter, is_awaited: bool) {
        if is_awaited || self.last.elapsed() >= self.every {
            self.write(tape);
        }
    }

    fn write(&mut self, tape: &TapeWriter) {
        self.last = Instant::now();
        let snapshot = global().snapshot();
        let mut lane = self.lane.take().unwrap_or_else(|| {
            let mut scope = Vec::new();
            put_scope(&mut scope, DEFAULT_SCOPE, env!("CARGO_PKG_VERSION"));
            tape.lane(Signal::Metrics, Arc::from(scope), true, 0)
        });
        for family in &snapshot.families {
            self.write_family(&mut lane, family, &snapshot);
        }
        self.lane = Some(lane);
    }

    fn write_family(&mut self, lane: &mut Lane, family: &FamilySnapshot, snapshot: &Snapshot) {
        let definition = &family.definition;
        let temporality = self.temporality.of(definition.kind);
        let points = family.points.iter();
        let rows: Vec<Row<'_>> = match temporality {
            Temporality::Cumulative => points
                .filter_map(|point| {
                    let bytes = otlp::point(definition, point);
                    let since = snapshot.since;
                    let row = Row { point, since, bytes };
                    self.written.is_due(&row, self.last).then_some(row)
                })
                .collect(),
            Temporality::Delta => points
                .filter_map(|point| {
                    let (step, since) = temporality::step(point, snapshot.since)?;
                    let bytes = otlp::point(definition, &step);
                    Some(Row { point, since, bytes })
                })
                .collect(),
        };
        for some in rows.chunks(POINTS) {
            let points = some.iter().map(|row| (row.since, row.bytes.as_slice()));
            let metric = otlp::metric(definition, temporality, points, snapshot.at);
            // A loss is counted by the tape, which the next snapshot says, and brings what this one should have.
            if lane.append(&metric, snapshot.at).is_err() {
                continue;
            }
            for row in some {
                match temporality {
                    Temporality::Cumulative => self.written.note(row, self.last),
                    Temporality::Delta => temporality::note(row.point, snapshot.at),
                }
            }
        }
    }

    /// Writes the last one. What the tape then counts while it is closed is still told by [`Self::end`].
    pub(crate) fn write_last(&mut self, tape: &TapeWriter) {
        self.written.points.clear();
        self.write(tape);
        // Hands its chunk on, so that it is closed with the others.
        self.lane = None;
    }

    /// The tape is closed.
    pub(crate) fn end(self) {
        recording::end(self.tally);
    }
}

impl Written {
    /// Whether it has changed, or was not written for long.
    fn is_due(&self, row: &Row<'_>, now: Instant) -> bool {
        let last = self.points.get(&row.point.series);
        last.is_none_or(|(hash, at)| *hash != self.hash(row) || now.duration_since(*at) >= REPEAT)
    }

    fn note(&mut self, row: &Row<'_>, now: Instant) {
        self.points.insert(row.point.series, (self.hash(row), now));
    }

    fn hash(&self, row: &Row<'_>) -> u64 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(&row.bytes);
        hasher.finish()
    }
}
