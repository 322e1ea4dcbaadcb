use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use telensic_tape::{Damage, Loss, Signal, Tape, TapeWriter, UnixNanos};

use crate::support::{self, Dir, Done, append, numbers, open_sound, run, scope};

#[test]
fn a_lane_that_is_still_held_is_refused_and_counted() {
    let dir = Dir::new();
    let (tape, clerk) = TapeWriter::create(run(dir.path()));
    let mut lane = tape.lane(Signal::Logs, scope("late"), true, 0);
    append(&mut lane, Signal::Logs, 0, 0, 10).unwrap();
    clerk.close(&mut |_| {});
    let len = std::fs::metadata(tape.path().unwrap()).unwrap().len();
    assert_eq!(append(&mut lane, Signal::Logs, 0, 1, 10), Err(Loss::Closed));
    assert_eq!(lane.append(&vec![0; 1 << 20], UnixNanos(1)), Err(Loss::Closed));
    let mut new = tape.lane(Signal::Logs, scope("later"), true, 0);
    assert_eq!(append(&mut new, Signal::Logs, 0, 2, 10), Err(Loss::Closed));
    assert_eq!(tape.lost(Loss::Closed), 3);
    drop((lane, new));
    let closed = open_sound(tape.path().unwrap());
    assert_eq!(numbers(&closed)[&0], [0]);
    assert_eq!(closed.head().lost(Loss::Closed), 3);
    assert_eq!(
        std::fs::metadata(closed.path()).unwrap().len(),
        len,
        "the file has its size"
    );
}

#[test]
fn threads_that_record_while_the_tape_is_closed_break_no_seal() {
    for round in 0..30 {
        let dir = Dir::new();
        let (tape, mut clerk) = TapeWriter::create(run(dir.path()));
        let (stop, taken) = (AtomicBool::new(false), AtomicU64::new(0));
        std::thread::scope(|threads| {
            let _done = Done(&stop);
            for thread in 0..4u32 {
                let (tape, stop, taken) = (&tape, &stop, &taken);
                threads.spawn(move || {
                    let mut lane = tape.lane(Signal::Logs, scope("late"), true, thread);
                    for number in 0.. {
                        // Now and then one that takes cells of its own.
                        let ballast = if number % 500 == 499 { 80_000 } else { 40 };
                        if append(&mut lane, Signal::Logs, thread, number, ballast).is_ok() {
                            taken.fetch_add(1, Ordering::Relaxed);
                        }
                        if stop.load(Ordering::Relaxed) {
                            return;
                        }
                    }
                });
            }
            while taken.load(Ordering::Relaxed) < 1_000 * (1 + round % 5) {
                clerk.round(&mut |_| {});
            }
            clerk.close(&mut |_| {});
            // They go on for a while against the closed tape.
            while support::lost(&tape) < 100 {
                std::hint::spin_loop();
            }
        });
        let closed = Tape::open(tape.path().unwrap()).unwrap();
        // A record that was being written just then may lie behind the seal, and is said to.
        let damage = closed.check();
        assert!(
            damage
                .iter()
                .all(|damage| matches!(damage, Damage::UnsealedTail { .. })),
            "{damage:?}"
        );
        let there: usize = numbers(&closed).values().map(Vec::len).sum();
        assert_eq!(there as u64, taken.load(Ordering::Relaxed));
    }
}
