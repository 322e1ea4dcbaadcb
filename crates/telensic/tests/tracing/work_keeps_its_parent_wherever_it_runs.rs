//! A tree of work that takes every way through the runtimes, at random: each span says whose child it should be.
//!
//! Scenario: tasks, blocking work, rayon, nested runtimes, races and cancellations, on several threads at once.
//! Guarantees: every span has the parent that the program gave it, no thread is left in any span, each ends once.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use telensic::{InSpan, current_context};
use tokio::runtime;
use tokio::task::{spawn, spawn_blocking, yield_now};
use tracing::{Instrument, Span, info, info_span};

use crate::support::{Random, Read, Val, is_child, recorded};

#[test]
fn every_span_has_the_parent_that_the_program_gave_it() {
    let read: Read = recorded("work_keeps_its_parent_wherever_it_runs::takes_every_way");
    let by_id = read.by_id();
    let by_number: HashMap<i64, _> = read.spans.iter().map(|span| (span.int("number"), span)).collect();
    assert_eq!(by_number.len(), read.spans.len());
    assert!(read.spans.len() > 2_000, "{}", read.spans.len());
    for span in &read.spans {
        let parent = span.parent.map_or(0, |id| by_id[&id].int("number"));
        assert_eq!(parent, span.int("expected"), "{span:#?}");
        if let Some(id) = span.parent {
            assert_eq!(span.trace, by_id[&id].trace);
        }
        assert!(span.end >= span.start, "{span:#?}");
    }
    let mut ways: Vec<&str> = read
        .spans
        .iter()
        .map(|span| span.get("way").unwrap().text())
        .collect();
    ways.sort_unstable();
    ways.dedup();
    assert_eq!(ways.len(), WAYS.len() + 1, "{ways:?}");
    assert!(read.logs.len() > 2_000, "{}", read.logs.len());
    for log in &read.logs {
        let expected = &by_number[&log.int("expected")];
        assert_eq!(
            (log.trace, log.span),
            (Some(expected.trace), Some(expected.id)),
            "{log:#?}"
        );
        assert_eq!(log.body, Val::from("at work"));
    }
    assert_eq!(read.open(), Vec::<String>::new());
}

/// How a piece of work is done.
const WAYS: [&str; 10] = [
    "inline",
    "entered",
    "native",
    "spawned",
    "blocking",
    "rayon",
    "nested runtime",
    "race",
    "cancelled",
    "aborted",
];

const DEEPEST: u32 = 6;

/// The next number of a span; 0 is nobody.
static NEXT: AtomicI64 = AtomicI64::new(1);

fn next() -> i64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// A span, child of the current one, which should be this one.
fn child_of(expected: i64, way: &'static str) -> (Span, i64) {
    let number = next();
    (info_span!("work", number, expected, way), number)
}

fn say(expected: i64) {
    info!(expected, "at work");
}

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Does some work, in the span that is current and has this number.
fn work(mut random: Random, within: i64, depth: u32) -> Work {
    Box::pin(async move {
        say(within);
        if depth == DEEPEST {
            return yield_now().await;
        }
        for _ in 0..1 + random.below(3) {
            let way = WAYS[random.below(WAYS.len() as u64) as usize];
            let below = Random(random.below(u64::MAX));
            piece(way, below, within, depth).await;
            if random.below(2) == 0 {
                yield_now().await;
            }
            say(within);
        }
    })
}

async fn piece(way: &'static str, random: Random, within: i64, depth: u32) {
    match way {
        "inline" => {
            let (span, number) = child_of(within, way);
            work(random, number, depth + 1).instrument(span).await;
        }
        "entered" => {
            let (span, number) = child_of(within, way);
            span.in_scope(|| span.in_scope(|| say(number)));
            say(within);
            span.in_scope(|| deeper(random, number, depth + 1));
        }
        "native" => {
            let number = next();
            let span = telensic::span("work")
                .with("number", number)
                .with("expected", within)
                .with("way", way);
            work(random, number, depth + 1).in_span(span).await;
        }
        "spawned" => {
            let (span, number) = child_of(within, way);
            spawn(work(random, number, depth + 1).instrument(span))
                .await
                .unwrap();
        }
        "blocking" => {
            let (span, number) = child_of(within, way);
            let blocking = move || span.in_scope(|| deeper(random, number, depth + 1));
            spawn_blocking(blocking).await.unwrap();
        }
        "rayon" => {
            let (span, number) = child_of(within, way);
            let inner = span.clone();
            rayon::scope(|scope| {
                for _ in 0..3 {
                    scope.spawn(|_| inner.in_scope(|| deeper(Random(0), number, DEEPEST - 1)));
                }
            });
        }
        "nested runtime" => {
            let (span, number) = child_of(within, way);
            let nested = move || {
                let runtime = runtime::Builder::new_current_thread()
                    .enable_time()
                    .build()
                    .unwrap();
                runtime.block_on(work(random, number, depth + 1).instrument(span));
                assert!(current_context().is_empty());
            };
            spawn_blocking(nested).await.unwrap();
        }
        "race" => {
            let (one, first) = child_of(within, way);
            let (other, second) = child_of(within, way);
            let never = async move {
                yield_now().await;
                say(second);
                std::future::pending::<()>().await;
            };
            tokio::select! {
                () = work(random, first, depth + 1).instrument(one) => {}
                () = never.instrument(other) => unreachable!("it never ends"),
            }
        }
        "cancelled" => {
            let (span, number) = child_of(within, way);
            let endless = async move {
                let (inner, _) = child_of(number, way);
                let _held = inner.clone();
                work(random, number, DEEPEST).await;
                std::future::pending::<()>().instrument(inner).await;
            };
            let late = tokio::time::timeout(Duration::from_millis(1), endless.instrument(span)).await;
            assert!(late.is_err());
        }
        _ => {
            let (span, number) = child_of(within, way);
            let task = spawn(
                async move {
                    say(number);
                    std::future::pending::<()>().await;
                }
                .instrument(span),
            );
            yield_now().await;
            task.abort();
            assert!(task.await.is_err_and(|error| error.is_cancelled()));
        }
    }
}

/// Work without a runtime: spans within one another.
fn deeper(mut random: Random, within: i64, depth: u32) {
    say(within);
    if depth < DEEPEST {
        let (span, number) = child_of(within, "entered");
        let _entered = span.entered();
        deeper(Random(random.below(u64::MAX)), number, depth + 1);
    }
    say(within);
}

#[test]
#[ignore = "the child of the test above"]
fn takes_every_way() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("ways");
    telensic::setup_logging().unwrap();
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let roots: Vec<_> = (0..160)
            .map(|root| {
                let number = next();
                let span = info_span!(parent: None, "work", number, expected = 0, way = "root");
                spawn(work(Random(root), number, 0).instrument(span))
            })
            .collect();
        for root in roots {
            root.await.unwrap();
        }
        let probes: Vec<_> = (0..64)
            .map(|_| {
                spawn(async {
                    assert!(current_context().is_empty());
                    std::thread::sleep(Duration::from_millis(1));
                    yield_now().await;
                    assert!(current_context().is_empty());
                })
            })
            .collect();
        for probe in probes {
            probe.await.unwrap();
        }
    });
    rayon::broadcast(|_| assert!(current_context().is_empty()));
    assert!(current_context().is_empty());
}
