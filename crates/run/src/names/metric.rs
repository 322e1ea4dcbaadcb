//! The standard metrics as data: what a registry makes, an exporter describes and a dashboard asks for.

/// How a metric behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// It only grows.
    Counter,
    /// It goes up and down.
    Gauge,
    /// It counts values by size.
    Histogram,
}

/// A standard metric.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metric {
    /// Its name, without a namespace.
    pub name: &'static str,
    /// How it behaves.
    pub kind: MetricKind,
    /// What it says, in a line.
    pub help: &'static str,
    /// The names of its labels, in order.
    pub labels: &'static [&'static str],
    /// The upper bounds of a histogram's buckets, without infinity; empty for other kinds.
    pub buckets: &'static [f64],
}

/// Bounds for calls over a network, in seconds.
pub const CALL_SECONDS: &[f64] = &[
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// Bounds for stages, which take from milliseconds to an hour, in seconds.
pub const STAGE_SECONDS: &[f64] = &[
    0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0, 1800.0, 3600.0,
];

/// Bounds for long-running operations, in seconds.
pub const OPERATION_SECONDS: &[f64] = &[1.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0];

const fn counter(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    Metric {
        name,
        kind: MetricKind::Counter,
        help,
        labels,
        buckets: &[],
    }
}

const fn gauge(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    Metric {
        kind: MetricKind::Gauge,
        ..counter(name, labels, help)
    }
}

const fn histogram(
    name: &'static str,
    labels: &'static [&'static str],
    buckets: &'static [f64],
    help: &'static str,
) -> Metric {
    Metric {
        kind: MetricKind::Histogram,
        buckets,
        ..counter(name, labels, help)
    }
}

macro_rules! metrics {
    ($($name:ident = $metric:expr;)*) => {
        $(
            #[doc = concat!("The standard metric of this name in lower case.")]
            pub const $name: Metric = $metric;
        )*

        /// Every standard metric.
        pub const STANDARD: &[Metric] = &[$($name),*];
    };
}

metrics! {
    STAGE_DURATION_SECONDS = histogram("stage_duration_seconds", &["stage_id", "status"], STAGE_SECONDS,
        "how long a stage took");
    STAGE_SUCCESS_TOTAL = counter("stage_success_total", &["stage_id"], "stages that ended well");
    STAGE_FAILURE_TOTAL = counter("stage_failure_total", &["stage_id", "error_type"],
        "stages that ended with an error");
    ADAPTER_REQUESTS_TOTAL = counter("adapter_requests_total", &["provider", "operation", "status"],
        "calls to a data provider");
    ADAPTER_REQUEST_DURATION_SECONDS = histogram("adapter_request_duration_seconds", &["provider", "operation"],
        CALL_SECONDS, "how long a call to a data provider took");
    ADAPTER_ACTIVE_REQUESTS = gauge("adapter_active_requests", &["provider"],
        "calls to a data provider under way");
    ADAPTER_ERRORS_TOTAL = counter("adapter_errors_total", &["provider", "operation", "error_type"],
        "calls to a data provider that failed");
    ADAPTER_SUCCESS_RATE = gauge("adapter_success_rate", &["provider"],
        "share of the latest calls to a data provider that succeeded, 0 to 1");
    ADAPTER_CACHE_HITS_TOTAL = counter("adapter_cache_hits_total", &["provider", "cache_type"],
        "answers from a cache");
    ADAPTER_CACHE_MISSES_TOTAL = counter("adapter_cache_misses_total", &["provider", "cache_type"],
        "questions that a cache could not answer");
    ADAPTER_DATA_VOLUME_TOTAL = counter("adapter_data_volume_total", &["provider", "data_type"],
        "data points received from a data provider");
    ADAPTER_RATE_LIMITED_TOTAL = counter("adapter_rate_limited_total", &["provider"],
        "calls that a data provider refused as too many");
    ADAPTER_CONNECTION_ERRORS_TOTAL = counter("adapter_connection_errors_total", &["provider"],
        "calls for which there was no connection");
    ADAPTER_TIMEOUTS_TOTAL = counter("adapter_timeouts_total", &["provider", "operation"],
        "calls that took too long");
    OPERATIONS_TOTAL = counter("operations_total", &["operation_type", "status"],
        "long-running operations");
    OPERATION_DURATION_SECONDS = histogram("operation_duration_seconds", &["operation_type", "status"],
        OPERATION_SECONDS, "how long an operation took");
    RECORDS_WRITTEN_TOTAL = counter("telensic_records_written_total", &["signal"],
        "records on the tape");
    RECORDS_EXPORTED_TOTAL = counter("telensic_records_exported_total", &["signal", "exporter"],
        "records that an exporter has handed over");
    RECORDS_DROPPED_TOTAL = counter("telensic_records_dropped_total", &["signal", "reason"],
        "records lost, and why");
    QUEUE_DEPTH = gauge("telensic_queue_depth", &["queue"], "records that wait");
    TAPE_BYTES = gauge("telensic_tape_bytes", &[], "bytes that the tape takes");
    EVENTS_INVALID_TOTAL = counter("telensic_events_invalid_total", &["event"],
        "events that do not fit their schema");
    OPEN_SPANS_UNLISTED_TOTAL = counter("telensic_open_spans_unlisted_total", &[],
        "spans for which the table of open spans had no room");
    METRIC_UPDATES_REFUSED_TOTAL = counter("telensic_metric_updates_refused_total", &["reason"],
        "changes of metrics that make no sense, and why");
    PUSHES_TOTAL = counter("telensic_pushes_total", &["status"], "pushes of all metrics to a gateway");
    PROCESS_CPU_SECONDS_TOTAL = counter("process_cpu_seconds_total", &[],
        "CPU time that the process took, in seconds");
    PROCESS_RESIDENT_MEMORY_BYTES = gauge("process_resident_memory_bytes", &[],
        "memory that the process has in RAM, in bytes");
    PROCESS_VIRTUAL_MEMORY_BYTES = gauge("process_virtual_memory_bytes", &[],
        "memory that the process has mapped, in bytes");
    PROCESS_THREADS = gauge("process_threads", &[], "threads of the process");
    PROCESS_OPEN_FDS = gauge("process_open_fds", &[], "files and sockets that the process has open");
    PROCESS_MAX_FDS = gauge("process_max_fds", &[], "files and sockets that the process may have open");
    PROCESS_START_TIME_SECONDS = gauge("process_start_time_seconds", &[],
        "when the process started, in seconds since 1970");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_say_their_kind_and_buckets_rise() {
        let mut names: Vec<_> = STANDARD.iter().map(|metric| metric.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STANDARD.len());
        for metric in STANDARD {
            let is_counter = metric.kind == MetricKind::Counter;
            assert_eq!(metric.name.ends_with("_total"), is_counter, "{}", metric.name);
            let is_histogram = metric.kind == MetricKind::Histogram;
            assert_eq!(!metric.buckets.is_empty(), is_histogram, "{}", metric.name);
            assert!(
                metric.buckets.windows(2).all(|pair| pair[0] < pair[1]),
                "{}",
                metric.name
            );
        }
    }
}
