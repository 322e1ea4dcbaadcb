#![expect(unsafe_code, reason = "fork, which std does not offer")]

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use telensic_tape::{Loss, OpenSpan, Signal, SpanId, TapeWriter, TraceId, UnixNanos, forks};

use crate::support::{self, Dir, Done, append, child, is_child, numbers, open_sound, run, scope};

/// Runs `work` in a forked child and returns its exit code.
fn in_fork(work: impl FnOnce() -> bool) -> i32 {
    // SAFETY: the child only does what the tape promises to work there, and ends without running anything else.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0);
    if pid == 0 {
        let good = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or(false);
        // SAFETY: ends this process at once.
        unsafe { libc::_exit(if good { 0 } else { 1 }) };
    }
    let mut status = 0;
    // SAFETY: waits for the child that was just made.
    let waited = unsafe { libc::waitpid(pid, &mut status, 0) };
    assert_eq!(waited, pid);
    if libc::WIFEXITED(status) {
        libc::WEXITSTATUS(status)
    } else {
        -libc::WTERMSIG(status)
    }
}

fn span(number: u8) -> OpenSpan<'static> {
    OpenSpan {
        trace_id: TraceId::from_bytes([9; 16]).unwrap(),
        span_id: SpanId::from_bytes([number; 8]).unwrap(),
        parent: None,
        start: UnixNanos(1),
        thread: 0,
        name: "forked",
    }
}

/// In a process of its own, because forking is watched per process.
#[test]
fn forked_children_change_nothing() {
    let dir = Dir::new();
    let output = child("a_child_process_leaves_the_tape_alone::forks_and_records")
        .env("DIR", dir.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
#[ignore = "the child of the test above"]
fn forks_and_records() {
    if !is_child() {
        return;
    }
    const FORKS: u32 = 50;
    let dir = support::given("DIR");
    let (tape, clerk) = TapeWriter::create(run(dir.as_ref()));
    // What the child takes out of these it takes out of its own copies.
    let mut clerk = Some(clerk);
    assert_eq!(forks(), 0);
    let (stop, written) = (AtomicBool::new(false), AtomicU64::new(0));
    let mut lane = tape.lane(Signal::Logs, scope("fork"), true, 99);
    let mut slots = tape.slots();
    append(&mut lane, Signal::Logs, 99, 0, 10).unwrap();
    let mut slot = slots.open(&span(1));
    let (mut lane, mut slots) = (Some(lane), Some(slots));
    std::thread::scope(|threads| {
        let _done = Done(&stop);
        for thread in 0..3u32 {
            let (tape, stop, written) = (&tape, &stop, &written);
            threads.spawn(move || {
                let mut lane = tape.lane(Signal::Logs, scope("fork"), true, thread);
                for number in 0.. {
                    append(&mut lane, Signal::Logs, thread, number, 200).unwrap();
                    written.fetch_add(1, Ordering::Relaxed);
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                }
            });
        }
        for _ in 0..FORKS {
            let code = in_fork(|| {
                let (mut lane, mut slots) = (lane.take().unwrap(), slots.take().unwrap());
                let mut clerk = clerk.take().unwrap();
                let counted = forks() == 1;
                // Whatever it tries, through what it has inherited or anew:
                let refused = append(&mut lane, Signal::Logs, 99, 7, 10) == Err(Loss::Closed);
                let mut new = tape.lane(Signal::Logs, scope("child"), true, 98);
                let refused_new = append(&mut new, Signal::Logs, 98, 7, 10) == Err(Loss::Closed);
                let refused_large = append(&mut new, Signal::Logs, 98, 8, 100_000) == Err(Loss::Closed);
                let mut new_slots = tape.slots();
                let unlisted = new_slots.open(&span(2)).is_none() && slots.open(&span(3)).is_none();
                if let Some(slot) = slot.take() {
                    slots.close(slot);
                }
                clerk.round(&mut |_| {});
                drop((lane, new, slots, new_slots));
                clerk.close(&mut |_| {});
                counted && refused && refused_new && refused_large && unlisted
            });
            assert_eq!(code, 0);
        }
    });
    assert_eq!(forks(), 0, "the parent itself was not forked");
    assert_eq!(support::lost(&tape), 0);
    assert_eq!(tape.unlisted(), 0);
    let live = open_sound(tape.path().unwrap());
    assert_eq!(live.open_spans().unwrap().len(), 1);
    clerk.unwrap().close(&mut |_| {});
    let closed = open_sound(tape.path().unwrap());
    let there = numbers(&closed);
    assert_eq!(there[&99], [0]);
    assert!(!there.contains_key(&98));
    let all: usize = there.values().map(Vec::len).sum();
    assert_eq!(all as u64, written.load(Ordering::Relaxed) + 1);
}

#[test]
fn a_child_can_have_a_tape_of_its_own() {
    let dir = Dir::new();
    let output = child("a_child_process_leaves_the_tape_alone::forks_and_begins_anew")
        .env("DIR", dir.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let tapes = dir.tapes();
    assert_eq!(tapes.len(), 2);
    for tape in tapes {
        assert_eq!(numbers(&open_sound(tape))[&0], [0, 1, 2]);
    }
}

#[test]
#[ignore = "the child of the test above"]
fn forks_and_begins_anew() {
    if !is_child() {
        return;
    }
    let dir = support::given("DIR");
    let write = || {
        let (tape, clerk) = TapeWriter::create(run(dir.as_ref()));
        let mut lane = tape.lane(Signal::Logs, scope("fork"), true, 0);
        for number in 0..3 {
            append(&mut lane, Signal::Logs, 0, number, 10).unwrap();
        }
        clerk.close(&mut |_| {});
    };
    write();
    assert_eq!(
        in_fork(|| {
            write();
            true
        }),
        0
    );
}
