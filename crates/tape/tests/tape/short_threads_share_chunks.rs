use telensic_tape::{Signal, TapeWriter};

use crate::support::{Dir, append, numbers, open_sound, run, scope};

#[test]
fn ten_thousand_threads_of_one_record_take_few_cells() {
    let dir = Dir::new();
    let (tape, clerk) = TapeWriter::create(run(dir.path()));
    for hundred in 0..100 {
        std::thread::scope(|threads| {
            for thread in hundred * 100..hundred * 100 + 100 {
                let tape = &tape;
                threads.spawn(move || {
                    let mut lane = tape.lane(Signal::Logs, scope("short"), true, thread);
                    append(&mut lane, Signal::Logs, thread, 0, 50).unwrap();
                });
            }
        });
    }
    let live = open_sound(tape.path().unwrap());
    // 100 at once need at most 100 chunks, however many threads come after them.
    assert!(live.chunks().len() <= 100, "{} chunks", live.chunks().len());
    clerk.close(&mut |_| {});
    let closed = numbers(&open_sound(tape.path().unwrap()));
    assert_eq!(closed.len(), 10_000);
    assert!(closed.values().all(|numbers| *numbers == [0]));
}

#[test]
fn one_thread_after_the_other_takes_one_cell() {
    let dir = Dir::new();
    let (tape, _clerk) = TapeWriter::create(run(dir.path()));
    for thread in 0..500 {
        let mut lane = tape.lane(Signal::Logs, scope("short"), true, thread);
        append(&mut lane, Signal::Logs, thread, 0, 50).unwrap();
    }
    assert_eq!(open_sound(tape.path().unwrap()).chunks().len(), 1);
}
