//! The event collector: telemetry events of a program, handed on in batches, aggregated over a sliding window, and kept
//! in a file.
//!
//! ```text
//! add(event) --> queue (bounded, the oldest gives way) --> batches --+--> sliding windows, by provider and operation
//!     |                                                              +--> subscribers
//!     +--------> journal (a line each, whatever the queue does) -----> <file>.jsonl, rotated as log files are
//! ```
//!
//! Invariant: whoever adds an event never waits, for a disk, a subscriber or a full queue; and what is lost is counted.
//!
//! ```
//! use std::time::Duration;
//! use telensic::collector::{EventFilter, EventType, TelemetryEvent, get_collector};
//!
//! let collector = get_collector();
//! collector.add_performance_event("api_call", Duration::from_millis(500), "finnhub");
//! collector.add_error_event(&std::fmt::Error, "finnhub", "api_call");
//! collector.add_metric_event("cpu_usage", 75.5, &[("host", "server1")]);
//! collector.add(TelemetryEvent::custom("cache_rebuilt").provider("finnhub").with("rows", 5_000));
//!
//! let calls = collector.aggregate("finnhub", "api_call").expect("there were some");
//! assert_eq!((calls.count, calls.errors, calls.min), (2, 1, Some(0.5)));
//!
//! let errors = EventFilter::new().of_type(EventType::Error).of_provider("finnhub");
//! let _subscribed = collector.subscribe(errors, |events| {
//!     events.iter().for_each(|event| eprintln!("{} failed", event.operation()));
//! });
//! ```

mod aggregate;
mod config;
mod dispatch;
mod event;
mod filter;
mod global;
mod journal;
mod line;
mod queue;
mod self_metrics;
mod subscribers;
mod telemetry_collector;
mod value;
mod window;

pub use aggregate::Aggregate;
pub use config::CollectorConfig;
pub use event::{EventError, EventType, TelemetryEvent};
pub use filter::EventFilter;
pub use global::{configure, get_collector};
pub use subscribers::Subscription;
pub use telemetry_collector::TelemetryCollector;
pub use value::EventValue;

pub(crate) use global::flush_if_used;
