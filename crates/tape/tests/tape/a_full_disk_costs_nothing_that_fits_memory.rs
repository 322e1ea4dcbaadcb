use std::ffi::CString;
use std::path::Path;

use telensic_tape::{Clerk, Loss, Mode, Signal, TapeOptions, TapeWriter};

use crate::support::{self, Dir, append, child, is_child, limit_file_size, numbers, open_sound, run, scope};

/// One to a cell or so: a chunk holds three.
const BALLAST: usize = 20_000;

fn in_child(test: &str, dir: &Path, more: &[(&str, String)]) {
    let output = child(&format!("a_full_disk_costs_nothing_that_fits_memory::{test}"))
        .env("DIR", dir)
        .envs(more.iter().cloned())
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    // A signal (SIGXFSZ) or a panic would show here.
    assert!(output.status.success(), "{}: {said}", output.status);
}

fn one_line(trouble: &str) {
    assert!(trouble.is_ascii() && !trouble.contains('\n'), "{trouble}");
}

/// Writes 9 MB while there is no room, and the same again once there is: nothing is lost.
fn fill_and_recover(tape: &TapeWriter, mut clerk: Clerk, free: impl FnOnce()) {
    let mut lane = tape.lane(Signal::Logs, scope("full"), true, 0);
    for number in 0..450 {
        append(&mut lane, Signal::Logs, 0, number, BALLAST).unwrap();
        if number % 10 == 0 {
            clerk.round(&mut |_| {});
        }
    }
    assert_eq!(support::lost(tape), 0, "all of it fits memory");
    let trouble = tape.take_trouble().expect("a full disk is told").to_string();
    one_line(&trouble);
    assert!(trouble.contains("is written out once there is room"), "{trouble}");
    assert_eq!(tape.take_trouble(), None, "it is told once");
    free();
    clerk.round(&mut |_| {});
    // Right after that one round all but the chunk in hand is in the file.
    let there = numbers(&open_sound(tape.path().unwrap()))[&0].len();
    assert!(there >= 447, "{there} records are in the file");
    for number in 450..900 {
        append(&mut lane, Signal::Logs, 0, number, BALLAST).unwrap();
    }
    clerk.round(&mut |_| {});
    let there = numbers(&open_sound(tape.path().unwrap()))[&0].len();
    assert_eq!(there, 900, "what is recorded now is in the file at once");
    assert_eq!(tape.take_trouble(), None);
    clerk.close(&mut |_| {});
    let closed = open_sound(tape.path().unwrap());
    assert_eq!(numbers(&closed)[&0], (0..900).collect::<Vec<_>>());
    assert_eq!(support::lost(tape), 0);
}

#[test]
fn a_limit_on_the_size_of_files_is_met_without_a_signal_and_outlived() {
    let header = 65_536;
    for limit in [
        header,
        header + 1,
        header + 65_536,
        1 << 20,
        (1 << 20) + header,
        3 << 20,
    ] {
        let dir = Dir::new();
        in_child(
            "under_a_limit_that_is_lifted",
            dir.path(),
            &[("LIMIT", limit.to_string())],
        );
    }
}

#[test]
#[ignore = "the child of the test above"]
fn under_a_limit_that_is_lifted() {
    if !is_child() {
        return;
    }
    limit_file_size(Some(support::given("LIMIT").parse().unwrap()));
    let (tape, clerk) = TapeWriter::create(run(Path::new(&support::given("DIR"))));
    assert!(tape.path().is_some());
    fill_and_recover(&tape, clerk, || limit_file_size(None));
}

#[test]
fn a_limit_below_the_header_leaves_memory_and_no_file() {
    for limit in [0, 100, 4096, 8192] {
        let dir = Dir::new();
        in_child(
            "under_a_limit_below_the_header",
            dir.path(),
            &[("LIMIT", limit.to_string())],
        );
        assert!(dir.tapes().is_empty());
    }
}

#[test]
#[ignore = "the child of the test above"]
fn under_a_limit_below_the_header() {
    if !is_child() {
        return;
    }
    limit_file_size(Some(support::given("LIMIT").parse().unwrap()));
    let (tape, clerk) = TapeWriter::create(run(Path::new(&support::given("DIR"))));
    assert_eq!(tape.path(), None);
    let trouble = tape.take_trouble().unwrap().to_string();
    one_line(&trouble);
    assert!(trouble.contains("memory only"), "{trouble}");
    let mut lane = tape.lane(Signal::Logs, scope("full"), true, 0);
    for number in 0..100 {
        append(&mut lane, Signal::Logs, 0, number, BALLAST).unwrap();
    }
    clerk.close(&mut |_| {});
    assert_eq!(tape.lost(Loss::NoRoom), 100);
}

#[test]
fn a_limit_lowered_below_what_is_written_raises_no_signal() {
    for mapped in [true, false] {
        let dir = Dir::new();
        in_child(
            "under_a_limit_that_sinks",
            dir.path(),
            &[("MAPPED", mapped.to_string())],
        );
    }
}

#[test]
#[ignore = "the child of the test above"]
fn under_a_limit_that_sinks() {
    if !is_child() {
        return;
    }
    let options = run(Path::new(&support::given("DIR"))).mapped(support::given("MAPPED") == "true");
    let (tape, mut clerk) = TapeWriter::create(options);
    let mut lane = tape.lane(Signal::Logs, scope("full"), true, 0);
    for number in 0..600 {
        if number == 100 {
            limit_file_size(Some(4096));
        }
        append(&mut lane, Signal::Logs, 0, number, BALLAST).unwrap();
        if number % 10 == 0 {
            clerk.round(&mut |_| {});
        }
    }
    assert!(tape.take_trouble().is_some());
    limit_file_size(None);
    clerk.close(&mut |_| {});
    assert_eq!(support::lost(&tape), 0);
    assert_eq!(
        numbers(&open_sound(tape.path().unwrap()))[&0],
        (0..600).collect::<Vec<_>>()
    );
}

#[test]
fn beyond_the_memory_granted_the_oldest_goes_and_is_counted() {
    let dir = Dir::new();
    in_child("beyond_memory", dir.path(), &[]);
}

#[test]
#[ignore = "the child of the test above"]
fn beyond_memory() {
    if !is_child() {
        return;
    }
    limit_file_size(Some(1 << 20));
    let (tape, mut clerk) = TapeWriter::create(run(Path::new(&support::given("DIR"))).memory(2 << 20));
    let mut lane = tape.lane(Signal::Logs, scope("full"), true, 0);
    for number in 0..1_000 {
        append(&mut lane, Signal::Logs, 0, number, BALLAST).unwrap();
        if number % 10 == 0 {
            clerk.round(&mut |_| {});
        }
    }
    let lost = tape.lost(Loss::NoRoom);
    assert!(lost > 500, "{lost} records are lost");
    limit_file_size(None);
    clerk.close(&mut |_| {});
    let closed = open_sound(tape.path().unwrap());
    let there = numbers(&closed)[&0].clone();
    assert_eq!(there.len() as u64 + lost, 1_000);
    assert_eq!(there.last(), Some(&999));
    assert_eq!(support::lost(&tape), lost);
}

/// A file system of 4 MiB that is unmounted when dropped.
struct Small<'a>(&'a Path);

impl<'a> Small<'a> {
    #[expect(unsafe_code, reason = "a system call")]
    fn mount(path: &'a Path) -> Option<Self> {
        let target = CString::new(path.to_str()?).ok()?;
        // SAFETY: all arguments are terminated strings that outlive the call.
        let result = unsafe {
            libc::mount(
                c"tmpfs".as_ptr(),
                target.as_ptr(),
                c"tmpfs".as_ptr(),
                0,
                c"size=4m".as_ptr().cast(),
            )
        };
        (result == 0).then_some(Self(path))
    }
}

impl Drop for Small<'_> {
    #[expect(unsafe_code, reason = "a system call")]
    fn drop(&mut self) {
        let target = CString::new(self.0.to_str().unwrap()).unwrap();
        // SAFETY: the argument is a terminated string that outlives the call.
        unsafe { libc::umount2(target.as_ptr(), libc::MNT_DETACH) };
    }
}

#[test]
fn a_disk_that_is_full_is_outlived() {
    let dir = Dir::new();
    let Some(small) = Small::mount(dir.path()) else {
        println!("skipped: this user may not mount a small file system");
        return;
    };
    // Most of it is taken by something else, which then goes.
    let other = dir.path().join("other");
    std::fs::write(&other, vec![1; 3 << 20]).unwrap();
    let (tape, mut clerk) = TapeWriter::create(run(dir.path()));
    let mut lane = tape.lane(Signal::Logs, scope("full"), true, 0);
    for number in 0..130 {
        append(&mut lane, Signal::Logs, 0, number, BALLAST).unwrap();
        clerk.round(&mut |_| {});
    }
    assert!(
        tape.take_trouble()
            .unwrap()
            .to_string()
            .contains("No space left on device")
    );
    assert_eq!(tape.take_trouble(), None);
    assert_eq!(support::lost(&tape), 0);
    std::fs::remove_file(other).unwrap();
    clerk.round(&mut |_| {});
    clerk.close(&mut |_| {});
    assert_eq!(
        numbers(&open_sound(tape.path().unwrap()))[&0],
        (0..130).collect::<Vec<_>>()
    );
    assert_eq!(support::lost(&tape), 0);
    drop((lane, tape));
    drop(small);
}

#[test]
fn a_ring_on_a_full_disk_counts_what_it_cannot_keep() {
    let dir = Dir::new();
    let Some(small) = Small::mount(dir.path()) else {
        println!("skipped: this user may not mount a small file system");
        return;
    };
    let options = TapeOptions::new(dir.path())
        .mode(Mode::Ring { budget: 16 << 20 })
        .open_spans(64)
        .memory(1 << 20);
    let (tape, mut clerk) = TapeWriter::create(options);
    let mut lane = tape.lane(Signal::Logs, scope("full"), true, 0);
    for number in 0..2_000 {
        append(&mut lane, Signal::Logs, 0, number, BALLAST).unwrap();
        clerk.round(&mut |_| {});
    }
    clerk.close(&mut |_| {});
    let there = numbers(&open_sound(tape.path().unwrap()))[&0].len();
    assert_eq!(there as u64 + support::lost(&tape), 2_000);
    drop((lane, tape));
    drop(small);
}
