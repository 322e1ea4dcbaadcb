//! Contexts of OpenTelemetry and of Telensic, made into each other.

use opentelemetry::baggage::{Baggage as ApiBaggage, BaggageExt as _, BaggageMetadata};
use opentelemetry::trace::TraceContextExt as _;
use opentelemetry::{Context as ApiContext, Key, StringValue};

use super::{attached, ids};
use crate::context::{Baggage, BaggageMember, Context};

/// What was extracted, beside the OpenTelemetry span and baggage that it was made into: B3 says more than these can hold.
struct Extracted(Context);

/// The current context of OpenTelemetry, in the current span of Telensic and with its baggage: to be attached on another
/// thread, or handed to a task by `FutureExt::with_context`.
///
/// ```
/// use opentelemetry::context::FutureExt;
///
/// async fn fetch() -> u32 { 42 }
/// let _span = telensic::span("load").entered();
/// let task = fetch().with_context(telensic::opentelemetry::current());
/// # drop(task);
/// ```
pub fn current() -> ApiContext {
    attached::connect();
    put(ApiContext::current(), &crate::current_context())
}

/// A context of OpenTelemetry with the span and the baggage of this one.
///
/// ```
/// use opentelemetry::trace::TraceContextExt;
///
/// let headers = [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")];
/// let context = telensic::opentelemetry::to_context(&telensic::extract(&headers));
/// assert!(context.span().span_context().is_remote());
/// ```
pub fn to_context(context: &Context) -> ApiContext {
    put(ApiContext::new(), context)
}

/// The span and the baggage of this context of OpenTelemetry.
///
/// ```
/// let context = telensic::opentelemetry::from_context(&opentelemetry::Context::new());
/// assert!(context.is_empty());
/// ```
pub fn from_context(context: &ApiContext) -> Context {
    let span = context.span();
    let ids = span.span_context();
    let extracted = context
        .get::<Extracted>()
        .map(|Extracted(context)| context)
        .filter(|extracted| extracted.span().copied() == ids::span_context(ids));
    let known = match extracted {
        Some(extracted) => extracted.clone(),
        None => ids::within(Context::new(), ids),
    };
    known.with_baggage(baggage(context.baggage()))
}

/// The context with all that this one holds; what it does not, stays.
pub(super) fn put(mut context: ApiContext, held: &Context) -> ApiContext {
    let ids = ids::of_context(held).filter(|ids| ids != context.span().span_context());
    if let Some(ids) = ids {
        context = context.with_remote_span_context(ids);
    }
    if let Some(held) = held.baggage()
        && baggage(context.baggage()) != *held
    {
        context = context.with_baggage(held.iter().map(pair).collect::<ApiBaggage>());
    }
    context
}

/// The context with all that was extracted from a carrier.
pub(super) fn put_extracted(context: &ApiContext, extracted: Context) -> ApiContext {
    if extracted.is_empty() {
        return context.clone();
    }
    put(context.clone(), &extracted).with_value(Extracted(extracted))
}

/// What the context has of an extraction that named no trace but decided on it.
pub(super) fn decision(context: &ApiContext) -> Option<&Context> {
    let Extracted(extracted) = context.get::<Extracted>()?;
    extracted.sampling_decision().map(|_| extracted)
}

/// Baggage of OpenTelemetry, which has no order: by its keys.
pub(super) fn baggage(held: &ApiBaggage) -> Baggage {
    let mut pairs: Vec<_> = held.iter().collect();
    pairs.sort_unstable_by_key(|(key, _)| *key);
    let mut baggage = Baggage::new();
    for (key, (value, metadata)) in pairs {
        let mut member = BaggageMember::new(key.as_str(), value.as_str());
        let properties = metadata.as_str().split(';').map(str::trim);
        for property in properties.filter(|property| !property.is_empty()) {
            member = match property.split_once('=') {
                Some((name, value)) => member.with_property(name.trim(), Some(value.trim())),
                None => member.with_property(property, None),
            };
        }
        baggage.insert_member(member);
    }
    baggage
}

fn pair(member: &BaggageMember) -> (Key, (StringValue, BaggageMetadata)) {
    let properties = member.properties().iter().map(|property| match property.value() {
        Some(value) => format!("{}={value}", property.key()),
        None => property.key().to_owned(),
    });
    let metadata = properties.collect::<Vec<_>>().join(";");
    (
        Key::from(member.key().to_owned()),
        (StringValue::from(member.value().to_owned()), metadata.into()),
    )
}
