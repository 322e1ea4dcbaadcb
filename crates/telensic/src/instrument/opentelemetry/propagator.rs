//! The propagator of the API: the formats that `OTEL_PROPAGATORS` lists.

use std::borrow::Cow;

use opentelemetry::Context as ApiContext;
use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor as ApiExtractor, Injector as ApiInjector, TextMapPropagator};

use super::{attached, context};
use crate::context::{Extractor, Injector};
use crate::recorder::Recorder;

/// Writes contexts of OpenTelemetry into carriers and reads them, as [`crate::inject`] and [`crate::extract`] do.
#[derive(Debug)]
pub struct TelensicPropagator {
    fields: Vec<String>,
}

impl TelensicPropagator {
    /// A propagator with the settings of the recorder in force, whichever that is when it is used.
    pub fn new() -> Self {
        attached::connect();
        let fields = match Recorder::current() {
            Some(recorder) => recorder.settings.propagators.fields(),
            None => crate::context::Propagators::default().fields(),
        };
        Self {
            fields: fields.into_iter().map(str::to_owned).collect(),
        }
    }
}

impl Default for TelensicPropagator {
    fn default() -> Self {
        Self::new()
    }
}

impl TextMapPropagator for TelensicPropagator {
    fn inject_context(&self, cx: &ApiContext, injector: &mut dyn ApiInjector) {
        let mut held = match attached::has_current_span(cx) {
            true => crate::current_context(),
            false => context::from_context(cx),
        };
        if !cx.baggage().is_empty() {
            held = held.with_baggage(context::baggage(cx.baggage()));
        }
        crate::inject(&held, &mut Into(injector));
    }

    fn extract_with_context(&self, cx: &ApiContext, extractor: &dyn ApiExtractor) -> ApiContext {
        context::put_extracted(cx, crate::extract(&From(extractor)))
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(&self.fields)
    }
}

/// A carrier of the API to write into.
struct Into<'a>(&'a mut dyn ApiInjector);

impl Injector for Into<'_> {
    fn set(&mut self, key: &str, value: String) {
        self.0.set(key, value);
    }
}

/// A carrier of the API to read from.
struct From<'a>(&'a dyn ApiExtractor);

impl Extractor for From<'_> {
    fn get_all(&self, key: &str) -> Vec<Cow<'_, str>> {
        let found = self.0.get_all(key).unwrap_or_default();
        found.into_iter().map(Cow::Borrowed).collect()
    }
}
