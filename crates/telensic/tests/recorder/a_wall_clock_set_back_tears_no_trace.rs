//! A wall clock that is set while a trace is recorded leaves its times whole, and the tape says by how much it was set.

use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::support::{Dir, child, given, is_child, read, succeed};

const HOUR: u64 = 3_600_000_000_000;

#[test]
fn an_hour_back_in_the_middle_of_a_trace() {
    let dir = Dir::new();
    let (library, sign) = (dir.path().join("set_back_clock.so"), dir.path().join("now"));
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recorder/set_back_clock.c");
    let compiled = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg(source)
        .arg("-ldl")
        .status();
    assert!(
        compiled.unwrap().success(),
        "the C compiler that the build needs anyway"
    );
    let mut command = child(
        &dir,
        "a_wall_clock_set_back_tears_no_trace::works_while_the_clock_is_set",
    );
    succeed(command.env("LD_PRELOAD", library).env("SET_BACK_WHEN", &sign));

    let read = read(dir.path());
    let root = read.span("root");
    let (before, after) = (read.span("before"), read.span("after"));
    assert!(root.start <= before.start && before.end <= after.start && after.end <= root.end);
    assert!(root.end - root.start < HOUR / 2, "no hour was added or lost");
    let step = read.tapes[0].head().clock_step();
    assert!(
        (step + HOUR as i64).unsigned_abs() < HOUR / 100,
        "the header says {step}"
    );
}

#[test]
#[ignore = "the child of the test above"]
fn works_while_the_clock_is_set() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("clock");
    let _root = telensic::root_span("root").entered();
    drop(telensic::span("before"));
    let wall = SystemTime::now();
    std::fs::write(given("SET_BACK_WHEN"), "").unwrap();
    assert!(
        SystemTime::now() < wall - Duration::from_secs(3_000),
        "the clock was set back"
    );
    drop(telensic::span("after"));
    // The clerk looks at the clock once a second.
    std::thread::sleep(Duration::from_millis(2_500));
}
