//! The metrics of a stage, recorded when its span ends, in whatever way that is.

use std::sync::LazyLock;
use std::time::Duration;

use telensic_run::names::metric;
use telensic_tape::UnixNanos;

use super::registry::global;
use super::{Counter, Family, Histogram};
use crate::Status;
use crate::context::SpanContext;

/// What a stage's span knows of itself beyond other spans.
#[derive(Debug)]
pub(crate) struct Stage {
    id: Box<str>,
    begun: UnixNanos,
    error_type: Option<Box<str>>,
    is_cancelled: bool,
}

struct Families {
    durations: Family<Histogram>,
    succeeded: Family<Counter>,
    failed: Family<Counter>,
}

static FAMILIES: LazyLock<Families> = LazyLock::new(|| Families {
    durations: global().standard(&metric::STAGE_DURATION_SECONDS),
    succeeded: global().standard(&metric::STAGE_SUCCESS_TOTAL),
    failed: global().standard(&metric::STAGE_FAILURE_TOTAL),
});

/// The error of a stage that says it failed, and not by what.
const UNNAMED: &str = "error";

/// Status and error of a stage whose future was dropped before it was done.
const CANCELLED: &str = "cancelled";

impl Stage {
    #[cold]
    pub(crate) fn new(id: &str, begun: UnixNanos) -> Self {
        Self {
            id: id.into(),
            begun,
            error_type: None,
            is_cancelled: false,
        }
    }

    /// It met an error of this type; the last one tells why it failed.
    pub(crate) fn met(&mut self, error_type: &str) {
        self.error_type = Some(error_type.into());
    }

    /// Nobody waited for its end.
    pub(crate) fn cancel(&mut self) {
        self.is_cancelled = true;
    }

    /// It is over. A span that says nothing of its status has gone well.
    #[cold]
    pub(crate) fn end(self, status: &Status, ended: UnixNanos, span: Option<&SpanContext>) {
        let families = &*FAMILIES;
        let (shown, error_type) = match status {
            Status::Error { .. } => ("error", Some(self.error_type.as_deref().unwrap_or(UNNAMED))),
            Status::Unset if self.is_cancelled => (CANCELLED, Some(CANCELLED)),
            Status::Unset | Status::Ok => ("ok", None),
        };
        let nanos = ended.0.saturating_sub(self.begun.0);
        families
            .durations
            .with(&[&self.id, shown])
            .observe_in(span, Duration::from_nanos(nanos).as_secs_f64());
        match error_type {
            Some(error_type) => families.failed.with(&[&self.id, error_type]).inc(),
            None => families.succeeded.with(&[&self.id]).inc(),
        }
    }
}
