//! The flight recorder for quantitative pipelines.
//!
//! Spans, log records and typed events are written, encoded once as OTLP, straight to a crash-safe file, the
//! tape: what was recorded survives `kill -9`, and costs some tens of nanoseconds. A background thread, the
//! clerk, hands it on to the console and to NDJSON files; nothing it does can slow the program.
//!
//! # Start
//!
//! ```
//! # let dir = std::env::temp_dir().join(format!("telensic-doc-{}", std::process::id()));
//! # let builder = telensic::Builder::new("pricing").dir(&dir);
//! # /*
//! let _guard = telensic::init("pricing");
//! # */
//! # let _guard = builder.init();
//! ```
//!
//! # Spans
//!
//! A span is current as long as its guard lives; what is made then is its child, on any depth.
//!
//! ```
//! use telensic::Status;
//!
//! fn run_stage(id: &str) -> Result<usize, std::num::ParseIntError> {
//!     let mut stage = telensic::span(&format!("run_stage:{id}")).with("stage_id", id).entered();
//!     let rows = "5000".parse().inspect_err(|error| stage.record_error(error))?;
//!     telensic::current().set("rows", rows);
//!     stage.set_status(Status::Ok);
//!     Ok(rows)
//! }
//! # run_stage("load").expect("a number");
//! ```
//!
//! A function or method has a span of its own by one line ([`trace_span`]), and the standard spans of a pipeline have
//! functions of their own ([`spans`]).
//!
//! ```
//! use telensic::trace_span;
//!
//! #[trace_span("run_stage:{stage_id}", fields(rows = prices.len()))]
//! async fn features(stage_id: &str, prices: &[f64]) -> Result<f64, std::num::ParseFloatError> {
//!     let scale: f64 = "0.5".parse()?;
//!     Ok(prices.iter().sum::<f64>() * scale)
//! }
//! # drop(features("features", &[1.0]));
//! ```
//!
//! # Adapters
//!
//! A client of a data provider has a span for every call, and all metrics of adapters, by one line
//! ([`instrument_adapter`]); [`adapter`] says how it sees why a call failed.
//!
//! ```
//! use telensic::instrument_adapter;
//!
//! struct Finnhub;
//!
//! #[instrument_adapter("finnhub")]
//! impl Finnhub {
//!     #[adapter(fields(symbol))]
//!     pub fn quote(&self, symbol: &str, api_key: &str) -> std::io::Result<f64> {
//!         // ... the request ...
//! #       drop((symbol, api_key));
//!         Ok(187.2)
//!     }
//! }
//! # drop(Finnhub.quote("AAPL", "secret"));
//! ```
//!
//! # Futures
//!
//! A future keeps its span across every `.await`, on whatever thread it is polled ([`InSpan::in_span`]).
//!
//! # Threads and processes
//!
//! [`current_context`] is handed over and [`attach`]ed, or written into headers, a map or the environment of a
//! child process by [`inject`] and read by [`extract`].
//!
//! ```
//! use std::collections::HashMap;
//!
//! let mut headers = HashMap::new();
//! telensic::inject(&telensic::current_context(), &mut headers);
//! let incoming = telensic::extract(&headers);
//! let _attached = telensic::attach(incoming);
//! ```
//!
//! # Logs and events
//!
//! ```
//! use telensic::Severity;
//!
//! telensic::log(Severity::Info, "book is empty").with("symbol", "BTCUSDT").emit();
//! telensic::event("data.load").with("source_path", "nav.csv").with("row_count", 5_000).emit();
//! ```
//!
//! # Runs
//!
//! One execution of a pipeline is recorded into a directory of its own: [`Run::start`] to [`Run::finish`], after which
//! everything is merged, read and sealed. [`Run::seed`], [`Run::config`], [`Run::input`] and [`Run::output`] say where its
//! results came from, and typed [`events`] what it decided ([`record()`]).
//!
//! # Secrets
//!
//! Every key and value goes through a redactor before the first byte is written ([`redact`]).
//!
//! # Switched off
//!
//! With `default-features = false` spans, logs and contexts are still there and compile to nothing. Runs and typed events
//! belong to the feature `run`, which is on by default; what uses them is compiled with it or not at all.

pub mod adapter;
pub mod context;
mod kind;
pub mod sampler;
mod typed_log;

#[cfg(feature = "record")]
mod clerk;
#[cfg(feature = "metrics")]
pub mod collector;
#[cfg(feature = "record")]
mod config;
#[cfg(feature = "record")]
mod event;
#[cfg(feature = "otlp")]
pub mod export;
#[cfg(all(feature = "record", not(feature = "otlp")))]
#[path = "no_export.rs"]
mod export;
#[cfg(any(feature = "macros", feature = "record"))]
mod instrument;
#[cfg(feature = "record")]
mod key;
#[cfg(feature = "record")]
mod lifecycle;
#[cfg(feature = "record")]
mod log;
#[cfg(feature = "record")]
mod message;
#[cfg(feature = "metrics")]
#[path = "metric/mod.rs"]
pub mod metrics;
#[cfg(feature = "record")]
mod panics;
#[cfg(feature = "run")]
pub mod pipeline;
#[cfg(feature = "profile")]
pub mod profile;
#[cfg(feature = "record")]
mod random;
#[cfg(feature = "record")]
mod recorder;
#[cfg(feature = "run")]
mod run;
#[cfg(feature = "record")]
mod say;
#[cfg(feature = "record")]
mod scope;
#[cfg(feature = "record")]
mod sink;
#[cfg(feature = "record")]
mod span;
#[cfg(feature = "record")]
mod thread;

#[cfg(not(feature = "record"))]
mod off;

pub use kind::{Severity, SpanKind, Status};
pub use sampler::Sampler;
pub use telensic_tape::{SpanId, TraceId, UnixNanos, Value};
pub use typed_log::{
    DataLog, OperationLog, OperationStatus, TrainingLog, log_data, log_operation, log_training,
};

#[cfg(feature = "record")]
pub use {
    config::{Builder, Durability, Limits},
    event::{event, record, register_schema},
    instrument::standard as spans,
    key::Key,
    lifecycle::{Guard, extract, flush, init, inject, tape_path},
    log::{LogRecord, log},
    message::Fields,
    scope::ScopeId,
    sink::{LogFilesOptions, LogLayout},
    span::{
        Attached, CurrentSpan, EnteredSpan, InSpan, Instrumented, Span, SpanBuilder, attach, current,
        current_context, root_span, span,
    },
    telensic_redact as redact,
    telensic_run::event as events,
    telensic_run::names,
    telensic_tape::Mode,
};

#[cfg(feature = "macros")]
pub use telensic_macros::{instrument_adapter, trace_span};

#[doc(hidden)]
#[cfg(feature = "macros")]
pub use instrument::trace_span as __private;

#[doc(hidden)]
#[cfg(feature = "macros")]
pub use instrument::adapter as __adapter;

#[doc(hidden)]
#[cfg(feature = "record")]
pub use instrument::door as __door;

#[cfg(feature = "opentelemetry")]
pub use instrument::opentelemetry;

#[cfg(feature = "tracing")]
pub use instrument::tracing::{LogBridge, Logging, SetupError, TracingLayer, setup_logging, tracing_layer};

#[cfg(feature = "reqwest")]
pub use instrument::reqwest;

#[cfg(feature = "tonic")]
pub use instrument::tonic;

#[cfg(feature = "tower")]
pub use instrument::tower;

#[cfg(feature = "run")]
pub use {
    run::{Concluded, Ending, Run, RunBuilder, conclude},
    telensic_run::{
        ArrayDtype, ArrayView, DataRoot, Exit, Manifest, ResourceUse, RunDir, RunError, RunErrorKind, RunId,
        RunStatus, SessionId,
    },
};

#[cfg(not(feature = "record"))]
pub use off::*;
