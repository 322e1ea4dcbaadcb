use std::path::Path;

use telensic_tape::{Loss, Signal, TapeWriter};

use crate::support::{Dir, Seen, append, run, scope};

fn assert_followed_from_memory(dir: &Path) {
    let (tape, mut clerk) = TapeWriter::create(run(dir));
    assert_eq!(tape.path(), None);
    let trouble = tape.take_trouble().unwrap().to_string();
    assert!(trouble.starts_with("cannot create a tape in "), "{trouble}");
    assert!(
        trouble.contains("memory only") && !trouble.contains('\n'),
        "{trouble}"
    );
    assert_eq!(tape.take_trouble(), None, "it is said once");

    clerk.follow(Signal::Logs);
    let mut seen = Seen::default();
    let mut lane = tape.lane(Signal::Logs, scope("memory"), true, 0);
    // 30 MB in all: more than memory holds at once, so its cells are used again.
    for number in 0..30_000 {
        append(&mut lane, Signal::Logs, 0, number, 1_000).unwrap();
        if number % 500 == 0 {
            clerk.round(&mut |batch| seen.take(batch));
        }
    }
    assert_eq!(
        append(&mut lane, Signal::Logs, 0, 30_000, 100_000),
        Err(Loss::NoRoom)
    );
    clerk.close(&mut |batch| seen.take(batch));
    seen.assert_once_each();
    assert_eq!(seen.0.len(), 30_001, "a large record is shown, too");
    assert_eq!(tape.lost(Loss::NoRoom), 30_001, "none is on disk");
    assert_eq!(tape.take_trouble(), None);
}

#[test]
fn a_directory_that_is_a_file() {
    let dir = Dir::new();
    let file = dir.path().join("file");
    std::fs::write(&file, b"not a directory").unwrap();
    assert_followed_from_memory(&file);
    assert_followed_from_memory(&file.join("below"));
    assert_eq!(std::fs::read(&file).unwrap(), b"not a directory");
}

#[test]
fn a_directory_that_nobody_can_create() {
    assert_followed_from_memory(Path::new("/proc/telensic/tapes"));
}

#[test]
fn without_a_file_as_much_waits_for_the_clerk_as_memory_was_granted() {
    let (tape, mut clerk) = TapeWriter::create(run(Path::new("/proc/telensic")).memory(12 << 20));
    clerk.follow(Signal::Logs);
    let mut lane = tape.lane(Signal::Logs, scope("memory"), true, 0);
    for number in 0..11_000 {
        append(&mut lane, Signal::Logs, 0, number, 1_000).unwrap();
    }
    assert_eq!(
        tape.lost(Loss::NoRoom),
        0,
        "nothing is given up before memory is full"
    );
    for number in 11_000..20_000 {
        append(&mut lane, Signal::Logs, 0, number, 1_000).unwrap();
    }
    let mut seen = Seen::default();
    clerk.round(&mut |batch| seen.take(batch));
    seen.assert_once_each();
    let newest: Vec<u32> = seen.0.keys().map(|key| key.number).collect();
    assert!(newest.len() > 10_000, "{} records", newest.len());
    assert_eq!(newest, (20_000 - newest.len() as u32..20_000).collect::<Vec<_>>());
}
