use std::sync::atomic::{AtomicBool, Ordering};

use telensic_tape::{LEAST_BUDGET, Loss, Mode, Signal, Tape, TapeOptions, TapeWriter};

use crate::support::{self, Dir, Done, Seen, append, numbers, on_tape, open_sound, ring, scope};

const THREADS: u32 = 4;
const BALLAST: usize = 500;
/// Ten times the budget, over all threads.
const EACH: u32 = (10 * LEAST_BUDGET / 520) as u32 / THREADS;

fn write(tape: &TapeWriter, thread: u32, records: u32) {
    let mut lane = tape.lane(Signal::Logs, scope("ring"), true, thread);
    for number in 0..records {
        append(&mut lane, Signal::Logs, thread, number, BALLAST).unwrap();
    }
}

fn write_all(tape: &TapeWriter) {
    std::thread::scope(|threads| {
        for thread in 0..THREADS {
            threads.spawn(move || write(tape, thread, EACH));
        }
    });
}

/// What is on the tape and what is counted as lost is what was written; the newest of each thread is there,
/// with nothing missing between.
fn assert_accounts(tape: &Tape, writer: &TapeWriter) {
    let there = numbers(tape);
    let kept: usize = there.values().map(Vec::len).sum();
    assert_eq!(kept as u64 + support::lost(writer), u64::from(THREADS * EACH));
    assert_eq!(tape.head().lost(Loss::Aged), writer.lost(Loss::Aged));
    assert_eq!(tape.head().lost(Loss::Overrun), writer.lost(Loss::Overrun));
    assert_eq!(
        there.values().map(|numbers| numbers[numbers.len() - 1]).max(),
        Some(EACH - 1)
    );
    // At most half of the budget is for the cells that the threads fill.
    assert!(kept > 7_000, "only {kept} records are left");
}

fn assert_within_budget(tape: &Tape) {
    let len = std::fs::metadata(tape.path()).unwrap().len();
    assert!(len <= LEAST_BUDGET, "{len} bytes");
}

#[test]
fn ten_times_the_budget_leaves_the_newest_and_every_follower_has_all() {
    let dir = Dir::new();
    let (tape, mut clerk) = TapeWriter::create(ring(dir.path(), 0));
    clerk.follow(Signal::Logs);
    let mut seen = Seen::default();
    let done = AtomicBool::new(false);
    let clerk = std::thread::scope(|threads| {
        let clerk = threads.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                clerk.round(&mut |batch| seen.take(batch));
            }
            clerk
        });
        {
            let _done = Done(&done);
            write_all(&tape);
        }
        clerk.join().unwrap()
    });
    assert!(tape.disk_bytes() <= LEAST_BUDGET);
    let path = tape.path().unwrap().to_owned();
    assert_accounts(&open_sound(&path), &tape);
    clerk.close(&mut |batch| seen.take(batch));
    seen.assert_once_each();
    // What the clerk had no time for is counted; nothing else is missing.
    let overrun = tape.lost(Loss::Overrun);
    let missed = u64::from(THREADS * EACH) - seen.0.len() as u64;
    assert!(
        missed <= overrun,
        "{missed} records were not shown, {overrun} counted as overrun"
    );
    let closed = open_sound(&path);
    assert_within_budget(&closed);
    assert_accounts(&closed, &tape);
}

#[test]
fn a_follower_that_keeps_up_loses_nothing() {
    let dir = Dir::new();
    let (tape, mut clerk) = TapeWriter::create(ring(dir.path(), 0));
    clerk.follow(Signal::Logs);
    let mut seen = Seen::default();
    let mut lane = tape.lane(Signal::Logs, scope("ring"), true, 0);
    for number in 0..THREADS * EACH {
        append(&mut lane, Signal::Logs, 0, number, BALLAST).unwrap();
        if number % 1_000 == 0 {
            clerk.round(&mut |batch| seen.take(batch));
        }
    }
    clerk.close(&mut |batch| seen.take(batch));
    seen.assert_once_each();
    assert_eq!(seen.0.len() as u32, THREADS * EACH);
    assert_eq!(tape.lost(Loss::Overrun), 0);
    assert!(tape.lost(Loss::Aged) > 0);
    let closed = open_sound(tape.path().unwrap());
    let kept = numbers(&closed)[&0].clone();
    // One thread writes in order, so what is kept is an unbroken end.
    assert_eq!(
        kept,
        (THREADS * EACH - kept.len() as u32..THREADS * EACH).collect::<Vec<_>>()
    );
    assert_accounts_of_one(kept.len(), &tape);
}

fn assert_accounts_of_one(kept: usize, tape: &TapeWriter) {
    assert_eq!(kept as u64 + support::lost(tape), u64::from(THREADS * EACH));
}

#[test]
fn a_follower_that_is_stuck_makes_what_it_misses_an_overrun() {
    let dir = Dir::new();
    let (tape, mut clerk) = TapeWriter::create(ring(dir.path(), 0));
    clerk.follow(Signal::Logs);
    // No round at all: the recording threads go on without the clerk.
    write_all(&tape);
    assert_eq!(tape.lost(Loss::Aged), 0);
    assert!(tape.lost(Loss::Overrun) > 0);
    let mut seen = Seen::default();
    clerk.round(&mut |batch| seen.take(batch));
    assert_accounts(&open_sound(tape.path().unwrap()), &tape);
    // It comes back to life: what is still there is shown, once.
    clerk.close(&mut |batch| seen.take(batch));
    seen.assert_once_each();
    assert_eq!(
        seen.0.len() as u64 + tape.lost(Loss::Overrun),
        u64::from(THREADS * EACH)
    );
    let closed = open_sound(tape.path().unwrap());
    assert_within_budget(&closed);
    assert_accounts(&closed, &tape);
}

#[test]
fn a_ring_is_read_while_it_goes_round() {
    let dir = Dir::new();
    let (tape, mut clerk) = TapeWriter::create(ring(dir.path(), 0));
    let path = tape.path().unwrap().to_owned();
    std::thread::scope(|threads| {
        let writing = threads.spawn(|| write_all(&tape));
        while !writing.is_finished() {
            let live = Tape::open(&path).unwrap();
            assert_eq!(live.check(), []);
            assert!(on_tape(&live).values().all(|times| *times == 1));
            clerk.round(&mut |_| {});
        }
    });
    clerk.close(&mut |_| {});
    assert_accounts(&open_sound(path), &tape);
}

#[test]
fn a_budget_is_never_less_than_holds_the_threads_chunks() {
    let dir = Dir::new();
    let options = TapeOptions::new(dir.path()).mode(Mode::Ring { budget: 1 });
    let (tape, clerk) = TapeWriter::create(options);
    clerk.close(&mut |_| {});
    let closed = open_sound(tape.path().unwrap());
    assert_eq!(closed.head().budget(), Some(LEAST_BUDGET));
}
