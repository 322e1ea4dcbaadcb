//! The spans by name: how many, how long, how many failed.

use serde::Serialize;

use super::Listed;
use crate::timeline::{Name, SpanStatus, Timeline};

/// All spans of one name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NameRow {
    /// The name.
    pub name: String,
    /// How many there are.
    pub count: u64,
    /// Their durations together, in nanoseconds.
    pub total_ns: u64,
    /// Their self times together.
    pub self_ns: u64,
    /// The duration that half of them do not exceed.
    pub p50_ns: u64,
    /// The duration that 95 of 100 do not exceed.
    pub p95_ns: u64,
    /// The longest.
    pub max_ns: u64,
    /// How many failed.
    pub errors: u64,
}

/// The names, those with most self time first.
pub(super) fn rows(timeline: &Timeline, own: &[u64]) -> Listed<NameRow> {
    let mut groups: Vec<Group> = Vec::new();
    for (span, own) in timeline.spans().iter().zip(own) {
        let at = span.name.index();
        if at >= groups.len() {
            groups.resize_with(at + 1, Group::default);
        }
        let group = &mut groups[at];
        group.name = Some(span.name);
        group.durations.push(span.duration());
        group.own += own;
        group.errors += u64::from(span.status == SpanStatus::Error);
    }
    let mut rows: Vec<NameRow> = groups
        .into_iter()
        .filter_map(|group| group.row(timeline))
        .collect();
    rows.sort_by(|a, b| b.self_ns.cmp(&a.self_ns).then_with(|| a.name.cmp(&b.name)));
    Listed::of(rows)
}

#[derive(Default)]
struct Group {
    name: Option<Name>,
    durations: Vec<u64>,
    own: u64,
    errors: u64,
}

impl Group {
    fn row(mut self, timeline: &Timeline) -> Option<NameRow> {
        let total = self
            .durations
            .iter()
            .fold(0, |sum: u64, one| sum.saturating_add(*one));
        Some(NameRow {
            name: timeline.text(self.name?).to_owned(),
            count: self.durations.len() as u64,
            total_ns: total,
            self_ns: self.own,
            max_ns: self.durations.iter().copied().max()?,
            p95_ns: percentile(&mut self.durations, 95)?,
            p50_ns: percentile(&mut self.durations, 50)?,
            errors: self.errors,
        })
    }
}

/// The smallest value that this percentage of the values does not exceed (nearest rank).
pub(crate) fn percentile(values: &mut [u64], percent: usize) -> Option<u64> {
    let rank = (values.len() * percent).div_ceil(100).max(1);
    if values.is_empty() {
        return None;
    }
    Some(*values.select_nth_unstable(rank - 1).1)
}
