//! Propagators: the header formats a process speaks, as `OTEL_PROPAGATORS` lists them.
//!
//! Invariant: a list holds no propagator twice and is used in its order. When several formats name a span the
//! last one wins, as in the OpenTelemetry SDKs.

use std::borrow::Cow;

use super::{Baggage, Context, Extractor, Injector, SpanContext, TraceState, b3};

const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";
const BAGGAGE: &str = "baggage";

/// Every header that some propagator reads.
pub(super) const FIELDS: [&str; 8] = [
    TRACEPARENT,
    TRACESTATE,
    BAGGAGE,
    b3::SINGLE,
    b3::TRACE_ID,
    b3::SPAN_ID,
    b3::SAMPLED,
    b3::FLAGS,
];

/// A format in which a context travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Propagator {
    /// `tracecontext`: W3C `traceparent` and `tracestate`.
    TraceContext,
    /// `baggage`: W3C `baggage`.
    Baggage,
    /// `b3`: Zipkin's single `b3` header. Reads the several headers too.
    B3,
    /// `b3multi`: Zipkin's several `x-b3-*` headers. Reads the single header too.
    B3Multi,
    /// `none`: nothing travels.
    None,
}

impl Propagator {
    /// The propagator of a name in `OTEL_PROPAGATORS`, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [
            Self::TraceContext,
            Self::Baggage,
            Self::B3,
            Self::B3Multi,
            Self::None,
        ];
        all.into_iter()
            .find(|propagator| propagator.name().eq_ignore_ascii_case(name))
    }

    /// The name in `OTEL_PROPAGATORS`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TraceContext => "tracecontext",
            Self::Baggage => "baggage",
            Self::B3 => "b3",
            Self::B3Multi => "b3multi",
            Self::None => "none",
        }
    }

    /// The headers it may write.
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::TraceContext => &[TRACEPARENT, TRACESTATE],
            Self::Baggage => &[BAGGAGE],
            Self::B3 => &[b3::SINGLE],
            Self::B3Multi => &[b3::TRACE_ID, b3::SPAN_ID, b3::SAMPLED, b3::FLAGS],
            Self::None => &[],
        }
    }

    /// Writes its part of a context into a carrier.
    pub fn inject(self, context: &Context, carrier: &mut dyn Injector) {
        match self {
            Self::TraceContext => inject_trace_context(context, carrier),
            Self::Baggage => {
                if let Some(baggage) = context.baggage() {
                    carrier.set(BAGGAGE, baggage.to_header());
                }
            }
            Self::B3 => b3::inject_single(context, carrier),
            Self::B3Multi => b3::inject_multi(context, carrier),
            Self::None => {}
        }
    }

    /// Reads its part of a carrier over a context, which stays as it is where the carrier has nothing valid.
    #[must_use]
    pub fn extract(self, context: Context, carrier: &dyn Extractor) -> Context {
        match self {
            Self::TraceContext => extract_trace_context(context, carrier),
            Self::Baggage => match carrier.get_all(BAGGAGE) {
                headers if headers.is_empty() => context,
                headers => context.with_baggage(Baggage::from_headers(headers.iter().map(Cow::as_ref))),
            },
            Self::B3 | Self::B3Multi => b3::extract(context, carrier),
            Self::None => context,
        }
    }
}

/// The propagators of a process, in order: `tracecontext,baggage` by default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Propagators {
    list: Vec<Propagator>,
}

impl Default for Propagators {
    fn default() -> Self {
        Self {
            list: vec![Propagator::TraceContext, Propagator::Baggage],
        }
    }
}

impl FromIterator<Propagator> for Propagators {
    fn from_iter<I: IntoIterator<Item = Propagator>>(propagators: I) -> Self {
        let mut list = Vec::new();
        for propagator in propagators {
            if propagator != Propagator::None && !list.contains(&propagator) {
                list.push(propagator);
            }
        }
        Self { list }
    }
}

impl Propagators {
    /// Reads the value of `OTEL_PROPAGATORS`, and says what in it was ignored.
    ///
    /// Not set or empty means the default, and so does a value in which no name is known. `none` beside other
    /// names is ignored.
    ///
    /// ```
    /// use telensic::context::Propagators;
    ///
    /// let (propagators, warnings) = Propagators::from_env_value(Some("tracecontext,jaeger"));
    /// assert_eq!(propagators.iter().map(|p| p.name()).collect::<Vec<_>>(), ["tracecontext"]);
    /// assert!(warnings[0].starts_with("OTEL_PROPAGATORS: unknown propagator \"jaeger\""));
    /// ```
    pub fn from_env_value(value: Option<&str>) -> (Self, Vec<String>) {
        let mut warnings = Vec::new();
        let mut named = Vec::new();
        for name in value
            .unwrap_or_default()
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
        {
            match Propagator::from_name(name) {
                Some(propagator) => named.push(propagator),
                None => warnings.push(format!(
                    "OTEL_PROPAGATORS: unknown propagator {name:?} is ignored; \
                     known are tracecontext, baggage, b3, b3multi and none"
                )),
            }
        }
        if named.is_empty() {
            return (Self::default(), warnings);
        }
        let propagators: Self = named.iter().copied().collect();
        if !propagators.list.is_empty() && named.contains(&Propagator::None) {
            warnings
                .push("OTEL_PROPAGATORS: \"none\" is ignored, since other propagators are named".to_owned());
        }
        (propagators, warnings)
    }

    /// The propagators in order; none for `none`.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Propagator> {
        self.list.iter().copied()
    }

    /// The headers that they may write.
    pub fn fields(&self) -> Vec<&'static str> {
        self.iter().flat_map(Propagator::fields).copied().collect()
    }

    /// Writes a context into a carrier, in every format of the list.
    pub fn inject(&self, context: &Context, carrier: &mut dyn Injector) {
        for propagator in self.iter() {
            propagator.inject(context, carrier);
        }
    }

    /// Reads a context from a carrier. What is malformed is as if it were not there.
    pub fn extract(&self, carrier: &dyn Extractor) -> Context {
        self.iter().fold(Context::new(), |context, propagator| {
            propagator.extract(context, carrier)
        })
    }
}

fn inject_trace_context(context: &Context, carrier: &mut dyn Injector) {
    let Some(span) = context.span() else { return };
    carrier.set(TRACEPARENT, span.to_traceparent());
    if let Some(trace_state) = context.trace_state() {
        carrier.set(TRACESTATE, trace_state.to_string());
    }
}

fn extract_trace_context(context: Context, carrier: &dyn Extractor) -> Context {
    // Two parents contradict each other, so they are as good as none.
    let headers = carrier.get_all(TRACEPARENT);
    let [header] = headers.as_slice() else {
        return context;
    };
    let Some(span) = SpanContext::from_traceparent(header) else {
        return context;
    };
    let context = context.with_extracted_span(span);
    let states = carrier.get_all(TRACESTATE);
    match TraceState::from_headers(states.iter().map(Cow::as_ref)) {
        Some(trace_state) => context.with_trace_state(trace_state),
        None => context,
    }
}
