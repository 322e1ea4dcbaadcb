//! A future's span is the current one wherever it is polled, ends when the future does, and leaves nothing.

use std::time::Duration;

use telensic::{InSpan, attach, current, current_context, root_span, span};
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;

use crate::support::{Read, is_child, recorded};

fn run(scenario: &str) -> Read {
    recorded(&format!("tasks_keep_their_span::{scenario}"))
}

fn runtime(workers: usize) -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(workers)
        .enable_time()
        .build()
        .unwrap()
}

/// The parent's name.
fn parent<'a>(read: &'a Read, name: &str) -> &'a str {
    let span = read.span(name);
    let by_id = read.by_id();
    span.parent.map_or("", |id| {
        let parent = by_id[&id];
        assert_eq!(parent.trace, span.trace, "{name}");
        &parent.name
    })
}

/// No worker of the runtime is in any span.
fn assert_no_worker_is_in_a_span(runtime: &Runtime) {
    runtime.block_on(async {
        let probes: Vec<_> = (0..64)
            .map(|_| {
                tokio::spawn(async {
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
    assert!(current_context().is_empty());
}

#[test]
fn whatever_becomes_of_a_future_its_span_ends_once() {
    let read = run("takes_every_way");
    for (child, expected) in [
        ("in winner", "winner"),
        ("in loser", "loser"),
        ("in cancelled", "cancelled"),
        ("in never polled", ""),
        ("in panicked", "panicked"),
        ("in aborted", "aborted"),
        ("in spawned", "spawner"),
        ("in blocking", "spawner"),
        ("in inner runtime", "outer of runtimes"),
        ("after inner runtime", "outer of runtimes"),
        ("in destructor", "destructed"),
        ("nested inner", "nested middle"),
    ] {
        if child == "in never polled" {
            assert_eq!(read.named(child).len(), 0);
            continue;
        }
        assert_eq!(parent(&read, child), expected, "{child}");
    }
    for name in [
        "winner",
        "loser",
        "cancelled",
        "never polled",
        "panicked",
        "aborted",
        "spawner",
        "destructed",
    ] {
        assert_eq!(read.named(name).len(), 1, "{name}");
    }
    assert_eq!(read.span("panicked").status, 2);
    assert_eq!(read.span("panicked").message, "in a task");
    assert_eq!(read.span("aborted").status, 0);
    assert_eq!(read.span("winner").int("polls"), 3);
    assert_eq!(read.open(), Vec::<String>::new());
    assert_eq!(read.by_id().len(), read.spans.len());
}

#[test]
#[ignore = "the child of the test above"]
fn takes_every_way() {
    if !is_child() {
        return;
    }
    let guard = telensic::init("ways");
    let runtime = runtime(4);
    runtime.block_on(async {
        let winner = async {
            for poll in 1..=3 {
                yield_now().await;
                current().set("polls", poll);
            }
            span("in winner").end();
        }
        .in_span(root_span("winner"));
        let loser = async {
            span("in loser").end();
            std::future::pending::<()>().await;
        }
        .in_span(root_span("loser"));
        tokio::select! {
            () = winner => {}
            () = loser => unreachable!("it never ends"),
        }
        assert!(current_context().is_empty());

        let mut cancelled = Box::pin(
            async {
                let _inner = span("in cancelled");
                std::future::pending::<()>().await;
            }
            .in_span(root_span("cancelled")),
        );
        let once = tokio::time::timeout(Duration::from_millis(1), &mut cancelled).await;
        assert!(once.is_err());
        drop(cancelled);
        assert!(current_context().is_empty());
        drop(async { span("in never polled").end() }.in_span(root_span("never polled")));

        let panicked = tokio::spawn(
            async {
                span("in panicked").end();
                yield_now().await;
                panic!("in a task");
            }
            .in_span(root_span("panicked")),
        );
        assert!(panicked.await.is_err());
        let (begun, waits) = tokio::sync::oneshot::channel();
        let aborted = tokio::spawn(
            async {
                span("in aborted").end();
                begun.send(()).unwrap();
                std::future::pending::<()>().await;
            }
            .in_span(root_span("aborted")),
        );
        waits.await.unwrap();
        aborted.abort();
        assert!(aborted.await.is_err());

        async {
            let context = current_context();
            let handed_over = context.clone();
            let spawned = tokio::spawn(async move {
                // What is spawned is on its own; it is given its context.
                assert!(current_context().is_empty());
                let _attached = attach(handed_over);
                span("in spawned").end();
            });
            spawned.await.unwrap();
            let blocking = tokio::task::spawn_blocking(move || {
                assert!(current_context().is_empty());
                let _attached = attach(context);
                span("in blocking").end();
            });
            blocking.await.unwrap();
        }
        .in_span(root_span("spawner"))
        .await;

        struct Destructor;
        impl Drop for Destructor {
            fn drop(&mut self) {
                span("in destructor").end();
            }
        }
        let destructor = Destructor;
        async move {
            let _destructor = destructor;
            yield_now().await;
        }
        .in_span(root_span("destructed"))
        .await;

        async {
            async {
                yield_now().await;
                async {
                    yield_now().await;
                    span("nested inner").end();
                    yield_now().await;
                }
                .in_span(telensic::Span::none())
                .await;
            }
            .in_span(span("nested middle"))
            .await;
        }
        .in_span(root_span("nested outer"))
        .await;
    });
    {
        let _outer = root_span("outer of runtimes").entered();
        let inner = Builder::new_current_thread().build().unwrap();
        inner.block_on(async {
            yield_now().await;
            span("in inner runtime").end();
        });
        span("after inner runtime").end();
    }
    assert_no_worker_is_in_a_span(&runtime);
    drop(runtime);
    drop(guard);
}

/// Many tasks on few workers, moved between them at every await.
#[test]
fn every_span_of_a_thousand_tasks_has_its_right_parent() {
    let read = run("runs_a_thousand_tasks");
    let by_id = read.by_id();
    assert_eq!(read.named("task").len(), TASKS as usize);
    assert_eq!(read.named("step").len(), TASKS as usize * STEPS as usize);
    assert_eq!(read.named("leaf").len(), TASKS as usize * STEPS as usize * 2);
    for span in &read.spans {
        match span.name.as_str() {
            "task" => assert_eq!(span.parent, None),
            _ => {
                let parent = by_id[&span.parent.unwrap()];
                assert_eq!(parent.int("task"), span.int("task"), "{span:?}");
                assert_eq!(parent.trace, span.trace);
                let expected = if span.name == "leaf" { "step" } else { "task" };
                assert_eq!(parent.name, expected);
                if span.name == "leaf" {
                    assert_eq!(parent.int("step"), span.int("step"));
                }
                assert!(parent.start <= span.start && span.end <= parent.end);
            }
        }
    }
    for log in &read.logs {
        let span = by_id[&log.span.unwrap()];
        assert_eq!((span.name.as_str(), span.int("task")), ("step", log.int("task")));
    }
    assert_eq!(read.logs.len(), (TASKS * STEPS) as usize);
    assert_eq!(read.open(), Vec::<String>::new());
}

const TASKS: i64 = 1000;
const STEPS: i64 = 5;

#[test]
#[ignore = "the child of the test above"]
fn runs_a_thousand_tasks() {
    if !is_child() {
        return;
    }
    async fn step(task: i64, step: i64) {
        yield_now().await;
        let leaf = |_| async move {
            yield_now().await;
            span("leaf").with("task", task).with("step", step).end();
            yield_now().await;
        };
        tokio::join!(leaf(0), leaf(1));
        if (task + step) % 7 == 0 {
            tokio::time::sleep(Duration::from_micros(50)).await;
        }
        telensic::log(telensic::Severity::Info, "step done")
            .with("task", task)
            .emit();
    }
    let guard = telensic::init("tasks");
    let runtime = runtime(6);
    runtime.block_on(async {
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| {
                let work = async move {
                    for number in 0..STEPS {
                        let span = span("step").with("task", task).with("step", number);
                        step(task, number).in_span(span).await;
                        yield_now().await;
                    }
                };
                tokio::spawn(work.in_span(root_span("task").with("task", task)))
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    assert_no_worker_is_in_a_span(&runtime);
    drop(runtime);
    drop(guard);
}
