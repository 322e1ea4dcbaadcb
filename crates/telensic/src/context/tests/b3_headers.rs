use super::super::{Context, SpanContext};
use super::{extract_with, inject_with};

const TRACE: &str = "80f198ee56343ba864fe8b2a57d3eff7";
const SPAN: &str = "e457b5a2e4d86bd1";

fn single(header: &str) -> Context {
    extract_with("b3", &[("b3", header)])
}

fn written(names: &str, context: &Context) -> String {
    let lines = inject_with(names, context)
        .into_iter()
        .map(|(name, value)| format!("{name}: {value}"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_sampling_state_passes_through_the_single_header() {
    for (state, sampled, debug, deferred) in [
        ("-1", true, false, false),
        ("-0", false, false, false),
        ("-d", true, true, false),
        ("", false, false, true),
    ] {
        let header = format!("{TRACE}-{SPAN}{state}");
        let context = single(&header);
        let span = context.span().expect("valid");
        assert_eq!(
            (span.trace_id().to_string(), span.span_id().to_string()),
            (TRACE.into(), SPAN.into())
        );
        let flags = span.flags();
        assert_eq!(
            (flags.is_sampled(), flags.is_debug(), flags.is_deferred()),
            (sampled, debug, deferred),
            "{state}"
        );
        assert!(span.is_remote());
        assert_eq!(written("b3", &context), format!("b3: {header}"));
        assert_eq!(flags.to_w3c(), u8::from(sampled));
    }
}

#[test]
fn every_sampling_state_passes_through_the_several_headers() {
    let ids = [
        ("X-B3-TraceId", TRACE),
        ("X-B3-SpanId", SPAN),
        ("X-B3-ParentSpanId", "05e3ac9a4f6e3b90"),
    ];
    let written_ids = format!("x-b3-traceid: {TRACE}\nx-b3-spanid: {SPAN}");
    for (state, sampled, line) in [
        (&[("X-B3-Sampled", "1")][..], true, "\nx-b3-sampled: 1"),
        (&[("X-B3-Sampled", "0")], false, "\nx-b3-sampled: 0"),
        (&[("X-B3-Sampled", "true")], true, "\nx-b3-sampled: 1"),
        (&[("X-B3-Sampled", "False")], false, "\nx-b3-sampled: 0"),
        (&[("X-B3-Flags", "1")], true, "\nx-b3-flags: 1"),
        (
            &[("X-B3-Flags", "1"), ("X-B3-Sampled", "0")],
            true,
            "\nx-b3-flags: 1",
        ),
        (
            &[("X-B3-Flags", "0"), ("X-B3-Sampled", "1")],
            true,
            "\nx-b3-sampled: 1",
        ),
        (&[], false, ""),
    ] {
        let context = extract_with("b3multi", &[&ids, state].concat());
        assert_eq!(
            context.span().map(SpanContext::is_sampled),
            Some(sampled),
            "{state:?}"
        );
        assert_eq!(
            written("b3multi", &context),
            format!("{written_ids}{line}"),
            "{state:?}"
        );
    }
}

#[test]
fn short_trace_ids_are_padded_on_the_left_and_a_parent_is_dropped() {
    let context = single(&format!("{SPAN}-{SPAN}-1-05e3ac9a4f6e3b90"));
    assert_eq!(
        written("b3", &context),
        format!("b3: 0000000000000000{SPAN}-{SPAN}-1")
    );
    let context = extract_with("b3", &[("x-b3-traceid", SPAN), ("x-b3-spanid", SPAN)]);
    assert_eq!(
        written("b3", &context),
        format!("b3: 0000000000000000{SPAN}-{SPAN}")
    );
}

#[test]
fn a_state_without_ids_decides_on_a_new_trace() {
    for (header, decision) in [("0", false), ("1", true), ("d", true)] {
        let context = single(header);
        assert_eq!(
            (context.span(), context.sampling_decision()),
            (None, Some(decision)),
            "{header}"
        );
    }
    let context = extract_with("b3multi", &[("x-b3-sampled", "0")]);
    assert_eq!(context.sampling_decision(), Some(false));
    assert_eq!(written("b3", &context), "b3: 0");
    assert_eq!(written("b3multi", &context), "x-b3-sampled: 0");
    assert_eq!(written("tracecontext,baggage", &context), "");
}

#[test]
fn malformed_headers_start_a_new_trace() {
    for header in [
        "",
        "-",
        "2",
        "true",
        "--",
        "zz",
        TRACE,
        &format!("{TRACE}-"),
        &format!("{TRACE}-{SPAN}-"),
        &format!("{TRACE}-{SPAN}-2"),
        &format!("{TRACE}-{SPAN}-1-"),
        &format!("{TRACE}-{SPAN}-1-{SPAN}-"),
        &format!("{TRACE}-{SPAN}-1-123"),
        &format!("{TRACE}-{TRACE}-1"),
        &format!("0{TRACE}-{SPAN}-1"),
        &format!("{}-{SPAN}-1", "0".repeat(32)),
        &format!("{}-{SPAN}-1", "0".repeat(16)),
        &format!("{TRACE}-{}-1", "0".repeat(16)),
        &format!("{TRACE}-{SPAN}-{SPAN}"),
    ] {
        assert!(single(header).is_empty(), "{header:?}");
    }
    for headers in [
        &[("x-b3-traceid", TRACE)][..],
        &[("x-b3-spanid", SPAN)],
        &[
            ("x-b3-traceid", TRACE),
            ("x-b3-spanid", SPAN),
            ("x-b3-sampled", "maybe"),
        ],
        &[
            ("x-b3-traceid", TRACE),
            ("x-b3-spanid", SPAN),
            ("x-b3-sampled", "d"),
        ],
        &[
            ("x-b3-traceid", "xyz"),
            ("x-b3-spanid", SPAN),
            ("x-b3-sampled", "1"),
        ],
        &[
            ("x-b3-traceid", TRACE),
            ("x-b3-traceid", TRACE),
            ("x-b3-spanid", SPAN),
        ],
    ] {
        assert!(extract_with("b3", headers).is_empty(), "{headers:?}");
    }
}

#[test]
fn the_single_header_goes_before_the_several_and_a_bad_one_gives_way() {
    let several = [("x-b3-traceid", SPAN), ("x-b3-spanid", SPAN)];
    let good = format!("{TRACE}-{SPAN}-1");
    let trace_of = |single: &str| {
        let context = extract_with("b3multi", &[&[("b3", single)], &several[..]].concat());
        context.span().expect("valid").trace_id().to_string()
    };
    assert_eq!(trace_of(&good), TRACE);
    assert_eq!(trace_of("nonsense"), format!("0000000000000000{SPAN}"));
}

#[test]
fn a_span_of_w3c_headers_survives_a_bare_b3_state() {
    let traceparent = format!("00-{TRACE}-{SPAN}-01");
    let context = extract_with("tracecontext,b3", &[("traceparent", &traceparent), ("b3", "0")]);
    assert!(context.span().is_some_and(SpanContext::is_sampled));
}

#[test]
fn formats_that_name_the_same_trace_lose_neither_random_nor_debug() {
    let (traceparent, header) = (format!("00-{TRACE}-{SPAN}-02"), format!("{TRACE}-{SPAN}-d"));
    for names in ["tracecontext,b3", "b3,tracecontext"] {
        let context = extract_with(names, &[("traceparent", &traceparent), ("b3", &header)]);
        let flags = context.span().expect("valid").flags();
        assert!(
            flags.is_random() && flags.is_debug() && flags.is_sampled(),
            "{names}"
        );
    }
}
