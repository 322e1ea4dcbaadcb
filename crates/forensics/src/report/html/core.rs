//! The block that the page begins with: everything but the details of single records.

use serde::Serialize;
use serde_json::Value;
use telensic_run::Manifest;
use telensic_tape::otlp::{Attributes, field};

use super::ReportInput;
use super::columns::Columns;
use super::details::Pairs;
use super::dictionary::Dictionary;
use super::records::Records;
use super::thinning::Shown;
use crate::critical_path::CriticalPath;
use crate::health::Health;
use crate::timeline::{ClockOffset, Process, Timeline};

#[derive(Serialize)]
pub(super) struct Core<'d, 'a> {
    version: &'static str,
    run: &'a Manifest,
    /// Unix nanoseconds of the earliest record, as text: a number of the page would not be exact.
    origin: String,
    /// From there to the latest.
    extent: u64,
    processes: Vec<ProcessRow<'d, 'a>>,
    unreadable: Vec<(String, &'a str)>,
    clocks: Vec<ClockOffset>,
    duplicates: usize,
    metrics: u64,
    spans: Columns,
    events: Count,
    logs: Count,
    /// Place of the span from 1, nanoseconds since the run's start, duration; again and again.
    critical: Vec<u64>,
    health: Option<&'a Health>,
    /// What is missing and what is unlike earlier runs, in words.
    notes: Vec<(&'static str, String)>,
    provenance: &'a Option<Value>,
    is_pack: bool,
}

#[derive(Serialize)]
struct Count {
    total: usize,
    shown: usize,
}

#[derive(Serialize)]
struct ProcessRow<'d, 'a> {
    tape: &'a str,
    host: &'a str,
    pid: u32,
    ordinal: u32,
    service: &'a str,
    closed: bool,
    clock_step: i64,
    last_seen: u64,
    lost: Vec<(&'static str, u64)>,
    unlisted: u64,
    damage: Vec<String>,
    resource: Pairs<'d, 'a>,
}

/// When the earliest record of a run was made, and when the latest.
pub(super) struct Extent {
    pub(super) from: u64,
    pub(super) to: u64,
}

impl Extent {
    pub(super) fn of(timeline: &Timeline, manifest: &Manifest) -> Self {
        let starts = timeline.spans().first().map(|span| span.start.0);
        let logs = timeline.logs().first().map(|log| log.time.0);
        let from = starts.into_iter().chain(logs).filter(|time| *time > 0).min();
        let ends = timeline.spans().iter().map(|span| span.end.0).max();
        let last_log = timeline.logs().last().map(|log| log.time.0);
        let from = from.unwrap_or(manifest.started_unix_nano);
        let to = ends.into_iter().chain(last_log).max().unwrap_or(from);
        Self {
            from,
            to: to.max(from),
        }
    }
}

impl<'d, 'a> Core<'d, 'a> {
    pub(super) fn of(
        input: &'a ReportInput<'a>,
        shown: &Shown,
        records: &Records,
        dictionary: &'d Dictionary<'a>,
        extent: &Extent,
    ) -> Self {
        let timeline = input.timeline;
        Self {
            version: env!("CARGO_PKG_VERSION"),
            run: input.manifest,
            origin: extent.from.to_string(),
            extent: extent.to - extent.from,
            processes: timeline
                .processes()
                .iter()
                .map(|process| row(process, dictionary, extent))
                .collect(),
            unreadable: timeline
                .unreadable()
                .iter()
                .map(|tape| {
                    let name = tape.path.file_name().unwrap_or_default();
                    (name.to_string_lossy().into_owned(), tape.reason.as_str())
                })
                .collect(),
            clocks: timeline.clock_offsets(),
            duplicates: timeline.duplicates().len(),
            metrics: timeline.metric_count(),
            spans: Columns::of(timeline, shown, dictionary, extent.from),
            events: Count {
                total: records.events_in_all,
                shown: records.events.len(),
            },
            logs: Count {
                total: records.logs_in_all,
                shown: records.logs.len(),
            },
            critical: critical(input.critical_path, shown, extent),
            health: input.health,
            notes: input.health.map(notes).unwrap_or_default(),
            provenance: &input.provenance,
            is_pack: input.pack.is_some(),
        }
    }
}

fn row<'d, 'a>(process: &'a Process, dictionary: &'d Dictionary<'a>, extent: &Extent) -> ProcessRow<'d, 'a> {
    ProcessRow {
        tape: &process.tape,
        host: &process.host,
        pid: process.pid,
        ordinal: process.ordinal,
        service: &process.service,
        closed: process.is_closed,
        clock_step: process.clock_step,
        last_seen: process.last_seen.0.saturating_sub(extent.from),
        lost: process
            .lost
            .iter()
            .map(|(reason, count)| (reason.name(), *count))
            .collect(),
        unlisted: process.unlisted,
        damage: process.damage.iter().map(ToString::to_string).collect(),
        resource: Pairs::of(
            Attributes::new(&process.resource, field::resource::ATTRIBUTE),
            dictionary,
        ),
    }
}

fn notes(health: &Health) -> Vec<(&'static str, String)> {
    let gaps = health.gaps.first.iter().map(|gap| ("gap", gap.to_string()));
    let anomalies = health.anomalies.iter();
    gaps.chain(anomalies.map(|anomaly| ("unusual", anomaly.to_string())))
        .collect()
}

fn critical(path: Option<&CriticalPath>, shown: &Shown, extent: &Extent) -> Vec<u64> {
    path.into_iter()
        .flat_map(CriticalPath::segments)
        .flat_map(|segment| {
            [
                shown.place(Some(segment.span)).into(),
                segment.from.0.saturating_sub(extent.from),
                segment.duration(),
            ]
        })
        .collect()
}
