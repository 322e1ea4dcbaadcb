use std::sync::atomic::{AtomicBool, Ordering};

use telensic_tape::{LEAST_BUDGET, Loss, OpenSpan, Signal, SpanId, Tape, TapeWriter, TraceId, UnixNanos};

use crate::support::{self, Dir, Done, append, numbers, on_tape, open_sound, ring, run, scope};

const THREADS: u32 = 4;
const EACH: u32 = 15_000;

fn write(tape: &TapeWriter) {
    std::thread::scope(|threads| {
        for thread in 0..THREADS {
            threads.spawn(move || {
                let mut lane = tape.lane(Signal::Logs, scope("unmapped"), true, thread);
                for number in 0..EACH {
                    append(&mut lane, Signal::Logs, thread, number, 300).unwrap();
                }
            });
        }
    });
}

#[test]
fn a_tape_is_one_from_its_creation_on() {
    let dir = Dir::new();
    let (tape, _clerk) = TapeWriter::create(run(dir.path()).mapped(false));
    assert_eq!(open_sound(tape.path().unwrap()).chunks().len(), 0);
}

#[test]
fn every_round_leaves_a_readable_file() {
    let dir = Dir::new();
    let (tape, mut clerk) = TapeWriter::create(run(dir.path()).mapped(false));
    let path = tape.path().unwrap().to_owned();
    let copy = dir.path().join("copy");
    let done = AtomicBool::new(false);
    std::thread::scope(|threads| {
        let (done, path, clerk) = (&done, &path, &mut clerk);
        let rounds = threads.spawn(move || {
            let mut most = 0;
            while !done.load(Ordering::Relaxed) {
                clerk.round(&mut |_| {});
                std::fs::copy(path, &copy).unwrap();
                let found = on_tape(&open_sound(&copy));
                assert!(found.values().all(|times| *times == 1));
                assert!(found.len() >= most, "{} records after {most}", found.len());
                most = found.len();
            }
        });
        {
            let _done = Done(done);
            write(&tape);
        }
        rounds.join().unwrap();
    });
    clerk.round(&mut |_| {});
    let all: Vec<u32> = (0..EACH).collect();
    let after_round = open_sound(&path);
    assert!(!after_round.head().is_closed());
    assert!(numbers(&after_round).values().all(|numbers| *numbers == all));
    clerk.close(&mut |_| {});
    let closed = open_sound(&path);
    assert!(closed.head().is_closed());
    assert_eq!(numbers(&closed).len() as u32, THREADS);
    assert!(numbers(&closed).values().all(|numbers| *numbers == all));
}

#[test]
fn what_has_aged_does_not_come_to_light_again() {
    let dir = Dir::new();
    let (tape, mut clerk) = TapeWriter::create(ring(dir.path(), 0).mapped(false));
    let mut lanes: Vec<_> = (0..40)
        .map(|thread| tape.lane(Signal::Logs, scope("unmapped"), true, thread))
        .collect();
    // Many chunks at first, of which the file then holds a copy; later only one at a time.
    let mut written = 0u64;
    for (thread, lane) in lanes.iter_mut().enumerate() {
        for number in 0..100 {
            append(lane, Signal::Logs, thread as u32, number, 300).unwrap();
            written += 1;
        }
    }
    clerk.round(&mut |_| {});
    drop(lanes);
    let mut lane = tape.lane(Signal::Logs, scope("unmapped"), true, 99);
    for number in 0..3 * (LEAST_BUDGET / 300) as u32 {
        append(&mut lane, Signal::Logs, 99, number, 300).unwrap();
        written += 1;
        if number % 500 == 0 {
            clerk.round(&mut |_| {});
        }
    }
    clerk.round(&mut |_| {});
    let kept: usize = numbers(&open_sound(tape.path().unwrap()))
        .values()
        .map(Vec::len)
        .sum();
    assert_eq!(kept as u64 + support::lost(&tape), written);
    clerk.close(&mut |_| {});
    let closed: usize = numbers(&open_sound(tape.path().unwrap()))
        .values()
        .map(Vec::len)
        .sum();
    assert_eq!(closed as u64 + tape.lost(Loss::Aged), written);
}

#[test]
fn open_spans_are_in_the_file_after_a_round() {
    let dir = Dir::new();
    let (tape, mut clerk) = TapeWriter::create(run(dir.path()).mapped(false));
    let mut slots = tape.slots();
    let span = OpenSpan {
        trace_id: TraceId::from_bytes([1; 16]).unwrap(),
        span_id: SpanId::from_bytes([2; 8]).unwrap(),
        parent: None,
        start: UnixNanos(5),
        thread: 3,
        name: "fetch",
    };
    let slot = slots.open(&span).unwrap();
    clerk.round(&mut |_| {});
    let open = Tape::open(tape.path().unwrap()).unwrap().open_spans().unwrap();
    assert_eq!((open.len(), open[0].name.as_str()), (1, "fetch"));
    slots.close(slot);
    clerk.round(&mut |_| {});
    assert_eq!(
        Tape::open(tape.path().unwrap()).unwrap().open_spans().unwrap(),
        []
    );
}
