//! One call of an adapter's method.

use telensic_run::names::key;

use crate::adapter::AdapterError;
use crate::instrument::trace_span::Say;
#[cfg(feature = "metrics")]
use crate::metrics::{AdapterCall, AdapterOperation};
use crate::{Key, Value, current};

/// A call under way. It is counted once, however it ends.
#[derive(Debug)]
#[must_use = "a call that is dropped was cancelled"]
pub struct Call {
    #[cfg(feature = "metrics")]
    metrics: Option<AdapterCall>,
    is_settled: bool,
    /// Whether it was begun by a destructor while a panic was unwinding: then that is not what ends it.
    unwinding: bool,
}

const OUTCOME: Key<'static> = Key::new(key::OUTCOME);
const ERROR_TYPE: Key<'static> = Key::new("error.type");

const SUCCESS: &str = "success";

/// Outcome and error of a call that panicked.
const PANIC: &str = "panic";

impl Call {
    #[inline]
    pub(super) fn begin(#[cfg(feature = "metrics")] operation: &AdapterOperation) -> Self {
        Self {
            #[cfg(feature = "metrics")]
            metrics: Some(operation.begin()),
            is_settled: false,
            unwinding: std::thread::panicking(),
        }
    }

    /// It has succeeded.
    #[inline]
    pub fn succeed(mut self, span: &mut impl Say) {
        self.is_settled = true;
        span.set_value(OUTCOME, Value::Str(SUCCESS));
        #[cfg(feature = "metrics")]
        if let Some(call) = self.metrics.take() {
            call.succeed();
        }
    }

    /// It has failed, and why.
    #[cold]
    pub fn fail<'e>(mut self, span: &mut impl Say, class: impl FnOnce() -> AdapterError<'e>) {
        let class = class();
        self.settle(span, class.kind(), class);
    }

    fn settle(&mut self, span: &mut impl Say, outcome: &str, class: AdapterError<'_>) {
        self.is_settled = true;
        span.set_value(OUTCOME, Value::Str(outcome));
        span.set_value(ERROR_TYPE, Value::Str(class.name()));
        #[cfg(feature = "metrics")]
        if let Some(call) = self.metrics.take() {
            call.fail(class);
        }
    }
}

impl Drop for Call {
    #[inline]
    fn drop(&mut self) {
        if !self.is_settled {
            self.abandon();
        }
    }
}

impl Call {
    /// It ends by a panic, or because nobody waits for it.
    #[cold]
    fn abandon(&mut self) {
        let (outcome, class) = match std::thread::panicking() && !self.unwinding {
            true => (PANIC, AdapterError::Other(PANIC)),
            false => (AdapterError::Cancelled.kind(), AdapterError::Cancelled),
        };
        self.settle(&mut current(), outcome, class);
    }
}
