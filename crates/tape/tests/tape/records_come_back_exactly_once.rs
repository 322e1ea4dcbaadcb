use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use telensic_tape::{Lane, Loss, Signal, Tape, TapeWriter};

use crate::support::{self, Dir, Done, Key, append, child, is_child, on_tape, open_sound, run, scope};

const THREADS: u32 = 8;
const EACH: u32 = 3_000;
const SCOPES: [&str; 3] = ["one", "two", "three"];
const SIGNALS: [Signal; 2] = [Signal::Spans, Signal::Logs];

/// A lane for each signal and scope.
fn lanes(tape: &TapeWriter, thread: u32) -> Vec<(Signal, Lane)> {
    let lane = |signal, name| (signal, tape.lane(signal, scope(name), true, thread));
    SIGNALS
        .into_iter()
        .flat_map(|signal| SCOPES.map(|name| lane(signal, name)))
        .collect()
}

fn write(tape: &TapeWriter, thread: u32) {
    let mut lanes = lanes(tape, thread);
    for number in 0..EACH {
        for (signal, lane) in &mut lanes {
            append(lane, *signal, thread, number, (number % 97) as usize).unwrap();
        }
    }
}

fn expected() -> BTreeMap<(String, Key), u32> {
    let mut expected = BTreeMap::new();
    for thread in 0..THREADS {
        for signal in SIGNALS {
            for name in SCOPES {
                for number in 0..EACH {
                    let key = Key {
                        signal,
                        thread,
                        number,
                    };
                    expected.insert((name.to_owned(), key), 1);
                }
            }
        }
    }
    expected
}

fn assert_complete(tape: &Tape) {
    let found = on_tape(tape);
    assert_eq!(
        found.len(),
        (THREADS * EACH) as usize * SCOPES.len() * SIGNALS.len()
    );
    assert!(found == expected());
    let counted: u64 = tape.chunks().map(telensic_tape::Chunk::records).sum();
    assert_eq!(counted, found.len() as u64);
}

#[test]
fn what_eight_threads_wrote_is_read_live_by_others_and_after_closing() {
    let dir = Dir::new();
    let (tape, mut clerk) = TapeWriter::create(run(dir.path()));
    let path = tape.path().unwrap().to_owned();
    let done = AtomicBool::new(false);
    std::thread::scope(|threads| {
        let _done = Done(&done);
        let writers: Vec<_> = (0..THREADS)
            .map(|thread| {
                threads.spawn({
                    let tape = &tape;
                    move || write(tape, thread)
                })
            })
            .collect();
        threads.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                clerk.round(&mut |_| {});
            }
        });
        // Whatever is on the tape while it is written is sound, there once, and counted.
        let mut most = 0;
        while !writers.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            let live = Tape::open(&path).unwrap();
            assert_eq!(live.check(), []);
            let found = on_tape(&live);
            assert!(found.values().all(|times| *times == 1));
            assert!(found.len() >= most, "{} records after {most}", found.len());
            most = found.len();
        }
        for writer in writers {
            writer.join().unwrap();
        }
    });
    assert_complete(&open_sound(&path));
    let other = child("records_come_back_exactly_once::in_another_process")
        .env("TAPE", &path)
        .output()
        .unwrap();
    assert!(
        other.status.success(),
        "{}",
        String::from_utf8_lossy(&other.stdout)
    );
    clerk.close(&mut |_| {});
    let closed = open_sound(&path);
    assert!(closed.head().is_closed());
    assert_complete(&closed);
    // Every chunk is in the chain, which has no gap.
    let mut links: Vec<u64> = closed.chunks().map(|chunk| chunk.link().unwrap()).collect();
    links.sort_unstable();
    assert_eq!(links, (1..=links.len() as u64).collect::<Vec<_>>());
    assert_eq!(support::lost(&tape), 0);
}

#[test]
#[ignore = "the child of the test above"]
fn in_another_process() {
    if is_child() {
        assert_complete(&open_sound(support::given("TAPE")));
    }
}

#[test]
fn what_was_dropped_without_closing_is_all_there() {
    let dir = Dir::new();
    let (tape, clerk) = TapeWriter::create(run(dir.path()));
    std::thread::scope(|threads| {
        for thread in 0..THREADS {
            threads.spawn({
                let tape = &tape;
                move || write(tape, thread)
            });
        }
    });
    let path = tape.path().unwrap().to_owned();
    drop(clerk);
    drop(tape);
    let tape = open_sound(path);
    assert!(!tape.head().is_closed());
    assert_complete(&tape);
    assert_eq!(Loss::ALL.map(|reason| tape.head().lost(reason)), [0; 5]);
}
