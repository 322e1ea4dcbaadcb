//! What is asked of metrics, settled: by the builder, else by the environment.

use std::time::Duration;

use super::{PushOptions, ServeOptions, Temporality, exponential};
use crate::config::Env;

/// Where metrics go, and how often.
#[derive(Clone, Debug)]
pub(crate) struct MetricSettings {
    /// Between two snapshots on the tape.
    pub(crate) every: Duration,
    pub(super) temporality: Temporality,
    pub(super) serve: Option<ServeOptions>,
    pub(super) push: Option<PushOptions>,
    /// Namespace and subsystem.
    pub(super) prefix: Option<(String, String)>,
}

/// What the program itself asks for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub(crate) every: Option<Duration>,
    pub(crate) temporality: Option<Temporality>,
    pub(crate) serve: Option<ServeOptions>,
    pub(crate) push: Option<PushOptions>,
    pub(crate) prefix: Option<(String, String)>,
}

const TEMPORALITY: &str = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";

const SNAPSHOT: Duration = Duration::from_secs(10);

/// More often is not worth the tape.
const LEAST: Duration = Duration::from_millis(100);

/// Settles what is asked for by the program and the environment.
pub(crate) fn settle(asked: Asked, env: &mut Env<'_>, service: &str) -> MetricSettings {
    let every = asked.every.or_else(|| millis(env, "OTEL_METRIC_EXPORT_INTERVAL"));
    let push = asked
        .push
        .or_else(|| env.text("TELENSIC_PUSHGATEWAY").map(PushOptions::to));
    let interval = millis(env, "TELENSIC_PUSH_INTERVAL");
    let token = env.text("TELENSIC_PUSH_TOKEN");
    let push = push.map(|options| {
        let options = match interval {
            Some(interval) => options.interval(interval),
            None => options,
        };
        let options = match token {
            Some(token) => options.bearer(token),
            None => options,
        };
        options.job_unless_named(service)
    });
    // Read where histograms are made; here it is only said what is wrong with it.
    env.word(exponential::VARIABLE, &exponential::AGGREGATIONS);
    let temporality = asked
        .temporality
        .or_else(|| env.word(TEMPORALITY, &Temporality::PREFERENCES));
    let parts = ["TELENSIC_METRICS_NAMESPACE", "TELENSIC_METRICS_SUBSYSTEM"];
    let [namespace, subsystem] = parts.map(|name| env.text(name));
    let named = (namespace.is_some() || subsystem.is_some())
        .then(|| (namespace.unwrap_or_default(), subsystem.unwrap_or_default()));
    MetricSettings {
        every: every.unwrap_or(SNAPSHOT).max(LEAST),
        temporality: temporality.unwrap_or_default(),
        serve: asked.serve.or_else(|| served(env)),
        push,
        prefix: asked.prefix.or(named),
    }
}

/// Where the environment wants metrics served: by our variable, or by OpenTelemetry's.
fn served(env: &mut Env<'_>) -> Option<ServeOptions> {
    let is_asked = env
        .text("OTEL_METRICS_EXPORTER")
        .is_some_and(|list| list.split(',').any(|exporter| exporter.trim() == "prometheus"));
    let address = env.text("TELENSIC_METRICS_ADDR").or_else(|| {
        let port: u16 = is_asked
            .then(|| env.number("OTEL_EXPORTER_PROMETHEUS_PORT"))?
            .unwrap_or(9464);
        let host = env.text("OTEL_EXPORTER_PROMETHEUS_HOST");
        Some(format!("{}:{port}", host.as_deref().unwrap_or("localhost")))
    })?;
    let options = ServeOptions::at(address);
    Some(match env.truth("TELENSIC_METRICS_REMOTE") {
        Some(true) => options.beyond_loopback(),
        _ => options,
    })
}

fn millis(env: &mut Env<'_>, name: &str) -> Option<Duration> {
    env.number(name)
        .filter(|millis| *millis > 0)
        .map(Duration::from_millis)
}
