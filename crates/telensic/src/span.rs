//! Spans: an operation with a beginning, an end, and what is known of it.
//!
//! A [`Span`] is a handle that can be moved to another thread. Entering it ([`Span::entered`],
//! [`Span::in_scope`], [`InSpan::in_span`] for a future) makes it the current one: spans and log records that
//! are made then belong to it. It ends when its handle or guard is dropped.

mod builder;
mod current;
mod data;
mod entered;
mod exception;
mod future;
mod handle;

pub use builder::SpanBuilder;
pub use current::{Attached, CurrentSpan, attach, current, current_context};
pub use entered::EnteredSpan;
pub use future::{InSpan, Instrumented};
pub use handle::{Span, root_span, span};

#[cfg(feature = "opentelemetry-sdk")]
pub(crate) use data::Start;
pub(crate) use data::{SpanData, put_count, unix_nanos};
pub(crate) use exception::Exception;
