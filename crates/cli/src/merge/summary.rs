//! What joining tapes came to: what is there twice, what lacks its parent, and how far clocks can differ.

use std::collections::BTreeSet;

use serde::Serialize;
use telensic_forensics::Timeline;
use telensic_forensics::timeline::{ClockOffset, SpanState};

use crate::exit::Failure;
use crate::screen::Screen;
use crate::units::{counted, duration};

/// What a join comes to.
#[derive(Serialize)]
pub(crate) struct MergeSummary {
    tapes: u64,
    unreadable: u64,
    hosts: u64,
    spans: u64,
    logs: u64,
    open: u64,
    orphans: u64,
    duplicates: u64,
    /// Duplicates of which the tapes say different things.
    differing: u64,
    damaged_tapes: u64,
    lost_records: u64,
    clock_offsets: Vec<ClockOffset>,
}

impl MergeSummary {
    pub(crate) fn of(timeline: &Timeline) -> Self {
        let processes = timeline.processes();
        let hosts: BTreeSet<&str> = processes.iter().map(|process| process.host.as_str()).collect();
        let is_open = |state| state == SpanState::Open;
        let lost = processes
            .iter()
            .flat_map(|process| &process.lost)
            .map(|(_, count)| count);
        Self {
            tapes: processes.len() as u64,
            unreadable: timeline.unreadable().len() as u64,
            hosts: hosts.len() as u64,
            spans: timeline.spans().len() as u64,
            logs: timeline.logs().len() as u64,
            open: timeline.spans().iter().filter(|span| is_open(span.state)).count() as u64,
            orphans: timeline.orphans().count() as u64,
            duplicates: timeline.duplicates().len() as u64,
            differing: timeline
                .duplicates()
                .iter()
                .filter(|double| double.differs)
                .count() as u64,
            damaged_tapes: processes
                .iter()
                .filter(|process| !process.damage.is_empty())
                .count() as u64,
            lost_records: lost.sum(),
            clock_offsets: timeline.clock_offsets(),
        }
    }
}

/// Says it on stderr: the output may be the trace itself.
pub(crate) fn print(screen: &mut Screen, merged: &MergeSummary) -> Result<(), Failure> {
    screen.complain(&format!(
        "{} of {}: {}, {}",
        counted(merged.tapes, "tape"),
        counted(merged.hosts, "host"),
        counted(merged.spans, "span"),
        counted(merged.logs, "log record")
    ))?;
    let notes = [
        (merged.open, "span", "did not end"),
        (merged.orphans, "span", "named a parent that no tape has"),
        (
            merged.duplicates,
            "duplicate",
            "left out, a span that several tapes have",
        ),
        (
            merged.differing,
            "duplicate",
            "said something else than the one that was kept",
        ),
        (
            merged.damaged_tapes,
            "tape",
            "damaged: `telensic tape --check` names the places",
        ),
        (merged.lost_records, "record", "lost while recording"),
    ];
    for (count, noun, what) in notes.iter().filter(|(count, ..)| *count > 0) {
        screen.complain(&format!("{} {what}", counted(*count, noun)))?;
    }
    for offset in &merged.clock_offsets {
        screen.complain(&format!(
            "the clock of {} against {}: ahead by at least {} and at most {} ({})",
            offset.host,
            offset.reference,
            bound(offset.ahead.least),
            bound(offset.ahead.most),
            counted(offset.crossings, "crossing")
        ))?;
    }
    Ok(())
}

fn bound(bound: Option<i64>) -> String {
    match bound {
        None => "anything".to_owned(),
        Some(nanos) if nanos < 0 => format!("-{}", duration(nanos.unsigned_abs())),
        Some(nanos) => duration(nanos.unsigned_abs()),
    }
}
