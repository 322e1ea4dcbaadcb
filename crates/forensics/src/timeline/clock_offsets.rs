//! By how much the clocks of two hosts can differ, from the spans that cross between them.
//!
//! A span does not start before the span it was started in. So where a parent on host `a` has a child on host `b`, the
//! clock of `b` is ahead of that of `a` by at most `child.start - parent.start`. A server's span also ends before
//! the client's that waits for it: `b` is ahead by at least `child.end - parent.end`. All such bounds together, through
//! third hosts too, give an interval. Times themselves are never changed.

use std::collections::BTreeMap;

use serde::Serialize;

use super::process::Process;
use super::span::{Span, SpanState};

/// OTLP's `SpanKind` of a span that waits for an answer, and of the one that gives it.
const CLIENT: u8 = 3;
const SERVER: u8 = 2;

/// The clock of a host against that of the reference host, where the run began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClockOffset {
    /// The host.
    pub host: String,
    /// The host that it is held against.
    pub reference: String,
    /// By how much it can be ahead.
    pub ahead: OffsetInterval,
    /// Spans that crossed between this host and others.
    pub crossings: u64,
}

/// Bounds in nanoseconds; negative is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OffsetInterval {
    /// The least; `None` if nothing bounds it.
    pub least: Option<i64>,
    /// The most; `None` if nothing bounds it.
    pub most: Option<i64>,
}

impl OffsetInterval {
    /// Whether the clocks cannot have agreed.
    pub fn excludes_zero(self) -> bool {
        self.least.is_some_and(|least| least > 0) || self.most.is_some_and(|most| most < 0)
    }

    /// Whether no offset fits all spans: a clock was set meanwhile, or a child is not what its parent waited for.
    pub fn is_contradiction(self) -> bool {
        matches!((self.least, self.most), (Some(least), Some(most)) if least > most)
    }
}

pub(super) fn bounds(processes: &[Process], spans: &[Span]) -> Vec<ClockOffset> {
    let mut hosts: Vec<&str> = Vec::new();
    let mut host_of = Vec::with_capacity(processes.len());
    for process in processes {
        let known = hosts.iter().position(|host| *host == process.host);
        host_of.push(known.unwrap_or(hosts.len()));
        if known.is_none() {
            hosts.push(&process.host);
        }
    }
    let Some(first) = spans.first() else {
        return Vec::new();
    };
    let reference = host_of[first.process.index()];
    // At most how far the second host's clock is ahead of the first's.
    let mut most: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    let mut crossings = vec![0; hosts.len()];
    for child in spans {
        let Some(parent) = child.parent.map(|parent| &spans[parent.index()]) else {
            continue;
        };
        let (from, to) = (host_of[parent.process.index()], host_of[child.process.index()]);
        if from == to {
            continue;
        }
        crossings[from] += 1;
        crossings[to] += 1;
        lower(&mut most, (from, to), difference(child.start.0, parent.start.0));
        if waits_for(parent, child) {
            lower(&mut most, (to, from), difference(parent.end.0, child.end.0));
        }
    }
    tighten(&mut most, hosts.len());
    (0..hosts.len())
        .filter(|host| *host != reference)
        .map(|host| ClockOffset {
            host: hosts[host].to_owned(),
            reference: hosts[reference].to_owned(),
            ahead: OffsetInterval {
                least: most.get(&(host, reference)).map(|bound| bound.saturating_neg()),
                most: most.get(&(reference, host)).copied(),
            },
            crossings: crossings[host],
        })
        .collect()
}

fn waits_for(parent: &Span, child: &Span) -> bool {
    parent.kind == CLIENT
        && child.kind == SERVER
        && parent.state == SpanState::Ended
        && child.state == SpanState::Ended
}

fn difference(later: u64, earlier: u64) -> i64 {
    (i128::from(later) - i128::from(earlier)).clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

fn lower(most: &mut BTreeMap<(usize, usize), i64>, pair: (usize, usize), bound: i64) {
    let known = most.entry(pair).or_insert(bound);
    *known = bound.min(*known);
}

/// What two hosts say of a third bounds them too (all shortest paths, by Floyd and Warshall).
fn tighten(most: &mut BTreeMap<(usize, usize), i64>, hosts: usize) {
    for via in 0..hosts {
        for from in 0..hosts {
            let Some(first) = most.get(&(from, via)).copied() else {
                continue;
            };
            for to in (0..hosts).filter(|to| *to != from) {
                if let Some(second) = most.get(&(via, to)).copied() {
                    lower(most, (from, to), first.saturating_add(second));
                }
            }
        }
    }
}
