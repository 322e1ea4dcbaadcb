//! What differs between any two runs and means nothing: names of this very execution, ports that the system drew for it, and
//! times read off the wall.
//!
//! A field of a time (`timestamp`, `as_of`, ...) is a reading of the wall clock if it lies within its own run; then it is
//! not compared. A time outside the run is data, a bar's for instance, and is compared.

use telensic_run::event::Moment;

use crate::Timeline;

/// Fields that name this execution, not what it did.
const NAMES: &[&str] = &[
    "decision_id",
    "elapsed",
    "fill_id",
    "fill_ids",
    "host",
    "host.name",
    "hostname",
    "node",
    "node_ip",
    "operation.id",
    "operation_id",
    "parent_span_id",
    "pid",
    "pnl_id",
    "process.pid",
    "request_id",
    "run_id",
    "session_id",
    "span_id",
    "thread.id",
    "thread_id",
    "tid",
    "trace_id",
    "worker",
    "worker_id",
];

/// Fields that hold a time, of the data or of the wall.
const TIMES: &[&str] = &[
    "as_of",
    "event_time",
    "knowledge_time",
    "time",
    "timestamp",
    "timestamp_ns",
    "ts",
];

/// Whether a field of this name is never compared.
pub(super) fn is_volatile(key: &str) -> bool {
    NAMES.binary_search(&key).is_ok() || key.contains("duration") || key.contains("elapsed")
}

/// Systems draw a port that nobody asked for from here on.
pub(super) const FIRST_DRAWN: u16 = 32_768;

/// Whether this field is a port that the system drew for this execution.
pub(super) fn is_drawn_port(key: &str, port: i64) -> bool {
    let is_port = key == "port" || key.ends_with(".port") || key.ends_with("_port");
    is_port && (i64::from(FIRST_DRAWN)..=i64::from(u16::MAX)).contains(&port)
}

/// When a run was under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnderWay {
    from: i64,
    to: i64,
}

impl UnderWay {
    /// From the first record to the last.
    pub(super) fn of(timeline: &Timeline) -> Self {
        let spans = timeline.spans();
        let logs = timeline.logs();
        let starts = spans.first().map(|span| span.start);
        let from = starts.into_iter().chain(logs.first().map(|log| log.time)).min();
        let ends = spans.iter().map(|span| span.end).max();
        let to = ends.into_iter().chain(logs.last().map(|log| log.time)).max();
        let bound = |time: Option<telensic_tape::UnixNanos>| {
            i64::try_from(time.unwrap_or_default().0).unwrap_or(i64::MAX)
        };
        Self {
            from: bound(from),
            to: bound(to),
        }
    }

    /// Whether this field is a time of the wall, as an integer.
    pub(super) fn has_nanos(self, key: &str, nanos: i64) -> bool {
        TIMES.contains(&key) && (self.from..=self.to).contains(&nanos)
    }

    /// Whether this field is a time of the wall, as text.
    pub(super) fn has_text(self, key: &str, text: &str) -> bool {
        TIMES.contains(&key)
            && text
                .parse::<Moment>()
                .is_ok_and(|moment| (self.from..=self.to).contains(&moment.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_for_the_search() {
        assert!(NAMES.is_sorted());
        assert!(is_volatile("run_id") && is_volatile("worker_id") && is_volatile("duration_ms"));
        assert!(!is_volatile("hypothesis_id") && !is_volatile("excess_gain"));
    }

    #[test]
    fn a_port_is_drawn_if_it_is_high_and_called_a_port() {
        assert!(is_drawn_port("server.port", 43_121) && is_drawn_port("peer_port", 60_000));
        assert!(!is_drawn_port("server.port", 8_080) && !is_drawn_port("report", 43_121));
    }
}
