use telensic_tape::{Signal, TapeWriter};

use crate::support::{self, Dir, append, numbers, open_sound, run, scope};

const THREADS: u32 = 4;
const EACH: u32 = 20_000;

#[test]
fn threads_write_out_themselves_what_no_clerk_does() {
    let dir = Dir::new();
    let (tape, clerk) = TapeWriter::create(run(dir.path()));
    std::thread::scope(|threads| {
        for thread in 0..THREADS {
            let tape = &tape;
            threads.spawn(move || {
                let mut lane = tape.lane(Signal::Logs, scope("run"), true, thread);
                for number in 0..EACH {
                    append(&mut lane, Signal::Logs, thread, number, 300).unwrap();
                }
            });
        }
    });
    let all: Vec<u32> = (0..EACH).collect();
    let live = open_sound(tape.path().unwrap());
    assert!(numbers(&live).values().all(|numbers| *numbers == all));
    assert_eq!(numbers(&live).len() as u32, THREADS);
    // 25 MB went through no more than the 8 MiB of hot cells: the rest was sealed by the threads.
    let sealed = live.chunks().filter(|chunk| chunk.link().is_some()).count();
    assert!(sealed > 200, "{sealed} chunks are sealed");
    clerk.close(&mut |_| {});
    let closed = open_sound(tape.path().unwrap());
    assert!(numbers(&closed).values().all(|numbers| *numbers == all));
    assert_eq!(support::lost(&tape), 0);
    assert_eq!(tape.take_trouble(), None);
}
