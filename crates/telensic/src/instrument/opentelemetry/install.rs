//! Making Telensic the OpenTelemetry of the process.

use opentelemetry::global;

use super::{TelensicPropagator, TelensicTracerProvider};

/// Makes Telensic the global tracer provider and text-map propagator of the OpenTelemetry API, with what `OTEL_PROPAGATORS`
/// lists. Tracers that were asked for earlier keep the provider they were made by.
///
/// ```
/// # let dir = std::env::temp_dir().join(format!("telensic-doc-install-{}", std::process::id()));
/// # let _guard = telensic::Builder::new("pricing").dir(&dir).init();
/// telensic::opentelemetry::install();
/// ```
pub fn install() {
    global::set_tracer_provider(TelensicTracerProvider::new());
    global::set_text_map_propagator(TelensicPropagator::new());
}
