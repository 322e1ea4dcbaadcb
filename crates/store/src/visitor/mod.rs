//! The visitor: walks an OTLP export request where it lies and lends each record, field by field, to whoever asks.
//!
//! ```text
//! request   1 resource records *      1 resource   2 scope records *   3 schema_url
//!                                                    1 scope   2 record *   3 schema_url
//! ```
//!
//! Invariants: nothing is copied. What is lent was checked: lengths, wire types, UTF-8, sizes of ids, depth of nested
//! values. The same walk checks a request before it is logged and fills columns afterwards, so what got into the log
//! fits into the columns. Fields that OTLP does not define are passed over.

mod any;
mod log;
mod metric;
mod owner;
mod pairs;
mod refusal;
mod span;
mod wire;

pub(crate) use any::Any;
pub(crate) use log::LogRow;
pub(crate) use metric::{MetricHead, MetricType, PointRow, number as metric_field};
pub(crate) use owner::Owner;
pub(crate) use pairs::{Pair, Pairs};
pub(crate) use refusal::Refusal;
pub(crate) use span::{EventRow, LinkRow, SpanRow};

use telensic_tape::Signal;

use crate::error::{StoreError, StoreErrorKind};

/// How many spans, log records or data points an OTLP export request in protobuf has, or why it cannot be stored.
pub fn check_request(signal: Signal, body: &[u8]) -> Result<usize, StoreError> {
    check(signal, body).map_err(|refusal| {
        StoreError::new(
            StoreErrorKind::Malformed,
            format!("the request is refused: {refusal}"),
        )
    })
}

/// How many rows a request makes, if it may be stored.
pub(crate) fn check(signal: Signal, body: &[u8]) -> Result<usize, Refusal> {
    let mut rows = 0;
    match signal {
        Signal::Spans => span::each_span(body, |_, _| rows += 1),
        Signal::Logs => log::each_log(body, |_, _| rows += 1),
        Signal::Metrics => metric::each_point(body, |_, _, _| rows += 1),
    }?;
    Ok(rows)
}

pub(crate) use log::each_log;
pub(crate) use metric::each_point;
pub(crate) use span::each_span;
