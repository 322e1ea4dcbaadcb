//! The call site of an adapter's method.

use telensic_run::names::key;

use super::Call;
use crate::instrument::start::Start;
#[cfg(feature = "metrics")]
use crate::metrics::{self, AdapterOperation};
use crate::{Key, Span, SpanKind};

/// A method of an adapter: its names, and its metrics once they were looked up.
#[derive(Debug)]
pub struct Operation {
    provider: &'static str,
    name: &'static str,
    span: &'static str,
    #[cfg(feature = "metrics")]
    metrics: std::sync::OnceLock<AdapterOperation>,
}

const PROVIDER: Key<'static> = Key::new(key::PROVIDER);
const OPERATION: Key<'static> = Key::new(key::OPERATION);

impl Operation {
    /// The operation of this name, whose spans are called so.
    pub const fn new(provider: &'static str, name: &'static str, span: &'static str) -> Self {
        Self {
            provider,
            name,
            span,
            #[cfg(feature = "metrics")]
            metrics: std::sync::OnceLock::new(),
        }
    }

    /// Starts the span of a call.
    #[inline]
    pub fn start(&self) -> Span {
        let mut span = Start::new().kind(SpanKind::Client).start(self.span);
        span.set(PROVIDER, self.provider);
        span.set(OPERATION, self.name);
        span
    }

    /// A call begins, in its span.
    #[inline]
    pub fn begin(&self) -> Call {
        Call::begin(
            #[cfg(feature = "metrics")]
            self.metrics(),
        )
    }

    #[cfg(feature = "metrics")]
    #[inline]
    fn metrics(&self) -> &AdapterOperation {
        self.metrics
            .get_or_init(|| metrics::adapter(self.provider).operation(self.name))
    }
}
