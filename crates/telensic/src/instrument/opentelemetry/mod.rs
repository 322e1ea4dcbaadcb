//! The OpenTelemetry API: code that is written for it records to the tape.
//!
//! [`install`] makes Telensic the global tracer provider and propagator. There is no global logger provider in Rust, so a
//! [`TelensicLoggerProvider`] is given to the appender of one's choice. A program that has a pipeline of the OpenTelemetry
//! SDK keeps it and adds `ForensicSpanExporter` and `ForensicLogExporter` (feature `opentelemetry-sdk`).
//!
//! ```
//! use opentelemetry::trace::{Span as _, Tracer as _};
//! use opentelemetry::{KeyValue, global};
//!
//! # let dir = std::env::temp_dir().join(format!("telensic-doc-otel-{}", std::process::id()));
//! # let _guard = telensic::Builder::new("pricing").dir(&dir).init();
//! telensic::opentelemetry::install();
//!
//! let mut span = global::tracer("pricing").start("load");
//! span.set_attribute(KeyValue::new("rows", 5_000));
//! span.end();
//! ```
//!
//! # One context
//!
//! OpenTelemetry and Telensic each have a current span of the thread. They are one: what was entered last counts, whichever
//! it is.
//!
//! - A context that is attached (`Context::attach`, `mark_span_as_active`, `Tracer::in_span`, `FutureExt::with_context`)
//!   and has another span than the one before it makes that span the current one of Telensic too: the parent of
//!   `telensic::span`, of `tracing` spans, of log records, and what `telensic::inject` sends. Its baggage comes along.
//! - A span that is started, or a context that is injected, with the current context of OpenTelemetry belongs to the current
//!   span of Telensic. One that names another context belongs to that one's span.
//! - A span of Telensic is not in `opentelemetry::Context::current()`, which cannot be written from outside.
//!   [`current`] is that context with it, to be handed to another thread or task.
//! - `telensic::current()` changes spans of Telensic only.
//!
//! ```
//! use opentelemetry::global;
//! use opentelemetry::trace::{TraceContextExt as _, Tracer as _};
//!
//! # let dir = std::env::temp_dir().join(format!("telensic-doc-otel-cx-{}", std::process::id()));
//! # let _guard = telensic::Builder::new("pricing").dir(&dir).init();
//! # telensic::opentelemetry::install();
//! global::tracer("pricing").in_span("outer", |_| {
//!     let inner = telensic::span("a child of outer").entered();
//!     global::tracer("pricing").in_span("a child of that", |_| {});
//!     let handed_over = telensic::opentelemetry::current();
//!     std::thread::spawn(move || {
//!         let _attached = handed_over.attach();
//!         telensic::span("on another thread, a child of that as well").end();
//!     });
//! });
//! ```

mod any_value;
mod attached;
mod attributes;
mod context;
#[cfg(feature = "opentelemetry-sdk")]
mod exporter;
mod ids;
mod install;
mod log_record;
mod logger;
mod propagator;
mod scope;
mod span;
mod tracer;

pub use context::{current, from_context, to_context};
#[cfg(feature = "opentelemetry-sdk")]
pub use exporter::{ForensicLogExporter, ForensicSpanExporter};
pub use install::install;
pub use log_record::TelensicLogRecord;
pub use logger::{TelensicLogger, TelensicLoggerProvider};
pub use propagator::TelensicPropagator;
pub use span::TelensicSpan;
pub use tracer::{TelensicTracer, TelensicTracerProvider};
