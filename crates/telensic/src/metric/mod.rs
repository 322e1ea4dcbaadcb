//! Metrics: counters, gauges and histograms, counted where things happen and shown wherever somebody looks.
//!
//! ```text
//! Counter, Gauge, Histogram --(read)--> snapshot --> text: GET /metrics, Pushgateway, metrics.prom of a run
//!    ^ Family: by label values             |
//!    ^ Registry: by name                   +------> OTLP: on the tape, from where it is exported like all else
//! ```
//!
//! Invariant: nothing that is counted is lost or counted twice, by any number of threads or label values; and no use of a
//! metric, however wrong, is an error of the program.
//!
//! A metric is registered once and kept; a handle for one set of label values is *bound*, and costs an addition.
//!
//! ```
//! use std::sync::LazyLock;
//! use telensic::metrics::{self, Counter, Family};
//!
//! static ORDERS: LazyLock<Family<Counter>> = LazyLock::new(|| {
//!     metrics::counter("orders_total").help("orders sent").labels(&["venue", "side", "status"]).register()
//! });
//!
//! ORDERS.with(&["kraken", "buy", "filled"]).inc();                // looked up
//! metrics::series!(ORDERS, ["kraken", "buy", "filled"]).inc();    // the same, found where this line found it last
//! let bought = ORDERS.with(&["kraken", "buy", "filled"]).clone();
//! bought.inc();                                                   // bound
//! assert_eq!(bought.value(), 3.0);
//! ```
//!
//! The standard metrics need no code: stages and operations record theirs when their spans end, and [`adapter`] has those
//! of a client of a data provider.

mod adapter;
mod builder;
mod counter;
mod definition;
mod error;
mod exemplar;
mod exponential;
mod exposition;
mod family;
mod gauge;
mod histogram;
mod instrument;
mod misuse;
mod number;
mod operation;
mod otlp;
mod outlets;
mod process;
mod push;
mod recording;
mod registry;
#[cfg(feature = "axum")]
mod route;
mod serve;
mod settings;
mod site;
mod snapshots;
mod stage;
mod table;
mod temporality;
mod text;
mod window;

pub use crate::__telensic_series as series;
pub use crate::adapter::AdapterError;
pub use adapter::{Adapter, AdapterCall, AdapterOperation, adapter};
pub use builder::MetricBuilder;
pub use counter::Counter;
pub use definition::Kind;
pub use error::{MetricError, MetricErrorKind};
pub use exposition::{Exposition, Format, expose, render};
pub use family::{Family, OVERFLOW};
pub use gauge::{Gauge, UpDownCounter};
pub use histogram::Histogram;
pub use instrument::Instrument;
pub use operation::operation_ended;
pub use push::{PushMethod, PushOptions, Pusher, push};
pub use registry::{Registry, counter, gauge, global, histogram, up_down_counter};
#[cfg(feature = "axum")]
pub use route::axum_handler;
pub use serve::{Exporter, ServeOptions, serve, served_at};
pub use site::Site;
pub use temporality::Temporality;

pub(crate) use family::redactor;
pub(crate) use operation::{ended as operation_span_ended, started as operation_span_started};
pub(crate) use outlets::Outlets;
pub(crate) use push::push_after_panic;
pub(crate) use recording::event_invalid;
pub(crate) use registry::begin_anew;
pub(crate) use settings::{Asked, MetricSettings, settle};
pub(crate) use snapshots::Snapshots;
pub(crate) use stage::Stage;
