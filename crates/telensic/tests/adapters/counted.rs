//! What the metrics of one provider stand at.

use telensic::metrics::{self, Format};

use crate::scrape::value;

/// The value of `adapter_<name>` for this provider and further labels, as they are written; none if there is no such
/// series.
pub(crate) fn counted(provider: &str, name: &str, labels: &str) -> Option<f64> {
    let comma = if labels.is_empty() { "" } else { "," };
    let sample = format!("adapter_{name}{{provider=\"{provider}\"{comma}{labels}}}");
    value(&metrics::render(Format::Prometheus), &sample)
}

/// Calls of an operation that ended so.
pub(crate) fn calls(provider: &str, operation: &str, status: &str) -> Option<f64> {
    let labels = format!("operation=\"{operation}\",status=\"{status}\"");
    counted(provider, "requests_total", &labels)
}

/// Calls of an operation that failed so.
pub(crate) fn errors(provider: &str, operation: &str, error_type: &str) -> Option<f64> {
    let labels = format!("operation=\"{operation}\",error_type=\"{error_type}\"");
    counted(provider, "errors_total", &labels)
}
