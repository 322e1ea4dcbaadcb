//! Log records and typed events: one line of JSON each, by time.
//!
//! ```text
//! event   [nanoseconds since the run's start, name, process, span, attributes, body]
//! log     [nanoseconds since the run's start, severity, process, span, body, attributes, scope]
//! ```
//!
//! A name, scope and key are numbers of the dictionary, a span is its place among the shown from 1, 0 for none.

use std::io::{self, Write};

use super::details::{Pairs, Shown as ShownValue};
use super::dictionary::Dictionary;
use super::json;
use super::thinning::{Shown, thin_logs};
use crate::timeline::{LogIndex, Timeline};

/// Which records are shown.
pub(super) struct Records {
    pub(super) events: Vec<LogIndex>,
    pub(super) logs: Vec<LogIndex>,
    pub(super) events_in_all: usize,
    pub(super) logs_in_all: usize,
}

impl Records {
    pub(super) fn of(timeline: &Timeline, most: usize) -> Self {
        let (events, logs): (Vec<_>, Vec<_>) = timeline
            .log_indices()
            .partition(|index| timeline.log(*index).event.is_some());
        let (events_in_all, logs_in_all) = (events.len(), logs.len());
        Self {
            events: thin_logs(timeline, events, most),
            logs: thin_logs(timeline, logs, most),
            events_in_all,
            logs_in_all,
        }
    }

    pub(super) fn put_events<'a>(
        &self,
        out: &mut impl Write,
        timeline: &'a Timeline,
        shown: &Shown,
        dictionary: &Dictionary<'a>,
        origin: u64,
    ) -> io::Result<()> {
        for index in &self.events {
            let (log, Some(view)) = (timeline.log(*index), timeline.log_view(*index)) else {
                continue;
            };
            let name = log.event.map_or("", |name| timeline.text(name));
            json::put(
                out,
                &(
                    log.time.0.saturating_sub(origin),
                    dictionary.number(name),
                    log.process.index(),
                    shown.place(log.span),
                    Pairs::of(view.attributes(), dictionary),
                    ShownValue::of(view.body.clone()),
                ),
            )?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    pub(super) fn put_logs<'a>(
        &self,
        out: &mut impl Write,
        timeline: &'a Timeline,
        shown: &Shown,
        dictionary: &Dictionary<'a>,
        origin: u64,
    ) -> io::Result<()> {
        for index in &self.logs {
            let (log, Some(view)) = (timeline.log(*index), timeline.log_view(*index)) else {
                continue;
            };
            json::put(
                out,
                &(
                    log.time.0.saturating_sub(origin),
                    log.severity,
                    log.process.index(),
                    shown.place(log.span),
                    ShownValue::of(view.body.clone()),
                    Pairs::of(view.attributes(), dictionary),
                    dictionary.number(timeline.text(log.scope)),
                ),
            )?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}
