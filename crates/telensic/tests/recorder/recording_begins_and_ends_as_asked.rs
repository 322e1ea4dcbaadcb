//! The guard: begun once, begun again, never hanging, and nothing without it.

use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::process::Stdio;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use telensic::{Builder, InSpan, Severity, current, current_context, log, span};

use crate::support::{Dir, child, is_child, our_lines, read, reap, succeed, tapes_in};

fn test(name: &str) -> String {
    format!("recording_begins_and_ends_as_asked::{name}")
}

#[test]
fn a_second_init_warns_once_and_changes_nothing() {
    let dir = Dir::new();
    let said = succeed(&mut child(&dir, &test("begins_twice")));
    let [warning] = our_lines(&said)[..] else {
        panic!("{said}")
    };
    assert!(warning.contains("init was called again"), "{warning}");
    let read = read(dir.path());
    assert_eq!(read.tapes.len(), 1);
    assert_eq!(read.tapes[0].head().resource_text("service.name"), Some("first"));
    assert_eq!(read.by_id().len(), 3, "the second guard ended nothing");
}

#[test]
#[ignore = "the child of the test above"]
fn begins_twice() {
    if !is_child() {
        return;
    }
    let first = telensic::init("first");
    span("before").end();
    let second = telensic::init("second");
    span("with both").end();
    drop(second);
    span("after the second").end();
    drop(first);
    span("after all").end();
}

#[test]
fn of_many_threads_that_begin_at_once_one_does() {
    let dir = Dir::new();
    let said = succeed(&mut child(&dir, &test("begins_on_many_threads")));
    assert_eq!(our_lines(&said).len(), 50 * 7, "{said}");
    let read = read(dir.path());
    assert_eq!(read.tapes.len(), 50, "one for each round");
    assert!(read.tapes.iter().all(|tape| tape.head().is_closed()));
}

#[test]
#[ignore = "the child of the test above"]
fn begins_on_many_threads() {
    if !is_child() {
        return;
    }
    let (begin, end) = (Barrier::new(8), Barrier::new(8));
    std::thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| {
                for _ in 0..50 {
                    begin.wait();
                    let guard = Builder::new("many").log_files(false).init();
                    end.wait();
                    drop(guard);
                }
            });
        }
    });
}

#[test]
fn recording_can_begin_again_on_a_new_tape() {
    let dir = Dir::new();
    let said = succeed(&mut child(&dir, &test("begins_again")));
    assert_eq!(our_lines(&said), Vec::<&str>::new());
    let read = read(dir.path());
    assert_eq!(read.tapes.len(), 5);
    for round in 0..5 {
        let span = read.span(&format!("round {round}"));
        let others = read.spans.iter().filter(|other| other.tape == span.tape).count();
        assert_eq!(others, 3, "its own, and one of each thread");
    }
    assert_eq!(read.named("in between").len(), 0);
    let across = read.span("across");
    assert_eq!(
        across.tape,
        read.span("round 4").tape,
        "it ended while that was recorded"
    );
}

#[test]
#[ignore = "the child of the test above"]
fn begins_again() {
    if !is_child() {
        return;
    }
    let mut across = None;
    let (asks, answers) = (
        std::sync::mpsc::channel::<String>(),
        std::sync::mpsc::channel::<()>(),
    );
    let (ask, asked) = asks;
    let (answer, answered) = answers;
    // A thread that lives through all of it.
    let other = std::thread::spawn(move || {
        for name in asked {
            span(&name).end();
            answer.send(()).unwrap();
        }
    });
    for round in 0..5 {
        let guard = telensic::init("again");
        span(&format!("round {round}")).end();
        ask.send(format!("thread in {round}")).unwrap();
        answered.recv().unwrap();
        // The last round's third span is this one, which was begun in the first.
        match round {
            0 => across = Some(span("across")),
            4 => drop(across.take()),
            _ => {}
        }
        if round != 4 {
            span("filler").end();
        }
        drop(guard);
        span("in between").end();
        assert_eq!(telensic::tape_path(), None);
    }
    drop(ask);
    other.join().unwrap();
}

#[test]
fn without_a_guard_nothing_happens() {
    for disabled in [None, Some("true"), Some("TRUE")] {
        let dir = Dir::new();
        let mut command = child(&dir, &test("does_everything"));
        match disabled {
            Some(value) => command.env("OTEL_SDK_DISABLED", value).env("INIT", "1"),
            None => &mut command,
        };
        let said = succeed(&mut command);
        assert_eq!(our_lines(&said), Vec::<&str>::new());
        assert_eq!(
            std::fs::read_dir(dir.path()).unwrap().count(),
            0,
            "{disabled:?}: nothing is written"
        );
    }
    let dir = Dir::new();
    succeed(
        child(&dir, &test("does_everything"))
            .env("OTEL_SDK_DISABLED", "false")
            .env("INIT", "1"),
    );
    assert!(!read(dir.path()).spans.is_empty());
}

#[test]
#[ignore = "the child of the test above"]
fn does_everything() {
    if !is_child() {
        return;
    }
    let guard = std::env::var_os("INIT").map(|_| telensic::init("everything"));
    let on = guard.is_some() && std::env::var("OTEL_SDK_DISABLED").is_ok_and(|value| value == "false");
    let mut outer = span("outer").with("a", 1).entered();
    assert_eq!(outer.span_context().is_some(), on);
    current().set("b", 2);
    outer.event("event");
    outer.record_error(&std::io::Error::other("error"));
    log(Severity::Error, "said").with("c", 3).emit();
    telensic::event("typed").emit();
    let mut called = false;
    outer.event_with("event", |_| called = true);
    assert_eq!(called, on);
    let mut ran = false;
    span("scope").in_scope(|| ran = true);
    assert!(ran, "the program's own code runs all the same");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(async { 5 }.in_span(span("future"))), 5);
    assert!(telensic::flush(Duration::from_secs(60)));
    drop(outer);
    assert!(current_context().is_empty());
    if let Some(guard) = guard {
        assert!(guard.shutdown());
    }
}

/// The console is a pipe that is full and that nobody reads.
#[test]
fn the_guard_does_not_wait_for_ever_for_a_consumer() {
    let dir = Dir::new();
    let (reads, writes) = full_pipe();
    let mut blocked = child(&dir, &test("logs_into_a_full_pipe"))
        .env("TELENSIC_CONSOLE", "true")
        .stdout(Stdio::null())
        .stderr(Stdio::from(writes))
        .spawn()
        .unwrap();
    // A guard that hangs is killed by `reap`.
    assert!(reap(&mut blocked).success());
    drop(reads);
    let read = read(dir.path());
    assert_eq!(
        read.logs.len(),
        500,
        "the tape has what the console could not take"
    );
    assert_eq!(read.named("after").len(), 0, "recording has ended");
}

fn full_pipe() -> (OwnedFd, OwnedFd) {
    #![expect(unsafe_code, reason = "a pipe that can be filled without blocking")]
    let mut ends = [0; 2];
    // SAFETY: writes two new descriptors into the array.
    let made = unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_NONBLOCK | libc::O_CLOEXEC) };
    assert_eq!(made, 0);
    // SAFETY: they are new and nobody else's.
    let (reads, writes) = unsafe { (OwnedFd::from_raw_fd(ends[0]), OwnedFd::from_raw_fd(ends[1])) };
    let bytes = [b'x'; 4096];
    loop {
        // SAFETY: reads from a buffer that lives through the call.
        let written = unsafe { libc::write(writes.as_raw_fd(), bytes.as_ptr().cast(), bytes.len()) };
        if written <= 0 {
            break;
        }
    }
    // The child's writes shall block.
    // SAFETY: sets the flags of a descriptor of ours.
    assert_eq!(unsafe { libc::fcntl(writes.as_raw_fd(), libc::F_SETFL, 0) }, 0);
    (reads, writes)
}

#[test]
#[ignore = "the child of the test above"]
fn logs_into_a_full_pipe() {
    if !is_child() {
        return;
    }
    let guard = Builder::new("blocked")
        .shutdown(Duration::from_millis(300))
        .init();
    for _ in 0..500 {
        log(Severity::Error, "nobody will read this").emit();
    }
    assert!(!telensic::flush(Duration::from_millis(50)));
    drop(guard);
    span("after").end();
}

#[test]
fn threads_come_and_go_and_record_through_the_end() {
    let dir = Dir::new();
    succeed(&mut child(&dir, &test("has_a_thousand_threads")));
    let read = read(dir.path());
    assert_eq!(read.named("short").len(), 1000);
    assert_eq!(read.by_id().len(), read.spans.len());
    let acknowledged = std::fs::read_to_string(dir.path().join("acknowledged")).unwrap();
    let acknowledged: usize = acknowledged.parse().unwrap();
    assert!(
        read.named("busy").len() >= acknowledged,
        "{acknowledged} had returned before the end began"
    );
    assert!(read.tapes[0].head().is_closed());
    // Short threads share chunks, or a thousand of them would take 64 MiB.
    assert!(
        read.tapes[0].chunks().len() < 200,
        "{}",
        read.tapes[0].chunks().len()
    );
}

#[test]
#[ignore = "the child of the test above"]
fn has_a_thousand_threads() {
    if !is_child() {
        return;
    }
    let guard = telensic::init("threads");
    for batch in 0..100 {
        let threads: Vec<_> = (0..10)
            .map(|number| {
                std::thread::spawn(move || {
                    drop(span("short").with("number", batch * 10 + number).entered());
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
    }
    let (stop, counted) = (AtomicBool::new(false), std::sync::atomic::AtomicU64::new(0));
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let _span = span("busy").entered();
                    log(Severity::Info, "busy").emit();
                    drop(_span);
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        crate::support::until("some records", || counted.load(Ordering::Relaxed) > 2000);
        let before = counted.load(Ordering::Relaxed);
        let path = std::path::Path::new(&crate::support::given("TELENSIC_DIR")).join("acknowledged");
        std::fs::write(path, before.to_string()).unwrap();
        assert!(guard.shutdown());
        // They go on, into nothing.
        crate::support::until("records after the end", || {
            counted.load(Ordering::Relaxed) > before + 2000
        });
        stop.store(true, Ordering::Relaxed);
    });
    assert!(tapes_in(std::path::Path::new(&crate::support::given("TELENSIC_DIR"))).is_empty());
}
