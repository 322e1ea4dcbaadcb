//! A forked child has a tape of its own; the parent's stays the parent's.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use telensic::Severity;
use telensic_tape::SpanId;

use crate::support::{Dir, Read, ReadSpan, child, in_fork, is_child, read, succeed};

/// Runs a scenario and reads what it left: each tape by the pid it names.
fn run(scenario: &str) -> (Dir, Read) {
    let dir = Dir::new();
    succeed(&mut child(
        &dir,
        &format!("a_forked_child_records_for_itself::{scenario}"),
    ));
    let read = read(dir.path());
    (dir, read)
}

/// The tape of a process that recorded a span of this name.
fn tape_of(read: &Read, name: &str) -> PathBuf {
    read.span(name).tape.clone()
}

fn names_on(read: &Read, tape: &PathBuf) -> Vec<String> {
    let mut names: Vec<String> = read
        .spans
        .iter()
        .filter(|span| span.tape == *tape)
        .map(|span| span.name.clone())
        .collect();
    names.sort();
    names
}

#[test]
fn each_process_has_its_own_records_on_its_own_tape() {
    let (dir, read) = run("forks_within_a_span");
    assert_eq!(read.tapes.len(), 2);
    let (parents, childs) = (tape_of(&read, "parent"), tape_of(&read, "child"));
    assert_ne!(parents, childs);
    assert_eq!(
        names_on(&read, &parents),
        ["after", "before", "handed over", "parent"]
    );
    assert_eq!(names_on(&read, &childs), ["child", "child's own"]);
    let pids: HashSet<u32> = read.tapes.iter().map(|tape| tape.head().pid()).collect();
    assert_eq!(pids.len(), 2);
    // The trace goes on.
    let parent = read.span("parent");
    let child = read.span("child");
    assert_eq!((child.trace, child.parent), (parent.trace, Some(parent.id)));
    assert_eq!(read.span("child's own").parent, Some(child.id));
    assert_eq!(read.span("after").parent, Some(parent.id));
    let said = read.log("said by the child");
    assert_eq!((said.span, &said.tape), (Some(child.id), &childs));
    assert_eq!(read.log("said by the parent").tape, parents);
    // The resource names the process that records, and each tape was closed by its own.
    for tape in &read.tapes {
        assert!(tape.head().is_closed());
        let resource = telensic_tape::otlp::Attributes::new(tape.head().resource(), 1);
        let pid = resource.find("process.pid").unwrap().as_i64();
        assert_eq!(pid, Some(i64::from(tape.head().pid())));
    }
    assert_eq!(read.open(), Vec::<String>::new());
    let lines = crate::support::lines(&dir.path().join("logs"));
    let mut texts: Vec<(&str, bool)> = lines
        .iter()
        .map(|line| {
            let said_by_child = line["pid"].as_u64() == Some(u64::from(child_pid(&read)));
            (line["msg"].as_str().unwrap(), said_by_child)
        })
        .collect();
    texts.sort_unstable();
    assert_eq!(
        texts,
        [("said by the child", true), ("said by the parent", false)]
    );
}

fn child_pid(read: &Read) -> u32 {
    let childs = tape_of(read, "child");
    let tape = read.tapes.iter().find(|tape| tape.path() == childs).unwrap();
    tape.head().pid()
}

#[test]
#[ignore = "the child of the test above"]
fn forks_within_a_span() {
    if !is_child() {
        return;
    }
    let mut guard = Some(telensic::init("parent"));
    drop(telensic::span("before").entered());
    let mut parent = Some(telensic::span("parent").entered());
    let mut handed_over = Some(telensic::span("handed over"));
    let code = in_fork(|| {
        let span = telensic::span("child").entered();
        drop(telensic::span("child's own").entered());
        telensic::log(Severity::Info, "said by the child").emit();
        drop(span);
        // The copies of the parent's: ending them here must not end them there, nor be recorded here.
        drop(parent.take());
        drop(handed_over.take());
        drop(guard.take());
        // Recording has ended here, and here only.
        telensic::span("too late").end();
        telensic::tape_path().is_none()
    });
    assert_eq!(code, 0);
    drop(telensic::span("after").entered());
    telensic::log(Severity::Info, "said by the parent").emit();
    assert!(telensic::tape_path().is_some());
    drop((handed_over, parent, guard));
}

#[test]
fn what_the_parent_has_open_stays_open_after_a_child_has_dropped_its_copies() {
    let (_dir, read) = run("is_killed_after_a_fork");
    let mut open = read.open();
    open.sort();
    assert_eq!(open, ["entered", "open"]);
    assert_eq!(read.span("child").name, "child");
}

#[test]
#[ignore = "the child of the test above"]
fn is_killed_after_a_fork() {
    if !is_child() {
        return;
    }
    let mut guard = Some(telensic::init("parent"));
    let mut open = Some(telensic::span("open"));
    let mut entered = Some(telensic::span("entered").entered());
    let code = in_fork(|| {
        telensic::span("child").end();
        drop((open.take(), entered.take(), guard.take()));
        true
    });
    assert_eq!(code, 0);
    std::mem::forget((open, entered, guard));
}

/// Children of one moment, and children of children.
#[test]
fn twenty_children_and_their_children_have_a_tape_each() {
    let (_dir, read) = run("forks_and_forks");
    let mut spans: BTreeMap<i64, HashMap<SpanId, &ReadSpan>> = BTreeMap::new();
    for span in &read.spans {
        spans
            .entry(span.int("process"))
            .or_default()
            .insert(span.id, span);
    }
    assert_eq!(spans.len(), 1 + 20 + 20);
    assert_eq!(read.by_id().len(), read.spans.len());
    for (process, spans) in spans {
        let tapes: HashSet<&PathBuf> = spans.values().map(|span| &span.tape).collect();
        assert_eq!(tapes.len(), 1, "process {process}");
        assert_eq!(
            spans.len(),
            if process == 0 { 1 } else { 50 },
            "process {process}"
        );
    }
    let traces: HashSet<_> = read.spans.iter().map(|span| span.trace).collect();
    assert_eq!(traces.len(), 1, "all of them belong to the first span");
    assert_eq!(read.tapes.len(), 41);
}

fn fifty_spans(process: i64) {
    for _ in 0..50 {
        drop(telensic::span("work").with("process", process).entered());
    }
}

#[test]
#[ignore = "the child of the test above"]
fn forks_and_forks() {
    #![expect(unsafe_code, reason = "children that live at the same time")]
    if !is_child() {
        return;
    }
    let guard = telensic::init("parent");
    let root = telensic::span("root").with("process", 0).entered();
    let mut children = Vec::new();
    for number in 1..=20 {
        // SAFETY: the child records, forks once more, and ends without running anything else.
        let pid = unsafe { libc::fork() };
        if pid == 0 {
            // Half of them fork before they have recorded anything themselves.
            if number % 2 == 0 {
                fifty_spans(number);
            }
            let code = in_fork(|| {
                fifty_spans(100 + number);
                true
            });
            if number % 2 == 1 {
                fifty_spans(number);
            }
            // SAFETY: ends this process at once; what it recorded is on its tape without any flush.
            unsafe { libc::_exit(code) };
        }
        children.push(pid);
    }
    for pid in children {
        let mut status = 0;
        // SAFETY: waits for a child that was just made.
        assert_eq!(unsafe { libc::waitpid(pid, &mut status, 0) }, pid);
        assert_eq!(status, 0);
    }
    drop((root, guard));
}

#[test]
fn forks_amid_heavy_recording_neither_hang_nor_mix_anything() {
    let (_dir, read) = run("forks_amid_heavy_recording");
    let by_child: HashSet<i64> = read
        .named("in child")
        .iter()
        .map(|span| span.int("number"))
        .collect();
    assert_eq!(by_child.len(), FORKS as usize);
    for span in &read.spans {
        let pid = read
            .tapes
            .iter()
            .find(|tape| tape.path() == span.tape)
            .unwrap()
            .head()
            .pid();
        assert_eq!(
            span.int("pid"),
            i64::from(pid),
            "{} lies on another's tape",
            span.name
        );
    }
    // The parent counted what it recorded: nothing of it is lost, nothing doubled.
    let counted = read.span("counted").int("spans");
    assert_eq!(read.named("busy").len() as i64, counted);
    assert_eq!(read.by_id().len(), read.spans.len());
}

const FORKS: i64 = 40;

#[test]
#[ignore = "the child of the test above"]
fn forks_amid_heavy_recording() {
    if !is_child() {
        return;
    }
    let guard = telensic::init("parent");
    let own = i64::from(std::process::id());
    let (stop, counted) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|threads| {
        for _ in 0..3 {
            threads.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    for _ in 0..50 {
                        drop(telensic::span("busy").with("pid", own).entered());
                        counted.fetch_add(1, Ordering::Relaxed);
                    }
                    std::thread::sleep(Duration::from_micros(200));
                }
            });
        }
        // Whatever takes a lock of the recorder, a child may find it locked for ever.
        for thread in 0..2 {
            let stop = &stop;
            threads.spawn(move || {
                let mut number = 0;
                while !stop.load(Ordering::Relaxed) {
                    let mut headers = HashMap::new();
                    telensic::inject(&telensic::current_context(), &mut headers);
                    drop(telensic::extract(&headers));
                    telensic::tape_path();
                    let scope = format!("{thread}:{}", number % 500);
                    telensic::ScopeId::named(&scope, "1");
                    number += 1;
                }
            });
        }
        for number in 0..FORKS {
            let code = in_fork(|| {
                let pid = i64::from(std::process::id());
                drop(
                    telensic::span("in child")
                        .with("number", number)
                        .with("pid", pid)
                        .entered(),
                );
                std::thread::spawn(move || {
                    drop(telensic::span("in child's thread").with("pid", pid).entered());
                })
                .join()
                .is_ok()
            });
            assert_eq!(code, 0, "fork {number}");
        }
        stop.store(true, Ordering::Relaxed);
    });
    let counted = counted.load(Ordering::Relaxed) as i64;
    telensic::span("counted")
        .with("spans", counted)
        .with("pid", own)
        .end();
    drop(guard);
}

/// A child that never records has nothing of the recorder: neither a tape nor a thread.
#[test]
fn a_child_that_records_nothing_leaves_no_tape() {
    let (_dir, read) = run("forks_and_does_nothing");
    assert_eq!(read.tapes.len(), 1);
    assert_eq!(read.spans.len(), 1);
}

#[test]
#[ignore = "the child of the test above"]
fn forks_and_does_nothing() {
    if !is_child() {
        return;
    }
    let mut guard = Some(telensic::init("parent"));
    telensic::span("parent").end();
    assert_eq!(
        in_fork(|| {
            drop(guard.take());
            true
        }),
        0
    );
    drop(guard);
}
