use std::io::Read;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};

use telensic_tape::{LEAST_BUDGET, Signal, Tape, TapeOptions, TapeWriter};

use crate::support::{self, Dir, append, child, is_child, on_tape, ring, run, scope};

const THREADS: u32 = 4;

/// Kills a writing child after it has acknowledged `after` bytes, which is a random moment of its work.
fn kill_after(after: usize, mode: &str) {
    let dir = Dir::new();
    let mut writer = child("a_killed_process_leaves_all_it_acknowledged::writes_for_ever")
        .env("DIR", dir.path())
        .env("MODE", mode)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut pipe = writer.stdout.take().unwrap();
    let mut acknowledged = Vec::new();
    let mut buffer = [0; 4096];
    while acknowledged.len() < after {
        let read = pipe.read(&mut buffer).unwrap();
        assert!(
            read > 0,
            "the child ended: {}",
            String::from_utf8_lossy(&acknowledged)
        );
        acknowledged.extend_from_slice(&buffer[..read]);
    }
    writer.kill().unwrap();
    writer.wait().unwrap();
    pipe.read_to_end(&mut acknowledged).unwrap();

    // An acknowledgement is `<thread>:<number>;`, in one write; the test harness says something before.
    let text = String::from_utf8_lossy(&acknowledged);
    let mut last = [None; THREADS as usize];
    for (thread, number) in text
        .split(';')
        .filter_map(|word| word.rsplit(' ').next()?.split_once(':'))
    {
        if let (Ok(thread), Ok(number)) = (thread.parse::<usize>(), number.parse::<u32>()) {
            last[thread] = Some(number);
        }
    }
    let path = dir.tapes().remove(0);
    let tape = Tape::open(&path).unwrap();
    assert_eq!(tape.check(), [], "after {after} bytes");
    assert!(!tape.head().is_closed());
    let found = on_tape(&tape);
    let mut missing = Vec::new();
    for (thread, last) in (0u32..).zip(last) {
        let Some(last) = last else { continue };
        let numbers: Vec<u32> = found
            .keys()
            .filter(|(_, key)| key.thread == thread)
            .map(|(_, key)| key.number)
            .collect();
        let first = match mode {
            "run" => 0,
            // What is old is lost, by design; the last of a lone thread are far from old.
            "lone ring" => last.saturating_sub(200),
            // Of a thread that gets no time while others fill the ring, anything may be old.
            _ => continue,
        };
        // A large record goes before the small ones that were in an open chunk when it was written.
        let may_lack = |number: &u32| mode != "run" && is_large(*number);
        missing.extend(
            (first..=last).filter(|number| !may_lack(number) && numbers.binary_search(number).is_err()),
        );
    }
    assert_eq!(missing, [], "after {after} bytes");
    assert!(found.values().all(|times| *times == 1));
    if mode != "run" {
        assert!(std::fs::metadata(&path).unwrap().len() <= LEAST_BUDGET);
    }
}

/// Random, and the same every time.
fn moments(seed: u64) -> impl Iterator<Item = usize> {
    let mut state = seed;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        1 + (state >> 33) as usize % 60_000
    })
}

#[test]
fn in_a_run_everything_acknowledged_is_there_after_a_kill() {
    for after in moments(1).take(60) {
        kill_after(after, "run");
    }
}

#[test]
fn in_a_ring_nothing_but_the_oldest_is_gone_after_a_kill() {
    for after in moments(2).take(20) {
        kill_after(after, "ring");
        kill_after(after, "lone ring");
    }
}

#[test]
#[ignore = "the child of the tests above"]
fn writes_for_ever() {
    if !is_child() {
        return;
    }
    let dir = support::given("DIR");
    let mode = support::given("MODE");
    let options: TapeOptions = if mode == "run" {
        run(dir.as_ref())
    } else {
        ring(dir.as_ref(), 0)
    };
    let (tape, mut clerk) = TapeWriter::create(options);
    std::thread::scope(|threads| {
        for thread in 0..if mode == "lone ring" { 1 } else { THREADS } {
            let tape = &tape;
            threads.spawn(move || write(tape, thread));
        }
        clerk.follow(Signal::Logs);
        let stop = AtomicBool::new(false);
        while !stop.load(Ordering::Relaxed) {
            clerk.round(&mut |_| {});
        }
    });
}

fn is_large(number: u32) -> bool {
    number % 50 == 49
}

fn write(tape: &TapeWriter, thread: u32) {
    #![expect(
        unsafe_code,
        reason = "a write without std's lock on the output, one system call each"
    )]
    let mut lane = tape.lane(Signal::Logs, scope("kill"), true, thread);
    for number in 0.. {
        // Chunks fill quickly, and some records take several cells.
        let ballast = if is_large(number) { 150_000 } else { 3_000 };
        append(&mut lane, Signal::Logs, thread, number, ballast).unwrap();
        let acknowledgement = format!(" {thread}:{number};");
        // SAFETY: writes bytes that live through the call to the standard output, which stays open.
        let written = unsafe { libc::write(1, acknowledgement.as_ptr().cast(), acknowledgement.len()) };
        assert_eq!(written, acknowledgement.len() as isize);
    }
}
