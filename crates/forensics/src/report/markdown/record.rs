//! The sections on the record itself: whether it is whole, and what was logged.

use super::super::human::{bytes, duration, harmless};
use super::super::table::Table;
use super::Page;
use crate::health::{Health, RecordState};
use crate::timeline::OffsetInterval;

impl Page {
    pub(super) fn record(&mut self, health: &Health) {
        let record = &health.record;
        self.section("Record");
        self.line(format!(
            "{} tapes, {} of records\n",
            record.tapes,
            bytes(record.bytes)
        ));
        let troubles = troubles(record);
        for trouble in &troubles {
            self.line(format!("- {trouble}"));
        }
        if troubles.is_empty() {
            self.line("Whole: nothing lost, damaged, orphaned or there twice.");
        }
        self.line("");
        if record.clock_offsets.is_empty() {
            return;
        }
        let mut table = Table::of(&[
            "Clock of",
            "against",
            ">ahead by at least",
            ">at most",
            ">Crossings",
        ]);
        for offset in &record.clock_offsets {
            let OffsetInterval { least, most } = offset.ahead;
            table.row([
                harmless(&offset.host),
                harmless(&offset.reference),
                bound(least),
                bound(most),
                offset.crossings.to_string(),
            ]);
        }
        self.table(&table);
    }

    pub(super) fn logs(&mut self, health: &Health) {
        let logs = &health.logs;
        if logs.records == 0 && logs.events.is_empty() {
            return;
        }
        self.section("Logs and events");
        self.line(format!(
            "{} log records: {} fatal, {} error, {} warn, {} info, {} debug, {} trace, {} without a level\n",
            logs.records, logs.fatal, logs.error, logs.warn, logs.info, logs.debug, logs.trace, logs.unset
        ));
        if logs.events.is_empty() {
            return;
        }
        let mut table = Table::of(&["Event", ">Count"]);
        const MOST: usize = 50;
        for (event, count) in logs.events.iter().take(MOST) {
            table.row([harmless(event), count.to_string()]);
        }
        self.table(&table);
        self.rest(logs.events.len() as u64, logs.events.len().min(MOST));
    }
}

fn bound(bound: Option<i64>) -> String {
    match bound {
        None => "unbounded".to_owned(),
        Some(nanos) if nanos < 0 => format!("-{}", duration(nanos.unsigned_abs())),
        Some(nanos) => duration(nanos.unsigned_abs()),
    }
}

/// What is not as it should be, each in a line.
fn troubles(record: &RecordState) -> Vec<String> {
    let mut lines = Vec::new();
    for tape in &record.unreadable.first {
        lines.push(format!(
            "{} cannot be read: {}",
            harmless(&tape.tape),
            harmless(&tape.reason)
        ));
    }
    for tape in &record.damaged.first {
        for damage in &tape.damage.first {
            lines.push(format!(
                "{} is damaged: {}",
                harmless(&tape.tape),
                harmless(damage)
            ));
        }
    }
    for lost in &record.lost.first {
        lines.push(format!(
            "{} lost {} records: {}",
            harmless(&lost.tape),
            lost.count,
            lost.reason
        ));
    }
    if !record.orphans.is_empty() {
        lines.push(format!(
            "{} spans have a parent that no tape has",
            record.orphans.total
        ));
    }
    if record.duplicates.total > 0 {
        let (total, differing) = (record.duplicates.total, record.duplicates.differing);
        lines.push(format!(
            "{total} spans are on several tapes, {differing} of them with other content"
        ));
    }
    if record.unlisted > 0 {
        lines.push(format!(
            "{} open spans found no room in the list of those",
            record.unlisted
        ));
    }
    for tape in &record.unclosed.first {
        lines.push(format!("{} was not closed", harmless(&tape.tape)));
    }
    let disagreeing = record
        .clock_offsets
        .iter()
        .filter(|offset| offset.ahead.excludes_zero());
    for offset in disagreeing {
        lines.push(format!(
            "the clock of {} is set differently",
            harmless(&offset.host)
        ));
    }
    lines
}
