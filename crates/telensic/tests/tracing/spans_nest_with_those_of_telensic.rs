//! A span of `tracing` is the parent of what Telensic's own calls make in it, and the other way round.

use std::collections::HashMap;

use telensic::{Severity, current_context, inject, log, span};
use tracing::{Span, info, info_span};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::support::{Read, is_child, recorded};

fn run(scenario: &str) -> Read {
    recorded(&format!("spans_nest_with_those_of_telensic::{scenario}"))
}

fn assert_parents(read: &Read, expected: &[(&str, &str)]) {
    for (child, parent) in expected {
        let parent = (!parent.is_empty()).then(|| read.span(parent));
        let child = read.span(child);
        assert_eq!(child.parent, parent.map(|span| span.id), "{}", child.name);
        if let Some(parent) = parent {
            assert_eq!(child.trace, parent.trace, "{}", child.name);
        }
    }
}

#[test]
fn either_kind_is_the_others_parent() {
    let read = run("nests_both_kinds");
    assert_parents(
        &read,
        &[
            ("outer", ""),
            ("own in outer", "outer"),
            ("inner", "own in outer"),
            ("own in inner", "inner"),
            ("beside", "own in outer"),
            ("after", ""),
        ],
    );
    assert_eq!(read.log("said by telensic").span, Some(read.span("inner").id));
    assert_eq!(
        read.log("said by tracing").span,
        Some(read.span("own in inner").id)
    );
    let inner = read.span("inner");
    let header = format!("00-{}-{}-03", inner.trace, inner.id);
    assert_eq!(read.log("traceparent").get("value").unwrap().text(), header);
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn nests_both_kinds() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("nests");
    let subscriber = tracing_subscriber::registry().with(telensic::tracing_layer());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    {
        let _outer = info_span!("outer").entered();
        let _own = span("own in outer").entered();
        {
            let _inner = info_span!("inner").entered();
            log(Severity::Info, "said by telensic").emit();
            let mut headers = HashMap::new();
            inject(&current_context(), &mut headers);
            log(Severity::Info, "traceparent")
                .with("value", headers["traceparent"].as_str())
                .emit();
            let _own = span("own in inner").entered();
            info!("said by tracing");
        }
        info_span!("beside").in_scope(|| {});
    }
    assert!(current_context().is_empty());
    span("after").end();
}

#[test]
fn an_explicit_parent_or_none_wins_over_the_current_span() {
    let read = run("names_parents");
    assert_parents(
        &read,
        &[
            ("parent", ""),
            ("current", ""),
            ("of the parent", "parent"),
            ("root", ""),
            ("of nobody known", ""),
            ("contextual", "current"),
        ],
    );
    assert_ne!(read.span("root").trace, read.span("current").trace);
    for (text, span) in [
        ("of the parent", Some("parent")),
        ("of none", None),
        ("of the current one", Some("current")),
    ] {
        let span = span.map(|name| read.span(name));
        assert_eq!(read.log(text).span, span.map(|span| span.id), "{text}");
        assert_eq!(read.log(text).trace, span.map(|span| span.trace), "{text}");
    }
}

#[test]
#[ignore = "the child of the test above"]
fn names_parents() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("parents");
    let subscriber = tracing_subscriber::registry().with(telensic::tracing_layer());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let parent = info_span!("parent");
    let _current = info_span!("current").entered();
    drop(info_span!(parent: &parent, "of the parent"));
    drop(info_span!(parent: None, "root"));
    drop(info_span!(parent: Span::none().id(), "of nobody known"));
    drop(info_span!("contextual"));
    info!(parent: &parent, "of the parent");
    info!(parent: None, "of none");
    info!("of the current one");
}

#[test]
fn in_an_unsampled_trace_nothing_is_recorded_and_the_trace_goes_on() {
    let read = run("is_not_sampled");
    assert_eq!(read.spans.len(), 0, "{:#?}", read.spans);
    let log = read.log("of an unsampled trace");
    assert!(!log.exported);
    assert_eq!(log.trace.unwrap().to_string(), log.get("root").unwrap().text());
}

#[test]
#[ignore = "the child of the test above"]
fn is_not_sampled() {
    if !is_child() {
        return;
    }
    let _guard = telensic::Builder::new("unsampled")
        .sampler(telensic::Sampler::AlwaysOff)
        .init();
    let subscriber = tracing_subscriber::registry().with(telensic::tracing_layer());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let outer = info_span!("outer", field = 1);
    outer.in_scope(|| {
        let trace = current_context().span().unwrap().trace_id().to_string();
        let inner = info_span!("inner", late = tracing::field::Empty);
        inner.record("late", 1);
        // On another thread, where nothing of the outer one is.
        std::thread::spawn(move || {
            inner.in_scope(|| info!(root = trace, "of an unsampled trace"));
        })
        .join()
        .unwrap();
    });
    assert!(current_context().is_empty());
}

#[test]
fn two_subscribers_on_one_thread_do_not_take_each_others_spans_for_their_own() {
    let read = run("has_two_subscribers");
    assert_parents(
        &read,
        &[("first", ""), ("second", "first"), ("still in first", "first")],
    );
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn has_two_subscribers() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("two");
    let subscriber = || tracing_subscriber::registry().with(telensic::tracing_layer());
    let first = tracing::subscriber::set_default(subscriber());
    let entered = info_span!("first").entered();
    tracing::subscriber::with_default(subscriber(), || {
        // Both registries number their spans from one.
        let second = info_span!("second").entered();
        drop(second);
        span("still in first").end();
    });
    drop(entered);
    assert!(current_context().is_empty());
    drop(first);
}

#[test]
fn what_began_before_recording_did_is_left_alone() {
    let read = run("begins_late");
    assert_eq!(read.span("recorded").parent, None);
    assert_eq!(read.spans.len(), 1);
}

#[test]
#[ignore = "the child of the test above"]
fn begins_late() {
    if !is_child() {
        return;
    }
    let subscriber = tracing_subscriber::registry().with(telensic::tracing_layer());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let early = info_span!("early", late = tracing::field::Empty);
    let entered = early.clone().entered();
    let guard = telensic::init("late");
    early.record("late", 1);
    info_span!("recorded").in_scope(|| info!("recorded"));
    drop(entered);
    drop(early);
    let open = info_span!("open at the end");
    let entered = open.entered();
    drop(guard);
    info_span!("afterwards").in_scope(|| info!("afterwards"));
    drop(entered);
}
