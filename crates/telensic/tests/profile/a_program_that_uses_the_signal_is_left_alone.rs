//! SIGPROF is the program's own before it is ours: it is told in a line, and its handler stays.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use telensic::Run;

use crate::busy::price_options;
use crate::profiled::{profiled, samples_in};
use crate::support::{is_child, our_lines};

static CALLS: AtomicU32 = AtomicU32::new(0);

extern "C" fn on_sigprof(_signal: libc::c_int) {
    CALLS.fetch_add(1, Ordering::Relaxed);
}

fn take_the_signal() {
    #![expect(unsafe_code, reason = "a handler of the program's own")]
    // SAFETY: the handler does nothing but count.
    unsafe { libc::signal(libc::SIGPROF, on_sigprof as *const () as libc::sighandler_t) };
}

fn raise_it() {
    #![expect(unsafe_code, reason = "a system call")]
    // SAFETY: sends this thread a signal for which there is a handler.
    unsafe { libc::raise(libc::SIGPROF) };
}

#[test]
#[ignore = "the child of a test below"]
fn takes_it_first() {
    if !is_child() {
        return;
    }
    take_the_signal();
    let run = Run::start("nightly").unwrap();
    price_options(Duration::from_millis(200));
    assert_eq!(CALLS.load(Ordering::Relaxed), 0);
    raise_it();
    assert_eq!(CALLS.load(Ordering::Relaxed), 1);
    run.finish().unwrap();
}

#[test]
fn one_that_has_a_handler_keeps_it_and_is_told_in_a_line() {
    let done = profiled("a_program_that_uses_the_signal_is_left_alone::takes_it_first");
    let told: Vec<_> = our_lines(&done.said)
        .into_iter()
        .filter(|line| line.contains("SIGPROF"))
        .collect();
    assert_eq!(told.len(), 1, "{}", done.said);
    assert!(done.run.list_cpu_profiles().unwrap().is_empty());
    assert!(!done.run.profile_index().exists());
}

#[test]
#[ignore = "the child of a test below"]
fn takes_it_later() {
    if !is_child() {
        return;
    }
    let run = Run::start("nightly").unwrap();
    price_options(Duration::from_millis(300));
    take_the_signal();
    // Long enough for it to be noticed.
    std::thread::sleep(Duration::from_millis(300));
    let before = CALLS.load(Ordering::Relaxed);
    price_options(Duration::from_millis(300));
    assert_eq!(CALLS.load(Ordering::Relaxed), before, "our timers have ended");
    run.finish().unwrap();
}

#[test]
fn one_that_takes_it_later_gets_it_and_the_profile_ends_there() {
    let done = profiled("a_program_that_uses_the_signal_is_left_alone::takes_it_later");
    assert!(
        done.said.contains("has taken SIGPROF for itself"),
        "{}",
        done.said
    );
    assert!(samples_in(&done.profiles()[0], "price_options") > 10);
}
