//! The name of a segment.

use telensic_tape::Signal;

use crate::tenant::Tenant;
use crate::wal::Position;

/// Which rows a segment has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SegmentId {
    pub(crate) signal: Signal,
    pub(crate) tenant: Tenant,
    pub(crate) from: Position,
    pub(crate) to: Position,
    /// 0 for what comes from the log; a compaction makes one more than its sources have.
    pub(crate) generation: u32,
}

impl SegmentId {
    /// The name on a shelf.
    pub(crate) fn name(&self) -> String {
        format!(
            "{}/{}/{:016x}-{:016x}-{:04x}.parquet",
            directory(self.signal),
            self.tenant,
            self.from.0,
            self.to.0,
            self.generation
        )
    }

    /// The segment of this name, if it is one.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let mut parts = name.split('/');
        let signal = match parts.next()? {
            "spans" => Signal::Spans,
            "logs" => Signal::Logs,
            "metrics" => Signal::Metrics,
            _ => return None,
        };
        let tenant = parts.next()?.parse().ok()?;
        let mut numbers = parts.next()?.strip_suffix(".parquet")?.split('-');
        let mut number = || u64::from_str_radix(numbers.next()?, 16).ok();
        let id = Self {
            signal,
            tenant,
            from: Position(number()?),
            to: Position(number()?),
            generation: number()?.try_into().ok()?,
        };
        (id.name() == name).then_some(id)
    }

    /// Whether all rows of the other one are in this one, which was made from it.
    pub(crate) fn replaces(&self, other: &Self) -> bool {
        self.signal == other.signal
            && self.tenant == other.tenant
            && self.generation > other.generation
            && self.from <= other.from
            && other.to <= self.to
    }
}

fn directory(signal: Signal) -> &'static str {
    match signal {
        Signal::Spans => "spans",
        Signal::Logs => "logs",
        Signal::Metrics => "metrics",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(from: u64, to: u64, generation: u32) -> SegmentId {
        SegmentId {
            signal: Signal::Logs,
            tenant: Tenant::default(),
            from: Position(from),
            to: Position(to),
            generation,
        }
    }

    #[test]
    fn a_name_reads_back_and_nothing_else_is_one() {
        let name = id(32, 1 << 40, 3).name();
        assert_eq!(
            name,
            "logs/default/0000000000000020-0000010000000000-0003.parquet"
        );
        assert_eq!(SegmentId::parse(&name), Some(id(32, 1 << 40, 3)));
        for other in ["", "logs/default/20-30-0.parquet", "traces/default/a", &name[1..]] {
            assert_eq!(SegmentId::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_later_generation_replaces_what_lies_within_it() {
        assert!(id(0, 30, 1).replaces(&id(10, 20, 0)));
        assert!(!id(0, 30, 1).replaces(&id(20, 40, 0)));
        assert!(!id(10, 20, 0).replaces(&id(10, 20, 0)));
        assert!(!id(0, 30, 0).replaces(&id(10, 20, 1)));
    }
}
