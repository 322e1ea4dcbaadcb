//! Fields of a span, with their types, whenever they are recorded; and those that mean something special.

use std::fmt;

use tracing::field::{Empty, debug, display};
use tracing::{Level, info_span, span};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::support::{Read, Val, is_child, recorded};

fn run(scenario: &str) -> Read {
    recorded(&format!("fields_arrive_as_they_were_given::{scenario}"))
}

fn record() -> telensic::Guard {
    let guard = telensic::init("fields");
    let subscriber = tracing_subscriber::registry().with(telensic::tracing_layer());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    guard
}

#[derive(Debug)]
struct Outer(std::num::ParseIntError);

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no quantity")
    }
}

impl std::error::Error for Outer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn every_type_of_value_keeps_its_type() {
    let read = run("has_all_types");
    let span = read.span("types");
    for (key, value) in [
        ("text", Val::from("BTCUSDT")),
        ("owned", Val::from("owned text")),
        ("truth", Val::Bool(true)),
        ("signed", Val::I64(-7)),
        ("unsigned", Val::I64(7)),
        ("huge", Val::from("18446744073709551615")),
        ("wide", Val::I64(12)),
        ("wider", Val::from("170141183460469231731687303715884105727")),
        ("widest", Val::from("340282366920938463463374607431768211455")),
        ("float", Val::F64(0.5)),
        ("infinite", Val::F64(f64::INFINITY)),
        ("bytes", Val::Bytes(vec![0xff, 0])),
        ("debugged", Val::from("[1, 2]")),
        ("displayed", Val::from("1.5")),
        ("some", Val::I64(3)),
        ("message", Val::from("of a span it is an attribute")),
        ("dotted.name", Val::I64(4)),
    ] {
        assert_eq!(span.get(key), Some(&value), "{key}");
    }
    let Some(Val::F64(nan)) = span.get("nan") else {
        panic!("{span:#?}")
    };
    assert!(nan.is_nan());
    assert_eq!(span.get("none"), None);
    assert_eq!(span.get("empty"), None);
}

#[test]
#[ignore = "the child of the test above"]
fn has_all_types() {
    if !is_child() {
        return;
    }
    let _guard = record();
    drop(info_span!(
        "types",
        text = "BTCUSDT",
        owned = String::from("owned text"),
        truth = true,
        signed = -7,
        unsigned = 7_u64,
        huge = u64::MAX,
        wide = 12_i128,
        wider = i128::MAX,
        widest = u128::MAX,
        float = 0.5,
        nan = f64::NAN,
        infinite = f64::INFINITY,
        bytes = &[0xff_u8, 0][..],
        debugged = ?[1, 2],
        displayed = %1.5,
        some = Some(3),
        none = None::<i64>,
        message = "of a span it is an attribute",
        dotted.name = 4,
        empty = Empty,
    ));
}

#[test]
fn what_is_recorded_late_is_there_and_the_last_value_counts() {
    let read = run("records_late");
    let span = read.span("late");
    assert_eq!(span.get("rows"), Some(&Val::I64(5000)));
    assert_eq!(span.get("provider"), Some(&Val::from("finnhub")));
    assert_eq!(span.get("again"), Some(&Val::I64(2)));
    assert_eq!(span.get("elsewhere"), Some(&Val::from("another thread")));
    assert_eq!(span.get("nested"), Some(&Val::from("formatted")));
    // What formatting the value recorded is there as well.
    assert_eq!(read.span("while formatting").parent, None);
}

struct RecordsWhileFormatted(tracing::Span);

impl fmt::Debug for RecordsWhileFormatted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        drop(info_span!("while formatting"));
        self.0.record("again", 2);
        f.write_str("formatted")
    }
}

#[test]
#[ignore = "the child of the test above"]
fn records_late() {
    if !is_child() {
        return;
    }
    let _guard = record();
    let span = info_span!(
        "late",
        rows = Empty,
        provider = Empty,
        again = 1,
        elsewhere = Empty,
        nested = Empty
    );
    span.record("rows", 5000);
    span.record("provider", display("finnhub"));
    span.record("unknown to the callsite", 1);
    let clone = span.clone();
    let elsewhere = move || drop(clone.record("elsewhere", "another thread").clone());
    std::thread::spawn(elsewhere).join().unwrap();
    span.record("nested", debug(RecordsWhileFormatted(span.clone())));
}

#[test]
fn special_fields_mean_what_they_do_elsewhere() {
    let read = run("has_special_fields");
    let renamed = read.span("GET /quotes/{symbol}");
    assert_eq!((renamed.kind, renamed.status), (2, 1));
    assert_eq!(renamed.attributes, []);
    let late = read.span("renamed late");
    assert_eq!((late.kind, late.status), (3, 2));
    assert_eq!(late.message, "no quote");
    assert_eq!(late.attributes, []);
    for name in ["message first", "code first"] {
        assert_eq!(
            (read.span(name).status, read.span(name).message.as_str()),
            (2, "why")
        );
    }
    let odd = read.span("odd");
    assert_eq!((odd.kind, odd.status), (1, 0));
    assert_eq!(odd.get("otel.kind"), Some(&Val::from("sideways")));
    assert_eq!(odd.get("otel.status_code"), Some(&Val::from("perhaps")));
    assert_eq!(odd.get("otel.name"), Some(&Val::I64(7)));
}

#[test]
#[ignore = "the child of the test above"]
fn has_special_fields() {
    if !is_child() {
        return;
    }
    let _guard = record();
    drop(info_span!(
        "request",
        otel.name = %format!("GET {}", "/quotes/{symbol}"),
        otel.kind = "SERVER",
        otel.status_code = "ok"
    ));
    let late = info_span!(
        "early",
        otel.name = Empty,
        otel.kind = Empty,
        otel.status_code = Empty,
        otel.status_message = Empty
    );
    late.record("otel.name", "renamed late");
    late.record("otel.kind", debug(telensic::SpanKind::Client));
    late.record("otel.status_code", "Error");
    late.record("otel.status_message", "no quote");
    drop(late);
    drop(info_span!(
        "message first",
        otel.status_message = "why",
        otel.status_code = "ERROR"
    ));
    drop(info_span!(
        "code first",
        otel.status_code = "error",
        otel.status_description = "why"
    ));
    drop(info_span!(
        "odd",
        otel.kind = "sideways",
        otel.status_code = "perhaps",
        otel.name = 7
    ));
}

#[test]
fn an_error_is_an_exception_with_its_sources() {
    let read = run("has_errors");
    for name in ["at once", "late"] {
        let span = read.span(name);
        assert_eq!(span.get("error"), Some(&Val::from("no quantity")), "{name}");
        assert_eq!((span.status, span.message.as_str()), (2, "no quantity"), "{name}");
        let [exception] = &span.events[..] else {
            panic!("{span:#?}")
        };
        assert_eq!(exception.name, "exception");
        let stacktrace = exception.get("exception.stacktrace").unwrap().text();
        assert!(
            stacktrace.contains("caused by: invalid digit found in string"),
            "{stacktrace}"
        );
    }
}

#[test]
#[ignore = "the child of the test above"]
fn has_errors() {
    if !is_child() {
        return;
    }
    let _guard = record();
    let error = Outer("x".parse::<u8>().unwrap_err());
    let error: &(dyn std::error::Error + 'static) = &error;
    drop(info_span!("at once", error));
    let span = info_span!("late", error = Empty);
    span.record("error", error);
}

#[test]
fn a_span_links_to_what_it_follows_from() {
    let read = run("follows");
    let (first, second) = (read.span("first"), read.span("second"));
    assert_eq!(
        read.span("follower").links,
        [(first.trace, first.id, 0), (second.trace, second.id, 0)]
    );
}

#[test]
#[ignore = "the child of the test above"]
fn follows() {
    if !is_child() {
        return;
    }
    let _guard = record();
    let (first, second) = (
        info_span!(parent: None, "first"),
        info_span!(parent: None, "second"),
    );
    let follower = info_span!("follower");
    follower.follows_from(&first);
    follower.follows_from(second.id());
    follower.follows_from(None);
    let gone = info_span!("gone").id();
    follower.follows_from(gone);
}

#[test]
fn targets_are_scopes_and_places_are_told_if_asked_for() {
    let read = run("has_targets");
    let mut scopes = Vec::new();
    for tape in &read.tapes {
        for chunk in tape.chunks() {
            let body = tape.body(chunk).unwrap();
            let scope = body.scope().unwrap().name.to_owned();
            for span in body.spans() {
                scopes.push((span.unwrap().name.to_owned(), scope.clone()));
            }
            for log in body.logs() {
                let log = log.unwrap();
                scopes.push((format!("{:?}", Val::of(log.body.clone())), scope.clone()));
            }
        }
    }
    scopes.sort();
    assert_eq!(
        scopes,
        [
            ("Str(\"an event\")", "orders::book"),
            ("of a target", "orders::book"),
            ("of the module", "tracing::fields_arrive_as_they_were_given"),
        ]
        .map(|(name, scope)| (name.to_owned(), scope.to_owned()))
    );
    let span = read.span("of the module");
    let file = span.get("code.file.path").unwrap().text();
    assert!(file.ends_with("fields_arrive_as_they_were_given.rs"), "{file}");
    assert_eq!(span.int("code.line.number"), span.int("line"));
    let log = read.log("an event");
    assert_eq!(log.int("code.line.number"), log.int("line"));
}

#[test]
#[ignore = "the child of the test above"]
fn has_targets() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("targets");
    let layer = telensic::tracing_layer().with_location(true);
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer)).unwrap();
    drop(info_span!("of the module", line = line!()));
    drop(span!(target: "orders::book", Level::DEBUG, "of a target"));
    tracing::info!(target: "orders::book", line = line!(), "an event");
}
