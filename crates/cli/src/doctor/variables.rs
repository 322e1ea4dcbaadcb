//! The environment variables that are known: ours, and those of the OpenTelemetry specification.
//!
//! Invariant: a variable is [`Use::Now`] exactly if the SDK of this build reads it.

use super::value::Shape;

/// Whether this build reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// It does.
    Now,
    /// It is specified, and has no effect yet.
    Later,
    /// It is about a queue, and here the tape is the queue.
    Never,
}

/// What is known of a variable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) shape: Shape,
    pub(super) used: Use,
}

const LEVELS: &[&str] = &["trace", "debug", "info", "warn", "error", "fatal"];
const OTEL_LEVELS: &[&str] = &[
    "none", "error", "warn", "info", "debug", "verbose", "trace", "all",
];
const EXPORTERS: &[&str] = &[
    "otlp",
    "console",
    "none",
    "zipkin",
    "prometheus",
    "logging",
    "otlp/stdout",
];
const EXEMPLARS: &[&str] = &["always_on", "always_off", "trace_based"];
const PROTOCOLS: &[&str] = &["grpc", "http/protobuf", "http/json"];
const COMPRESSIONS: &[&str] = &["gzip", "zstd", "none"];
const TEMPORALITIES: &[&str] = &["cumulative", "delta", "lowmemory"];
const AGGREGATIONS: &[&str] = &["explicit_bucket_histogram", "base2_exponential_bucket_histogram"];

const VARIABLES: &[(&str, Shape, Use)] = &[
    ("TELENSIC_CONSOLE", Shape::Truth, Use::Now),
    ("TELENSIC_DEBUG", Shape::Truth, Use::Now),
    ("TELENSIC_DIR", Shape::Text, Use::Now),
    (
        "TELENSIC_DURABILITY",
        Shape::Word(&["process", "power"]),
        Use::Now,
    ),
    ("TELENSIC_EXPERIMENT_ID", Shape::Text, Use::Now),
    ("TELENSIC_KEY", Shape::Text, Use::Now),
    ("TELENSIC_LOG_FILES", Shape::Truth, Use::Now),
    (
        "TELENSIC_LOG_LAYOUT",
        Shape::Word(&["telensic", "standard", "otel"]),
        Use::Now,
    ),
    ("TELENSIC_LOG_LEVEL", Shape::Word(LEVELS), Use::Now),
    ("TELENSIC_OPEN_SPANS", Shape::Count, Use::Now),
    ("TELENSIC_RUN_DIR", Shape::Text, Use::Now),
    ("TELENSIC_RUN_ENDPOINT", Shape::Url, Use::Now),
    ("TELENSIC_SESSION_ID", Shape::Text, Use::Now),
    ("TELENSIC_TAPE_BUDGET", Shape::Budget, Use::Now),
    ("OTEL_SDK_DISABLED", Shape::Disabled, Use::Now),
    ("OTEL_SERVICE_NAME", Shape::Text, Use::Now),
    ("OTEL_RESOURCE_ATTRIBUTES", Shape::Pairs, Use::Now),
    ("OTEL_PROPAGATORS", Shape::Propagators, Use::Now),
    ("OTEL_TRACES_SAMPLER", Shape::Sampler, Use::Now),
    ("OTEL_TRACES_SAMPLER_ARG", Shape::SamplerArgument, Use::Now),
    ("OTEL_ATTRIBUTE_COUNT_LIMIT", Shape::Count, Use::Now),
    ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", Shape::Count, Use::Now),
    ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", Shape::Count, Use::Now),
    ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", Shape::Count, Use::Now),
    ("OTEL_SPAN_EVENT_COUNT_LIMIT", Shape::Count, Use::Now),
    ("OTEL_SPAN_LINK_COUNT_LIMIT", Shape::Count, Use::Now),
    ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", Shape::Count, Use::Now),
    ("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", Shape::Count, Use::Now),
    ("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", Shape::Count, Use::Now),
    (
        "OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT",
        Shape::Count,
        Use::Now,
    ),
    ("OTEL_LOGS_EXPORTER", Shape::Words(EXPORTERS), Use::Now),
    ("OTEL_TRACES_EXPORTER", Shape::Words(EXPORTERS), Use::Now),
    ("OTEL_METRICS_EXPORTER", Shape::Words(EXPORTERS), Use::Now),
    ("OTEL_LOG_LEVEL", Shape::Word(OTEL_LEVELS), Use::Later),
    ("OTEL_BSP_SCHEDULE_DELAY", Shape::Count, Use::Now),
    ("OTEL_BSP_EXPORT_TIMEOUT", Shape::Count, Use::Now),
    ("OTEL_BSP_MAX_QUEUE_SIZE", Shape::Count, Use::Never),
    ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", Shape::Count, Use::Now),
    ("OTEL_BLRP_SCHEDULE_DELAY", Shape::Count, Use::Now),
    ("OTEL_BLRP_EXPORT_TIMEOUT", Shape::Count, Use::Now),
    ("OTEL_BLRP_MAX_QUEUE_SIZE", Shape::Count, Use::Never),
    ("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", Shape::Count, Use::Now),
    ("OTEL_METRIC_EXPORT_INTERVAL", Shape::Count, Use::Now),
    ("OTEL_METRIC_EXPORT_TIMEOUT", Shape::Count, Use::Now),
    ("OTEL_METRICS_EXEMPLAR_FILTER", Shape::Word(EXEMPLARS), Use::Later),
    ("OTEL_EXPORTER_JAEGER_ENDPOINT", Shape::Url, Use::Now),
    ("OTEL_EXPORTER_PROMETHEUS_HOST", Shape::Text, Use::Later),
    ("OTEL_EXPORTER_PROMETHEUS_PORT", Shape::Count, Use::Later),
    ("OTEL_EXPORTER_ZIPKIN_ENDPOINT", Shape::Url, Use::Later),
    ("OTEL_EXPORTER_ZIPKIN_TIMEOUT", Shape::Count, Use::Later),
    ("OTEL_CONFIG_FILE", Shape::Text, Use::Later),
    (
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
        Shape::Word(TEMPORALITIES),
        Use::Later,
    ),
    (
        "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
        Shape::Word(AGGREGATIONS),
        Use::Later,
    ),
];

/// These come for all signals and for each one.
const OTLP: &str = "OTEL_EXPORTER_OTLP_";
const SIGNALS: [&str; 4] = ["", "TRACES_", "METRICS_", "LOGS_"];
const OTLP_VARIABLES: &[(&str, Shape)] = &[
    ("ENDPOINT", Shape::Url),
    ("PROTOCOL", Shape::Word(PROTOCOLS)),
    ("HEADERS", Shape::Headers),
    ("TIMEOUT", Shape::Count),
    ("COMPRESSION", Shape::Word(COMPRESSIONS)),
    ("CERTIFICATE", Shape::File),
    ("CLIENT_KEY", Shape::File),
    ("CLIENT_CERTIFICATE", Shape::File),
    ("INSECURE", Shape::Truth),
];

/// What is known of the variable of this name.
pub(super) fn known(name: &str) -> Option<Known> {
    if let Some((_, shape, used)) = VARIABLES.iter().find(|(known, ..)| *known == name) {
        let (shape, used) = (*shape, *used);
        return Some(Known { shape, used });
    }
    let otlp = name.strip_prefix(OTLP)?;
    let mut endings = SIGNALS.iter().filter_map(|signal| otlp.strip_prefix(signal));
    let (_, shape) = endings.find_map(|ending| OTLP_VARIABLES.iter().find(|(known, _)| *known == ending))?;
    let (shape, used) = (*shape, Use::Now);
    Some(Known { shape, used })
}

/// The known name that is meant, if one is so near that it is likely.
pub(super) fn nearest(name: &str) -> Option<String> {
    const FARTHEST: usize = 3;
    let otlp = SIGNALS.iter().flat_map(|signal| {
        OTLP_VARIABLES
            .iter()
            .map(move |(ending, _)| format!("{OTLP}{signal}{ending}"))
    });
    VARIABLES
        .iter()
        .map(|(known, ..)| (*known).to_owned())
        .chain(otlp)
        .map(|known| (strsim::damerau_levenshtein(name, &known), known))
        .filter(|(distance, _)| *distance <= FARTHEST)
        .min()
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_with_and_without_a_signal() {
        assert!(known("TELENSIC_DIR").is_some_and(|known| known.used == Use::Now));
        assert!(known("OTEL_EXPORTER_OTLP_HEADERS").is_some());
        assert!(known("OTEL_EXPORTER_OTLP_LOGS_HEADERS").is_some());
        assert!(known("OTEL_EXPORTER_OTLP_PROFILES_HEADERS").is_none());
    }

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_another_name_is_not() {
        assert_eq!(nearest("TELENSIC_DRI").as_deref(), Some("TELENSIC_DIR"));
        assert_eq!(
            nearest("TELENSIC_TAPE_BUGDET").as_deref(),
            Some("TELENSIC_TAPE_BUDGET")
        );
        assert_eq!(
            nearest("OTEL_EXPORTER_OTLP_ENDPOIT").as_deref(),
            Some("OTEL_EXPORTER_OTLP_ENDPOINT")
        );
        assert_eq!(nearest("TELENSIC_SOMETHING_ELSE"), None);
    }
}
