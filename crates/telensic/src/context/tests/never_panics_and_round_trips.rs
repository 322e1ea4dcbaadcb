//! Scenario: random text, and random text close to the grammar, through each parser.
//! Guarantees: no panic; what is read, written and read again is the same; the stated bounds hold.

use proptest::prelude::*;
use telensic_tape::{SpanId, TraceId};

use super::super::{Baggage, BaggageMember, Context, SpanContext, TraceFlags, TraceState};
use super::{extract_with, inject_with};

const ALL: &str = "tracecontext,baggage,b3,b3multi";

fn span() -> impl Strategy<Value = SpanContext> {
    (1..=u128::MAX, 1..=u64::MAX, 0..4u8).prop_map(|(trace, span, flags)| {
        let trace = TraceId::from_bytes(trace.to_be_bytes()).expect("not zero");
        let span = SpanId::from_bytes(span.to_be_bytes()).expect("not zero");
        SpanContext::remote(trace, span, TraceFlags::from_w3c(flags))
    })
}

/// Text made of the pieces of all formats, so that it often is nearly valid.
fn near_miss() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[0-9a-f]{16}",
        4 => "[0-9a-f]{32}",
        8 => Just("-".to_owned()),
        8 => "[,;= \t@%]",
        4 => "[0-9a-fA-F]{1,2}",
        4 => "[a-z]{1,5}=[a-z0-9]{1,5}",
        1 => "%[0-9A-F]{2}",
        1 => "[ -~]{0,4}",
        1 => any::<String>(),
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        near_miss(),
        any::<String>(),
        "\\PC*",
        "(00|cc|ff|01)-[0-9a-g]{32}-[0-9a-g]{16}-[0-9a-g]{2}.{0,2}"
    ]
}

/// A strict reading of the grammar, slow and plain, as an oracle for the fast one.
fn is_traceparent(text: &str) -> bool {
    let text = text.trim_matches([' ', '\t']);
    let fields: Vec<&str> = text.splitn(5, '-').collect();
    let is_hex =
        |field: &str, len| field.len() == len && field.bytes().all(|b| b"0123456789abcdef".contains(&b));
    fields.len() >= 4
        && is_hex(fields[0], 2)
        && fields[0] != "ff"
        && is_hex(fields[1], 32)
        && is_hex(fields[2], 16)
        && is_hex(fields[3], 2)
        && fields[1].bytes().any(|b| b != b'0')
        && fields[2].bytes().any(|b| b != b'0')
        && (fields.len() == 4 || fields[0] != "00")
}

proptest! {
    #[test]
    fn any_traceparent_is_read_just_as_the_grammar_says(text in any_text()) {
        let read = SpanContext::from_traceparent(&text);
        prop_assert_eq!(read.is_some(), is_traceparent(&text));
        if let Some(span) = read {
            prop_assert_eq!(SpanContext::from_traceparent(&span.to_traceparent()), Some(span));
        }
    }

    #[test]
    fn every_span_round_trips_through_traceparent(span in span()) {
        let header = span.to_traceparent();
        prop_assert!(is_traceparent(&header));
        prop_assert_eq!(SpanContext::from_traceparent(&header), Some(span));
    }

    #[test]
    fn any_tracestate_is_read_within_bounds_and_round_trips(headers in prop::collection::vec(any_text(), 0..4)) {
        if let Some(state) = TraceState::from_headers(headers.iter().map(String::as_str)) {
            prop_assert!(!state.is_empty() && state.as_str().len() <= 512 && state.len() <= 32);
            prop_assert_eq!(TraceState::parse(state.as_str()), Some(state));
        }
    }

    #[test]
    fn valid_tracestates_are_kept_first_to_last(
        members in prop::collection::vec(("[a-z0-9][a-z0-9_*/@-]{0,9}", "[ -+.-<>-~]{0,9}[!-+.-<>-~]"), 1..20),
    ) {
        let header = members.iter().map(|(k, v)| format!(" {k}={v}\t")).collect::<Vec<_>>().join(",");
        let state = TraceState::parse(&header).expect("valid");
        let mut expected: Vec<(&str, &str)> = Vec::new();
        for (key, value) in &members {
            if expected.iter().all(|(seen, _)| seen != key) {
                expected.push((key, value));
            }
        }
        let read: Vec<(&str, &str)> = state.iter().collect();
        prop_assert!(expected.starts_with(&read));
        prop_assert!(read.len() == expected.len() || header.len() > 512);
    }

    #[test]
    fn insert_and_remove_keep_a_tracestate_valid(
        header in any_text(), key in "[a-z0-9@.]{0,300}", value in "[ -~]{0,300}",
    ) {
        let mut state = TraceState::parse(&header).unwrap_or_default();
        let before = state.clone();
        if state.insert(&key, &value) {
            prop_assert_eq!(state.iter().next(), Some((key.as_str(), value.as_str())));
            prop_assert_eq!(TraceState::parse(state.as_str()), Some(state.clone()));
            prop_assert!(state.remove(&key));
            prop_assert_eq!(state.get(&key), None);
        } else {
            prop_assert_eq!(state, before);
        }
    }

    #[test]
    fn any_baggage_is_read_within_bounds_and_round_trips(headers in prop::collection::vec(any_text(), 0..4)) {
        let baggage = Baggage::from_headers(headers.iter().map(String::as_str));
        let header = baggage.to_header();
        prop_assert!(header.len() <= 8192 && baggage.len() <= 180 && header.is_ascii());
        prop_assert_eq!(Baggage::parse(&header), baggage);
    }

    #[test]
    fn every_value_travels_in_baggage(
        members in prop::collection::vec(("[a-z]{1,3}", any::<String>(), any::<Option<String>>()), 0..8),
    ) {
        let mut baggage = Baggage::new();
        for (key, value, property) in &members {
            let member = BaggageMember::new(key, value).with_property("p", property.as_deref());
            prop_assert!(baggage.insert_member(member) || baggage.to_header().len() + value.len() * 3 > 2000);
        }
        let header = baggage.to_header();
        prop_assert!(header.bytes().all(|byte| matches!(byte, b'!'..=b'~')));
        prop_assert_eq!(Baggage::parse(&header), baggage);
    }

    #[test]
    fn any_single_b3_header_is_read_and_round_trips(text in any_text()) {
        let context = extract_with("b3", &[("b3", &text)]);
        for names in ["b3", "b3multi"] {
            let written = inject_with(names, &context);
            let headers: Vec<(&str, &str)> = written.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            prop_assert_eq!(&extract_with("b3", &headers), &context);
        }
    }

    #[test]
    fn any_headers_give_a_context_that_round_trips(
        texts in prop::array::uniform8(prop::option::weighted(0.5, any_text())),
    ) {
        let names = ["traceparent", "tracestate", "baggage", "b3", "x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "X-B3-Flags"];
        let headers: Vec<(&str, &str)> =
            names.into_iter().zip(&texts).filter_map(|(name, text)| Some((name, text.as_deref()?))).collect();
        let context = extract_with(ALL, &headers);
        let written = inject_with(ALL, &context);
        let headers: Vec<(&str, &str)> = written.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        prop_assert_eq!(extract_with(ALL, &headers), context);
    }

    #[test]
    fn every_span_round_trips_through_every_format(span in span()) {
        let context = Context::new().with_span(span);
        for names in ["tracecontext", "b3", "b3multi"] {
            let written = inject_with(names, &context);
            let headers: Vec<(&str, &str)> = written.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            let read = *extract_with(names, &headers).span().expect("valid");
            prop_assert_eq!((read.trace_id(), read.span_id()), (span.trace_id(), span.span_id()));
            prop_assert_eq!(read.is_sampled(), span.is_sampled());
        }
    }
}
