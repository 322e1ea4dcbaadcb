//! Keeps telemetry, and finds it again: a write-ahead log, Parquet segments, one scan over both, and questions on it.
//!
//! It is embedded: a directory and this crate are all there is. Whoever receives OTLP hands over request bodies as they
//! came; the receipt says when they survive a crash and every question sees them.
//!
//! ```
//! use telensic_store::{Limits, Store, StoreOptions, Tenant};
//! use telensic_tape::{Signal, TraceId, otlp};
//! # let dir = std::env::temp_dir().join(format!("store-doc-{}", std::process::id()));
//!
//! let opened = Store::open(&dir, StoreOptions::default())?;
//! for finding in &opened.findings {
//!     eprintln!("{finding}"); // what a crash left, and what became of it
//! }
//! let (store, tenant) = (opened.store, Tenant::default());
//!
//! // A receiver: OTLP in protobuf, as it came.
//! let mut span = Vec::new();
//! otlp::put_bytes(&mut span, otlp::field::span::TRACE_ID, &[1; 16]);
//! otlp::put_bytes(&mut span, otlp::field::span::SPAN_ID, &[2; 8]);
//! let mut body = Vec::new();
//! otlp::put_message(&mut body, 1, |resource| {
//!     otlp::put_message(resource, 2, |scope| otlp::put_bytes(scope, 2, &span));
//! });
//! let appended = store.append(Signal::Spans, &tenant, body.into())?;
//! appended.receipt.wait()?; // or `.await` it; answer the client now
//!
//! // A question.
//! let trace = TraceId::from_bytes([1; 16]).expect("not all zeros");
//! let rows = store.trace(Signal::Spans, &tenant, trace, Limits::default())?;
//! assert_eq!(rows.len(), 1);
//! let request = rows.otlp()?; // an OTLP export request again
//! # assert!(!request.is_empty());
//! # drop(store);
//! # std::fs::remove_dir_all(&dir).ok();
//! # Ok::<(), telensic_store::StoreError>(())
//! ```
//!
//! | who | calls |
//! |---|---|
//! | a receiver | [`Store::append`]; the kind of a [`StoreError`] says which answer to give |
//! | an exporter | [`Store::cursor`]: [`read`](wal::Cursor::read), send, [`acknowledge`](wal::Cursor::acknowledge) |
//! | an API | [`Store::trace`], [`page`](Store::page), [`slowest`](Store::slowest), [`aggregate`](Store::aggregate), [`service_graph`](Store::service_graph), [`critical_paths`](Store::critical_paths), [`runs`](Store::runs), [`operations`](Store::operations) |
//! | SQL and anything else | [`Store::scan`]: Arrow batches of the [columns](mod@column) asked for |
//! | metrics and health | [`Store::state`] |
//!
//! All calls block; an async server makes them on threads that may. Rooms: [`wal`] the log · `visitor` OTLP where it
//! lies · `columns` rows as Arrow, and back · `recent` memory · `segment` Parquet files · [`shelf`] where they lie ·
//! `catalog` what is in them · `scan` · `query` · `store` all together.

mod catalog;
mod columns;
mod error;
mod query;
mod recent;
mod scan;
mod segment;
pub mod shelf;
mod store;
mod tenant;
mod visitor;
pub mod wal;

pub use columns::{STANDARD as STANDARD_ATTRIBUTES, name as column};
pub use error::{StoreError, StoreErrorKind};
pub use query::{
    Aggregation, CriticalPaths, Distribution, Group, OperationRow, Page, PageCursor, PageRequest, PathShare,
    Quantile, Rows, RunRow, ServiceCall,
};
pub use scan::{Condition, Limits, Predicate, Projection, Scan, TextTest, ValueTest};
pub use store::{Appended, Finding, OpenedStore, Retention, Store, StoreOptions, StoreState, Upkeep};
pub use tenant::Tenant;
pub use visitor::check_request;

/// The columns of a signal, as every scan has them.
pub fn schema(signal: telensic_tape::Signal) -> arrow_schema::SchemaRef {
    columns::schema_of(signal)
}
