//! When a span ends, and how often, whoever holds it and wherever it is entered.

use std::thread;
use std::time::Duration;

use telensic::current_context;
use tracing::{info, info_span};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::support::{Read, Val, is_child, recorded};

fn run(scenario: &str) -> Read {
    recorded(&format!("spans_end_when_they_are_done::{scenario}"))
}

fn record() -> telensic::Guard {
    let guard = telensic::init("ends");
    let subscriber = tracing_subscriber::registry().with(telensic::tracing_layer());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    guard
}

#[test]
fn a_span_is_recorded_once_and_its_time_is_that_of_its_own_work() {
    let read = run("lives_on");
    for name in [
        "cloned",
        "re-entered",
        "closed elsewhere",
        "parent",
        "child",
        "never entered",
    ] {
        assert_eq!(read.named(name).len(), 1, "{name}");
    }
    let (parent, child) = (read.span("parent"), read.span("child"));
    assert_eq!(child.parent, Some(parent.id));
    // It is closed when its last child is; it was left before the child began.
    assert!(parent.end <= child.start, "{} {}", parent.end, child.start);
    assert!(child.start < child.end);
    for (text, name) in [
        ("once", "re-entered"),
        ("twice", "re-entered"),
        ("once again", "re-entered"),
        ("on another thread", "closed elsewhere"),
        ("in the clone", "cloned"),
    ] {
        assert_eq!(read.log(text).span, Some(read.span(name).id), "{text}");
    }
    assert_eq!(read.log("afterwards").span, None);
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn lives_on() {
    if !is_child() {
        return;
    }
    let _guard = record();
    let cloned = info_span!("cloned");
    let clone = cloned.clone();
    drop(cloned);
    clone.in_scope(|| info!("in the clone"));
    drop(clone);

    let re_entered = info_span!("re-entered");
    re_entered.in_scope(|| {
        re_entered.in_scope(|| info!("twice"));
        info!("once");
    });
    re_entered.in_scope(|| info!("once again"));
    drop(re_entered);

    let elsewhere = info_span!("closed elsewhere");
    thread::spawn(move || elsewhere.in_scope(|| info!("on another thread")))
        .join()
        .unwrap();

    let parent = info_span!("parent");
    let late = parent.in_scope(|| {
        thread::sleep(Duration::from_millis(1));
        tracing::Span::current()
    });
    drop(parent);
    let child = info_span!(parent: &late, "child");
    drop(late);
    thread::sleep(Duration::from_millis(1));
    child.in_scope(|| thread::sleep(Duration::from_millis(1)));
    drop(child);

    drop(info_span!("never entered"));
    info!("afterwards");
    assert!(current_context().is_empty());
}

#[test]
fn spans_left_in_another_order_than_they_were_entered_take_nobody_with_them() {
    let read = run("leaves_out_of_order");
    let (first, second) = (read.span("first"), read.span("second"));
    assert_eq!(second.parent, Some(first.id));
    assert_eq!(read.log("in the second").span, Some(second.id));
    assert_eq!(read.log("in none").span, None);
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn leaves_out_of_order() {
    if !is_child() {
        return;
    }
    let _guard = record();
    let first = info_span!("first").entered();
    let second = info_span!("second").entered();
    drop(first);
    info!("in the second");
    drop(second);
    info!("in none");
    assert!(current_context().is_empty());
}

#[test]
fn a_span_that_many_threads_are_in_at_once_is_each_ones_current_span() {
    let read = run("is_shared");
    let shared = read.span("shared");
    assert_eq!(read.named("of a thread").len(), 8 * 200);
    for span in read.named("of a thread") {
        assert_eq!(span.parent, Some(shared.id));
    }
    let last = |key: &str| matches!(shared.get(key), Some(Val::I64(199)));
    assert!((0..8).all(|thread| last(&format!("by {thread}"))), "{shared:#?}");
}

#[test]
#[ignore = "the child of the test above"]
fn is_shared() {
    if !is_child() {
        return;
    }
    let _guard = record();
    let shared = info_span!(
        "shared",
        "by 0" = tracing::field::Empty,
        "by 1" = tracing::field::Empty,
        "by 2" = tracing::field::Empty,
        "by 3" = tracing::field::Empty,
        "by 4" = tracing::field::Empty,
        "by 5" = tracing::field::Empty,
        "by 6" = tracing::field::Empty,
        "by 7" = tracing::field::Empty
    );
    thread::scope(|scope| {
        for number in 0..8 {
            let shared = &shared;
            scope.spawn(move || {
                let key = format!("by {number}");
                for round in 0..200 {
                    let _entered = shared.enter();
                    shared.record(key.as_str(), round);
                    drop(info_span!("of a thread"));
                }
                assert!(current_context().is_empty());
            });
        }
    });
}

#[test]
fn a_panic_fails_the_spans_that_it_unwinds_through() {
    let read = run("panics");
    let inner = read.span("inner");
    assert_eq!((inner.status, inner.message.as_str()), (2, "on purpose"));
    assert_eq!(inner.events[0].name, "exception");
    assert_eq!(read.span("outer").status, 2);
    assert_eq!(read.span("kept").status, 2);
    assert_eq!(read.span("around").status, 0);
    assert_eq!(read.log("on purpose").span, Some(inner.id));
}

#[test]
#[ignore = "the child of the test above"]
fn panics() {
    if !is_child() {
        return;
    }
    std::panic::set_hook(Box::new(|_| {}));
    let _guard = record();
    let _around = info_span!("around").entered();
    let kept = info_span!("kept");
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        kept.in_scope(|| {
            let _outer = info_span!("outer").entered();
            let _inner = info_span!("inner").entered();
            panic!("on purpose");
        });
    }));
    assert!(caught.is_err());
}

#[test]
fn a_forked_child_ends_none_of_its_parents_spans_and_records_its_own() {
    let read = run("forks");
    assert_eq!(read.named("open at the fork").len(), 1);
    assert_eq!(read.named("closed at once").len(), 1);
    let span = read.span("of the child");
    assert_eq!(span.parent, Some(read.span("open at the fork").id));
    assert_eq!(read.span("of the parent").parent, span.parent);
    assert_ne!(span.tape, read.span("of the parent").tape);
}

#[test]
#[ignore = "the child of the test above"]
fn forks() {
    if !is_child() {
        return;
    }
    let _guard = record();
    let open = info_span!("open at the fork").entered();
    let other = info_span!("closed at once");
    let code = crate::support::in_fork(|| {
        drop(info_span!("of the child"));
        true
    });
    assert_eq!(code, 0);
    drop(other);
    drop(info_span!("of the parent"));
    drop(open);
}
