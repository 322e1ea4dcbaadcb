use super::super::{Propagator, Propagators};
use super::{extract, extract_with, inject_with};

fn list(value: Option<&str>) -> (Vec<Propagator>, usize) {
    let (propagators, warnings) = Propagators::from_env_value(value);
    (propagators.iter().collect(), warnings.len())
}

#[test]
fn otel_propagators_is_read_with_its_default_and_its_warnings() {
    use Propagator::{B3, B3Multi, Baggage, TraceContext};
    for (value, expected, warnings) in [
        (None, &[TraceContext, Baggage][..], 0),
        (Some(""), &[TraceContext, Baggage], 0),
        (Some(" , "), &[TraceContext, Baggage], 0),
        (Some("baggage,tracecontext"), &[Baggage, TraceContext], 0),
        (Some(" B3 , b3multi,b3,B3Multi"), &[B3, B3Multi], 0),
        (Some("none"), &[], 0),
        (Some("none,b3"), &[B3], 1),
        (Some("jaeger"), &[TraceContext, Baggage], 1),
        (Some("xray,b3,ottrace"), &[B3], 2),
    ] {
        assert_eq!(list(value), (expected.to_vec(), warnings), "{value:?}");
    }
    let (_, warnings) = Propagators::from_env_value(Some("xray"));
    assert!(
        warnings[0].contains("OTEL_PROPAGATORS") && warnings[0].contains("xray"),
        "{warnings:?}"
    );
}

const PARENT: (&str, &str) = (
    "traceparent",
    "00-12345678901234567890123456789012-1234567890123456-01",
);

#[test]
fn w3c_headers_pass_through_unchanged() {
    let headers = [PARENT, ("tracestate", "foo=1,bar=2"), ("baggage", "run_id=r-1")];
    let context = extract(&headers);
    let written = inject_with("tracecontext,baggage", &context);
    assert_eq!(
        written
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect::<Vec<_>>(),
        headers
    );
    assert!(inject_with("none", &context).is_empty());
}

#[test]
fn baggage_travels_without_a_span() {
    let context = extract(&[("baggage", "run_id=r-1"), ("baggage", "profile=p")]);
    assert_eq!(context.span(), None);
    assert_eq!(
        inject_with("tracecontext,baggage", &context),
        [("baggage".into(), "run_id=r-1,profile=p".into())]
    );
}

#[test]
fn of_several_formats_the_last_valid_one_names_the_span() {
    let other = "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1";
    let headers = [PARENT, ("tracestate", "foo=1"), ("b3", other)];
    let context = extract_with("tracecontext,b3", &headers);
    assert!(context.span().unwrap().trace_id().to_string().starts_with("80f1"));
    assert_eq!(context.trace_state(), None, "it belonged to the other trace");

    let context = extract_with("b3,tracecontext", &headers);
    assert_eq!(
        context.span().unwrap().trace_id().to_string(),
        "12345678901234567890123456789012"
    );
    assert!(context.trace_state().is_some());

    let context = extract_with(
        "tracecontext,b3",
        &[PARENT, ("tracestate", "foo=1"), ("b3", "nonsense")],
    );
    assert!(context.trace_state().is_some());
}
