//! Runs of token bytes: the only places where a provider's key can be.
//!
//! Invariant: every format has at least [`LONG_RUN`] run bytes in a row. So one byte in each [`LONG_RUN`] is probed,
//! and only where the probe hits is the run walked: a message of short words costs a sixteenth of its length.

use super::{Hit, header, jwt, shapes, token};
use crate::first_look::{LONG_RUN, SHORTEST_SHAPE};

/// A byte of a run.
const RUN: u8 = 1;
/// A digit or an upper-case letter: no key has none.
const LOUD: u8 = 1 << 1;
/// A run byte after which a key may start.
const EDGE: u8 = 1 << 2;

static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' => RUN | LOUD,
            b'a'..=b'z' => RUN,
            b'_' | b'.' | b'+' | b'/' | b'-' => RUN | EDGE,
            _ => 0,
        };
        byte += 1;
    }
    table
}

fn class(byte: u8) -> u8 {
    CLASS[usize::from(byte)]
}

/// A run, and the bytes around it.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'a> Run<'a> {
    pub(super) fn text(self) -> &'a [u8] {
        &self.bytes[self.start..self.end]
    }
}

/// Finds the runs that are long and loud enough, and the keys in them.
pub(super) fn scan(bytes: &[u8], hits: &mut Vec<Hit>) {
    let mut probe = LONG_RUN - 1;
    while probe < bytes.len() {
        if class(bytes[probe]) == 0 {
            probe += LONG_RUN;
            continue;
        }
        let mut seen = 0;
        let mut start = probe;
        while start > 0 && class(bytes[start - 1]) != 0 {
            start -= 1;
            seen |= class(bytes[start]);
        }
        let mut end = probe;
        while end < bytes.len() && class(bytes[end]) != 0 {
            seen |= class(bytes[end]);
            end += 1;
        }
        if end - start >= LONG_RUN && seen & LOUD != 0 {
            scan_run(Run { bytes, start, end }, hits);
        }
        probe = end + LONG_RUN;
    }
}

fn scan_run(run: Run<'_>, hits: &mut Vec<Hit>) {
    if let Some(hit) = header::before_run(run).or_else(|| shapes::braintree(run)) {
        hits.push(hit);
        return;
    }
    // The end of an escape (`\n`, `%3D`, `\u003d`) reads like the start of the run.
    let escaped = run.start + escape_tail(run);
    if run.end - run.start >= SHORTEST_SHAPE
        && let Some(hit) = shape_in(run, escaped)
    {
        hits.push(hit);
        return;
    }
    let mut at = run.start;
    while at + LONG_RUN <= run.end {
        let starts = at == run.start || at == escaped || class(run.bytes[at - 1]) & EDGE != 0;
        if starts && let Some(hit) = key_at(run, at) {
            at = hit.end;
            hits.push(hit);
            continue;
        }
        at += 1;
    }
}

fn shape_in(run: Run<'_>, escaped: usize) -> Option<Hit> {
    let last_part = run
        .text()
        .iter()
        .rposition(|byte| *byte == b'/')
        .map_or(run.start, |slash| run.start + slash + 1);
    [run.start, escaped, last_part]
        .into_iter()
        .find_map(|start| shapes::at_end_of(run, start))
}

fn key_at(run: Run<'_>, at: usize) -> Option<Hit> {
    token::at(run.bytes, at).or_else(|| jwt::at(run.bytes, at))
}

fn escape_tail(run: Run<'_>) -> usize {
    match (
        run.start.checked_sub(1).map(|before| run.bytes[before]),
        run.bytes[run.start],
    ) {
        (Some(b'\\'), b'u') => 5,
        (Some(b'\\'), _) => 1,
        (Some(b'%'), _) => 2,
        _ => 0,
    }
}
