use telensic_tape::format::BODY;
use telensic_tape::{LEAST_BUDGET, Loss, MAX_RECORD, Signal, TapeWriter, UnixNanos};

use crate::support::{self, Dir, Key, Seen, append, numbers, open_sound, record, ring, run, scope};

/// The ballast that makes a record of just this many bytes.
fn ballast(number: u32, len: usize) -> usize {
    let key = Key {
        signal: Signal::Logs,
        thread: 0,
        number,
    };
    (len.saturating_sub(64)..len)
        .find(|ballast| record(key, *ballast).len() == len)
        .unwrap_or_else(|| panic!("no record of {len} bytes"))
}

#[test]
fn records_of_every_size_around_a_cell_come_back() {
    let dir = Dir::new();
    let (tape, mut clerk) = TapeWriter::create(run(dir.path()));
    clerk.follow(Signal::Logs);
    let mut seen = Seen::default();
    let mut lane = tape.lane(Signal::Logs, scope("large"), true, 0);
    let cell = telensic_tape::format::CELL;
    let mut lens: Vec<usize> = (BODY - 40..BODY + 40).collect();
    lens.extend((2 * cell - 240..2 * cell - 160).chain([1 << 20, 10 << 20]));
    for (number, len) in lens.iter().enumerate() {
        let number = number as u32;
        append(&mut lane, Signal::Logs, 0, number, ballast(number, *len)).unwrap();
        if number.is_multiple_of(7) {
            clerk.round(&mut |batch| seen.take(batch));
        }
    }
    let all: Vec<u32> = (0..lens.len() as u32).collect();
    assert_eq!(numbers(&open_sound(tape.path().unwrap()))[&0], all);
    clerk.close(&mut |batch| seen.take(batch));
    assert_eq!(numbers(&open_sound(tape.path().unwrap()))[&0], all);
    seen.assert_once_each();
    assert_eq!(seen.0.len(), lens.len());
    assert_eq!(support::lost(&tape), 0);
}

#[test]
fn what_is_larger_than_a_tape_takes_is_refused_and_counted() {
    let dir = Dir::new();
    let (tape, clerk) = TapeWriter::create(run(dir.path()));
    let mut lane = tape.lane(Signal::Logs, scope("large"), true, 0);
    let record = vec![0; MAX_RECORD + 1];
    assert_eq!(lane.append(&record, UnixNanos(1)), Err(Loss::Oversize));
    assert_eq!(tape.lost(Loss::Oversize), 1);
    append(&mut lane, Signal::Logs, 0, 1, 10).unwrap();
    clerk.close(&mut |_| {});
    let closed = open_sound(tape.path().unwrap());
    assert_eq!(numbers(&closed)[&0], [1]);
    assert_eq!(closed.head().lost(Loss::Oversize), 1);
}

#[test]
fn a_ring_refuses_what_is_larger_than_itself_and_says_nothing_of_the_disk() {
    let dir = Dir::new();
    let (tape, clerk) = TapeWriter::create(ring(dir.path(), 0));
    let mut lane = tape.lane(Signal::Logs, scope("large"), true, 0);
    append(&mut lane, Signal::Logs, 0, 0, 10).unwrap();
    let refused = append(&mut lane, Signal::Logs, 0, 1, LEAST_BUDGET as usize);
    assert_eq!(refused, Err(Loss::Oversize));
    assert_eq!(tape.lost(Loss::Oversize), 1);
    assert_eq!(tape.take_trouble(), None);
    clerk.close(&mut |_| {});
    assert_eq!(numbers(&open_sound(tape.path().unwrap()))[&0], [0]);
}

#[test]
fn large_and_small_records_go_round_a_ring_together_without_a_gap() {
    let dir = Dir::new();
    let (tape, mut clerk) = TapeWriter::create(ring(dir.path(), 0));
    clerk.follow(Signal::Logs);
    let mut seen = Seen::default();
    let mut lane = tape.lane(Signal::Logs, scope("large"), true, 0);
    let mut written = 0;
    for turn in 0..400u32 {
        // From small ones to five cells, in no regular order, and now and then a whole megabyte.
        let size = match turn % 13 {
            0 => 1 << 20,
            rest if rest % 3 == 0 => 70_000 * (1 + (turn as usize * 7) % 4),
            _ => 20_000,
        };
        for _ in 0..3 {
            append(&mut lane, Signal::Logs, 0, written, size).unwrap();
            written += 1;
        }
        clerk.round(&mut |batch| seen.take(batch));
        if turn % 40 == 0 {
            let kept: usize = numbers(&open_sound(tape.path().unwrap()))
                .values()
                .map(Vec::len)
                .sum();
            assert_eq!(kept as u64 + support::lost(&tape), u64::from(written));
        }
    }
    clerk.close(&mut |batch| seen.take(batch));
    seen.assert_once_each();
    assert_eq!(seen.0.len() as u64 + tape.lost(Loss::Overrun), u64::from(written));
    let closed = open_sound(tape.path().unwrap());
    let kept = numbers(&closed).values().map(Vec::len).sum::<usize>();
    assert_eq!(kept as u64 + support::lost(&tape), u64::from(written));
    assert!(std::fs::metadata(closed.path()).unwrap().len() <= LEAST_BUDGET);
}
