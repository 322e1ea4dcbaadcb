//! One current span for both: what was entered last is the parent, through either API, on any thread, in any task.

use std::collections::HashMap;

use opentelemetry::baggage::BaggageExt as _;
use opentelemetry::context::FutureExt as _;
use opentelemetry::trace::{Span as _, TraceContextExt as _, Tracer as _, mark_span_as_active};
use opentelemetry::{Context, KeyValue, global};
use telensic::{InSpan as _, Severity, current_context, inject, log, span};

use crate::support::{Read, is_child, recorded};

fn run(scenario: &str) -> Read {
    recorded(&format!("either_span_is_the_others_parent::{scenario}"))
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
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
fn what_was_entered_last_is_the_parent() {
    let read = run("nests_both_kinds");
    assert_parents(
        &read,
        &[
            ("own", ""),
            ("api in own", "own"),
            ("own in api", "api in own"),
            ("api in own in api", "own in api"),
            ("a value does not hide it", "own in api"),
            ("named parent", "own"),
            ("named root", ""),
            ("after", "own"),
        ],
    );
    assert_eq!(read.log("in api").span, Some(read.span("api in own").id));
    let sent = read.log("sent");
    let api = read.span("api in own");
    let header = format!("00-{}-{}-03", api.trace, api.id);
    assert_eq!(sent.get("traceparent").unwrap().text(), header);
    assert_eq!(sent.get("baggage").unwrap().text(), "desk=rates");
}

#[test]
#[ignore = "the child of the test above"]
fn nests_both_kinds() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("nests");
    telensic::opentelemetry::install();
    let tracer = global::tracer("library");
    {
        let own = span("own").entered();
        let named = telensic::opentelemetry::to_context(&own.context());
        tracer.in_span("api in own", |api| {
            log(Severity::Info, "in api").emit();
            {
                let _baggage = api.with_baggage([KeyValue::new("desk", "rates")]).attach();
                let mut headers = HashMap::new();
                inject(&current_context(), &mut headers);
                log(Severity::Info, "sent")
                    .with("traceparent", headers["traceparent"].as_str())
                    .with("baggage", headers["baggage"].as_str())
                    .emit();
            }
            assert!(current_context().baggage().is_none());
            let _own = span("own in api").entered();
            tracer.in_span("api in own in api", |_| {});
            let with_value = Context::current_with_value(5_u8);
            tracer
                .start_with_context("a value does not hide it", &with_value)
                .end();
            let _attached = with_value.attach();
            tracer.start_with_context("named parent", &named).end();
            tracer.start_with_context("named root", &Context::new()).end();
        });
        tracer.start("after").end();
    }
    assert!(current_context().is_empty());
}

#[test]
fn guards_that_are_dropped_out_of_order_leave_nothing_behind() {
    let read = run("drops_out_of_order");
    assert_parents(
        &read,
        &[
            ("a", ""),
            ("b", "a"),
            ("own", "b"),
            ("in own", "own"),
            ("in b", "b"),
            ("detached", ""),
            ("at the end", ""),
        ],
    );
}

#[test]
#[ignore = "the child of the test above"]
fn drops_out_of_order() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("order");
    telensic::opentelemetry::install();
    let tracer = global::tracer("library");
    let a = mark_span_as_active(tracer.start("a"));
    let b = mark_span_as_active(tracer.start("b"));
    let own = span("own").entered();
    drop(a);
    span("in own").end();
    drop(own);
    span("in b").end();
    {
        let _nothing = Context::new().attach();
        span("detached").end();
    }
    drop(b);
    assert!(current_context().is_empty());
    tracer.start("at the end").end();
}

#[test]
fn tasks_and_threads_take_their_span_along() {
    let read = run("moves_between_threads");
    let mut expected = vec![
        ("root".to_owned(), String::new()),
        ("thread".to_owned(), "root".to_owned()),
    ];
    for task in 0..20 {
        expected.push((format!("task {task}"), "root".to_owned()));
        for step in 0..5 {
            expected.push((format!("own {task} {step}"), format!("task {task}")));
            expected.push((format!("api {task} {step}"), format!("own {task} {step}")));
        }
    }
    let expected: Vec<_> = expected
        .iter()
        .map(|(child, parent)| (&**child, &**parent))
        .collect();
    assert_parents(&read, &expected);
}

#[test]
#[ignore = "the child of the test above"]
fn moves_between_threads() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("moves");
    telensic::opentelemetry::install();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(3)
        .build()
        .unwrap();
    let root = span("root").entered();
    let handed_over = telensic::opentelemetry::current();
    let on_thread = handed_over.clone();
    std::thread::spawn(move || {
        let _attached = on_thread.attach();
        span("thread").end();
    })
    .join()
    .unwrap();
    let tasks: Vec<_> = (0..20)
        .map(|task| {
            let tracer = global::tracer("library");
            let cx = handed_over.with_span(tracer.start_with_context(format!("task {task}"), &handed_over));
            runtime.spawn(work(task).with_context(cx))
        })
        .collect();
    runtime.block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
    // None of the workers is left in anybody's span.
    runtime.block_on(async {
        for _ in 0..20 {
            tokio::spawn(async { assert!(current_context().is_empty()) })
                .await
                .unwrap();
        }
    });
    drop(root);
}

async fn work(task: u32) {
    for step in 0..5 {
        let own = span(&format!("own {task} {step}"));
        async {
            tokio::task::yield_now().await;
            let mut api = global::tracer("library").start(format!("api {task} {step}"));
            tokio::task::yield_now().await;
            api.end();
        }
        .in_span(own)
        .await;
    }
}

#[test]
fn a_span_dropped_by_a_panic_says_so() {
    let read = run("panics_within");
    let failed = read.span("fails");
    assert_eq!((failed.status, &*failed.message), (2, "lost the feed"));
    assert_parents(&read, &[("fails", ""), ("next", "")]);
}

#[test]
#[ignore = "the child of the test above"]
fn panics_within() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("panics");
    telensic::opentelemetry::install();
    let tracer = global::tracer("library");
    let failed = std::thread::spawn(move || tracer.in_span("fails", |_| panic!("lost the feed")));
    assert!(failed.join().is_err());
    span("next").end();
}

#[test]
fn another_observer_that_was_there_first_is_said_once() {
    let dir = crate::support::Dir::new();
    let mut late = crate::support::child(&dir, "either_span_is_the_others_parent::comes_late");
    let said = crate::support::succeed(&mut late);
    let lines = crate::support::our_lines(&said);
    assert_eq!(lines.len(), 1, "{said}");
    assert!(lines[0].contains("install telensic first"), "{said}");
    let read = crate::support::read(dir.path());
    assert_parents(&read, &[("own", ""), ("api", "own"), ("inner", "api")]);
}

#[derive(Debug)]
struct Deaf;

impl opentelemetry::context::ContextObserver for Deaf {
    fn on_context_enter(&self, _: &Context, _: &Context) {}

    fn on_context_exit(&self, _: &Context, _: &Context) {}
}

#[test]
#[ignore = "the child of the test above"]
fn comes_late() {
    if !is_child() {
        return;
    }
    opentelemetry::context::GlobalContextObserver::set(std::sync::Arc::new(Deaf));
    let _guard = telensic::init("late");
    telensic::opentelemetry::install();
    telensic::opentelemetry::install();
    let tracer = global::tracer("library");
    let _own = span("own").entered();
    tracer.in_span("api", |_| tracer.start("inner").end());
}
