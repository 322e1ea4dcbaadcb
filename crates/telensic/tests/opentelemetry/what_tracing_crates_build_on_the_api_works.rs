//! `tracing-opentelemetry` and `opentelemetry-appender-tracing`, clients of the API, on top of these providers.

use opentelemetry::global;
use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use telensic::opentelemetry::{TelensicLoggerProvider, TelensicTracerProvider};
use telensic::span;
use tracing::{info, info_span, warn};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::support::{Val, is_child, recorded};

#[test]
fn spans_and_events_of_tracing_arrive_through_them() {
    let read = recorded("what_tracing_crates_build_on_the_api_works::speaks_tracing");
    let (outer, inner) = (read.span("outer"), read.span("inner"));
    assert_eq!(outer.parent, None);
    assert_eq!(outer.get("symbol"), Some(&Val::from("BTCUSDT")));
    assert_eq!(outer.get("rows"), Some(&Val::I64(5)));
    assert_eq!(inner.parent, Some(outer.id));
    assert_eq!(read.span("own").parent, Some(inner.id));
    assert_eq!(read.span("after").parent, None);
    let served = read.span("served");
    assert_eq!(served.parent.unwrap().to_string(), "00f067aa0ba902b7");

    let said = read.log("said");
    assert_eq!((said.span, said.severity), (Some(inner.id), 13));
    assert_eq!(said.get("age"), Some(&Val::I64(42)));
    assert_eq!(said.event_name, "");
    assert_eq!(read.log("said outside").span, None);
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn speaks_tracing() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("tracing");
    telensic::opentelemetry::install();
    let tracer = TelensicTracerProvider::new().tracer("tracing");
    let subscriber = tracing_subscriber::registry()
        .with(tracing_opentelemetry::layer().with_tracer(tracer))
        .with(OpenTelemetryTracingBridge::new(&TelensicLoggerProvider::new()));
    tracing::subscriber::set_global_default(subscriber).unwrap();
    {
        let outer = info_span!("outer", symbol = "BTCUSDT", rows = tracing::field::Empty).entered();
        outer.record("rows", 5);
        let inner = info_span!("inner").entered();
        assert!(inner.context().span().span_context().is_valid());
        warn!(age = 42, "said");
        span("own").end();
    }
    span("after").end();
    info!("said outside");
    let headers = std::collections::HashMap::from([(
        "traceparent".to_owned(),
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned(),
    )]);
    let served = info_span!("served");
    let parent = global::get_text_map_propagator(|propagator| propagator.extract(&headers));
    served.set_parent(parent).unwrap();
    drop(served.entered());
}
