//! How whole the record itself is: what was in flight, damaged, lost, there twice, or told by clocks that disagree.

use serde::Serialize;

use super::{Listed, SpanRef};
use crate::timeline::{ClockOffset, SpanState, Timeline};

/// The state of the record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordState {
    /// Tapes read.
    pub tapes: u64,
    /// Bytes of records on them.
    pub bytes: u64,
    /// Spans in flight when their process was last heard of, the longest open first.
    pub open: Listed<InFlight>,
    /// Spans that were in flight but found no room in the list of those.
    pub unlisted: u64,
    /// Spans that name a parent that no tape has.
    pub orphans: Listed<SpanRef>,
    /// Spans that several tapes have.
    pub duplicates: DuplicateCount,
    /// Tapes of which nothing, or not everything, can be read.
    pub unreadable: Listed<Unreadable>,
    /// Tapes that are damaged, and how.
    pub damaged: Listed<DamagedTape>,
    /// Records lost while recording.
    pub lost: Listed<LostRecords>,
    /// Tapes that were not closed.
    pub unclosed: Listed<UnclosedTape>,
    /// By how much the hosts' clocks can differ.
    pub clock_offsets: Vec<ClockOffset>,
}

/// A span that did not end.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InFlight {
    /// The span.
    pub span: SpanRef,
    /// The service that it was in.
    pub service: String,
    /// When it began, Unix nanoseconds.
    pub started_unix_nano: u64,
    /// For how long it had been running when its process was last heard of.
    pub open_ns: u64,
}

/// Spans that several tapes have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DuplicateCount {
    /// How many.
    pub total: u64,
    /// Of which the tapes say different things.
    pub differing: u64,
}

/// A tape that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// Its file name.
    pub tape: String,
    /// Why, and how to mend it.
    pub reason: String,
}

/// A tape with damage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DamagedTape {
    /// Its file name.
    pub tape: String,
    /// What is damaged, each in a line.
    pub damage: Listed<String>,
}

/// Records that a process lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LostRecords {
    /// The tape's file name.
    pub tape: String,
    /// Why: `aged`, `overrun`, `no_room`, `oversize`, `closed`.
    pub reason: &'static str,
    /// How many.
    pub count: u64,
}

/// A tape that was not closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnclosedTape {
    /// Its file name.
    pub tape: String,
    /// When its process was last heard of, Unix nanoseconds.
    pub last_seen_unix_nano: u64,
}

impl RecordState {
    pub(super) fn of(timeline: &Timeline) -> Self {
        let processes = timeline.processes();
        Self {
            tapes: processes.len() as u64,
            bytes: timeline.record_bytes(),
            open: in_flight(timeline),
            unlisted: processes.iter().map(|process| process.unlisted).sum(),
            orphans: Listed::of(timeline.orphans().map(|span| SpanRef::of(timeline, span))),
            duplicates: DuplicateCount {
                total: timeline.duplicates().len() as u64,
                differing: timeline
                    .duplicates()
                    .iter()
                    .filter(|double| double.differs)
                    .count() as u64,
            },
            unreadable: Listed::of(timeline.unreadable().iter().map(|tape| {
                Unreadable {
                    tape: tape
                        .path
                        .file_name()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned(),
                    reason: tape.reason.clone(),
                }
            })),
            damaged: Listed::of(processes.iter().filter(|process| !process.damage.is_empty()).map(
                |process| DamagedTape {
                    tape: process.tape.clone(),
                    damage: Listed::of(process.damage.iter().map(ToString::to_string)),
                },
            )),
            lost: Listed::of(processes.iter().flat_map(|process| {
                process.lost.iter().map(|(reason, count)| LostRecords {
                    tape: process.tape.clone(),
                    reason: reason.name(),
                    count: *count,
                })
            })),
            unclosed: Listed::of(
                processes
                    .iter()
                    .filter(|process| !process.is_closed)
                    .map(|process| UnclosedTape {
                        tape: process.tape.clone(),
                        last_seen_unix_nano: process.last_seen.0,
                    }),
            ),
            clock_offsets: timeline.clock_offsets(),
        }
    }
}

fn in_flight(timeline: &Timeline) -> Listed<InFlight> {
    let mut open: Vec<_> = timeline
        .indices()
        .filter(|index| timeline.span(*index).state == SpanState::Open)
        .collect();
    open.sort_by_key(|index| std::cmp::Reverse(timeline.span(*index).duration()));
    Listed::of(open.into_iter().map(|index| {
        let span = timeline.span(index);
        InFlight {
            span: SpanRef::of(timeline, index),
            service: timeline.process(span.process).service.clone(),
            started_unix_nano: span.start.0,
            open_ns: span.duration(),
        }
    }))
}
