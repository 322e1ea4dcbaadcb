//! Without being asked for there is no timer, no handler, no thread and no file.

use std::time::Duration;

use telensic::{Run, spans};

use crate::busy::price_options;
use crate::profiled::run_of;
use crate::support::is_child;

#[test]
#[ignore = "the child of the test below"]
fn unasked() {
    if !is_child() {
        return;
    }
    let run = Run::start("nightly").unwrap();
    let stage = spans::run_stage("pricing").entered();
    price_options(Duration::from_millis(100));
    drop(stage);
    assert_eq!(std::fs::read_to_string("/proc/self/timers").unwrap(), "");
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let caught = status
        .lines()
        .find_map(|line| line.strip_prefix("SigCgt:"))
        .unwrap();
    let caught = u64::from_str_radix(caught.trim(), 16).unwrap();
    assert_eq!(caught & 1 << (libc::SIGPROF - 1), 0);
    for task in std::fs::read_dir("/proc/self/task").unwrap() {
        let name = std::fs::read_to_string(task.unwrap().path().join("comm")).unwrap_or_default();
        assert!(!name.starts_with("telensic-prof"), "{name}");
    }
    run.finish().unwrap();
}

#[test]
fn who_does_not_ask_has_no_timer_no_handler_no_thread_and_no_file() {
    let done = run_of("who_does_not_ask_pays_nothing::unasked");
    let left = std::fs::read_dir(done.run.profiles()).unwrap();
    assert_eq!(left.count(), 0);
}
