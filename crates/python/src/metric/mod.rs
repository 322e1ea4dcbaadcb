//! Metrics as Python sees them.
//!
//! | file | what it is |
//! |---|---|
//! | `instruments` | counters, gauges and histograms, and their series by labels |
//! | `adapter` | the metrics of a client of a data provider |
//! | `outlets` | where metrics are seen: as text, served, pushed |
//! | `observer` | what is measured only when somebody looks |

mod adapter;
mod instruments;
mod observer;
mod outlets;

pub(crate) use adapter::{Adapter, AdapterPart, error_named};
pub(crate) use instruments::{PyCounter, PyGauge, PyHistogram, PyUpDownCounter, standard_metric};
pub(crate) use observer::observe_with;
pub(crate) use outlets::{
    Exporter, MetricError, Pusher, operation_ended, push_metrics, render_metrics, serve_metrics,
    set_metrics_prefix,
};
