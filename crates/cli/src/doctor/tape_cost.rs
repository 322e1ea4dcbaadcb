//! A tape, made where tapes would be made: whether it is mapped, what an append costs, whether it reads back.

use std::fs::File;
use std::sync::Arc;
use std::time::Instant;

use telensic_tape::otlp::{self, Value, field};
use telensic_tape::{
    Clock, LEAST_BUDGET, Lane, Mode, Signal, SpanId, Tape, TapeOptions, TapeWriter, TraceId,
};

use super::scratch::Scratch;
use super::{Finding, Surroundings};
use crate::platform;

/// So many records fill a few milliseconds, and twice as many fit the smallest ring.
const RECORDS: u32 = 10_000;

pub(super) fn look(surroundings: &Surroundings) -> Vec<Finding> {
    // That nothing can be written there has been said of the directory.
    let Ok(scratch) = Scratch::within(&surroundings.tape_dir()) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    findings.extend(reservation(&scratch));
    findings.extend(recording(&scratch));
    findings
}

fn reservation(scratch: &Scratch) -> Option<Finding> {
    const TOPIC: &str = "reservation";
    const TRIED: u64 = 1 << 20;
    // Growing a file past the limit would end this program; the limit is spoken of elsewhere.
    if platform::limits().file_size.is_some_and(|limit| limit < TRIED) {
        return None;
    }
    let result =
        File::create(scratch.path().join("reserved")).and_then(|file| platform::reserve(&file, TRIED));
    match result {
        Ok(None) => None,
        Ok(Some(true)) => Some(Finding::ok(TOPIC, "disk space can be reserved ahead")),
        Ok(Some(false)) => Some(Finding::warn(
            TOPIC,
            "disk space cannot be reserved ahead: zeros are written instead, which costs time and wear",
            "set TELENSIC_DIR to ext4, xfs, btrfs or tmpfs",
        )),
        Err(error) => Some(Finding::fail(
            TOPIC,
            format!("disk space cannot be reserved: {error}"),
            "free some disk space or raise the quota",
        )),
    }
}

fn recording(scratch: &Scratch) -> Vec<Finding> {
    let budget = LEAST_BUDGET;
    let options = TapeOptions::new(scratch.path().join("tape"))
        .mode(Mode::Ring { budget })
        .open_spans(64);
    let (tape, mut clerk) = TapeWriter::create(options);
    let record = span();
    let mut scope = Vec::new();
    otlp::put_scope(&mut scope, "telensic-doctor", "");
    let mut lane = tape.lane(Signal::Spans, Arc::from(scope), false, 1);
    // At first each page is touched for the first time; once the clerk has written them out they are used again.
    let (fresh, taken) = append(&mut lane, &record);
    clerk.round(&mut |_| {});
    let (nanos, taken_again) = append(&mut lane, &record);
    drop(lane);
    clerk.close(&mut |_| {});

    let mut findings = vec![match (tape.take_trouble(), tape.path()) {
        (None, _) => Finding::ok("mapping", "a file can be mapped: records survive the process"),
        (Some(trouble), Some(_)) => without_place(&trouble.to_string(), scratch, Finding::warn),
        (Some(trouble), None) => without_place(&trouble.to_string(), scratch, Finding::fail),
    }];
    let bytes = record.len();
    let cost = format!(
        "{nanos:.0} ns for a record of {bytes} bytes, time stamp included ({fresh:.0} ns on pages that are new)"
    );
    let cost = Finding::ok("append", cost).with("nanoseconds", nanos);
    findings.push(cost.with("new_page_nanoseconds", fresh).with("bytes", bytes));
    findings.extend(tape.path().map(|path| read_back(path, taken + taken_again)));
    findings
}

/// Nanoseconds that a record took, and how many were taken.
fn append(lane: &mut Lane, record: &[u8]) -> (f64, u64) {
    let clock = Clock::get();
    let begin = Instant::now();
    let taken = (0..RECORDS)
        .filter(|_| lane.append(record, clock.now()).is_ok())
        .count();
    (
        begin.elapsed().as_nanos() as f64 / f64::from(RECORDS),
        taken as u64,
    )
}

/// The tape's own words, which end in the mend, without the scratch directory.
fn without_place(
    trouble: &str,
    scratch: &Scratch,
    finding: fn(&'static str, String, String) -> Finding,
) -> Finding {
    let place = scratch.path().display().to_string();
    let parent = scratch
        .path()
        .parent()
        .unwrap_or(scratch.path())
        .display()
        .to_string();
    let text = trouble.replace(&place, &parent);
    let (why, mend) = text
        .rsplit_once(": ")
        .unwrap_or((&text, "set TELENSIC_DIR to a local directory"));
    finding("mapping", why.to_owned(), mend.to_owned())
}

fn read_back(path: &std::path::Path, written: u64) -> Finding {
    const TOPIC: &str = "read-back";
    const MEND: &str = "check the disk, and set TELENSIC_DIR to another one until it is mended";
    let tape = match Tape::open(path) {
        Ok(tape) => tape,
        Err(error) => return Finding::fail(TOPIC, format!("what was written cannot be read: {error}"), MEND),
    };
    let found: u64 = tape.chunks().map(telensic_tape::Chunk::records).sum();
    match tape.check().first() {
        None if found == written => {
            let found = crate::units::grouped(found);
            Finding::ok(TOPIC, format!("{found} records written, read back and checked"))
        }
        None => Finding::fail(TOPIC, format!("{written} records written, {found} found"), MEND),
        Some(damage) => Finding::fail(TOPIC, format!("what was just written is damaged: {damage}"), MEND),
    }
}

/// A span with four attributes, as programs record them.
fn span() -> Vec<u8> {
    let mut span = Vec::new();
    let trace = TraceId::from_bytes([7; 16]).map(TraceId::to_bytes);
    let id = SpanId::from_bytes([7; 8]).map(SpanId::to_bytes);
    otlp::put_bytes(&mut span, field::span::TRACE_ID, &trace.unwrap_or_default());
    otlp::put_bytes(&mut span, field::span::SPAN_ID, &id.unwrap_or_default());
    otlp::put_bytes(&mut span, field::span::NAME, b"run_stage:load");
    otlp::put_fixed64(&mut span, field::span::START, 1);
    otlp::put_fixed64(&mut span, field::span::END, 2);
    let attributes = [
        ("symbol", Value::Str("BTCUSDT")),
        ("rows", Value::I64(5_000)),
        ("ratio", Value::F64(0.5)),
        ("is_strict", Value::Bool(true)),
    ];
    for (key, value) in attributes {
        otlp::put_attribute(&mut span, field::span::ATTRIBUTE, key, value);
    }
    span
}
