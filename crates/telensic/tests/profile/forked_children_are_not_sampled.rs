//! The child of a fork has no timer: it goes on undisturbed, and the profile stays its parent's.

use std::time::Duration;

use telensic::Run;

use crate::busy::{price_options, sort_orders};
use crate::profiled::{profiled, samples_in};
use crate::support::{in_fork, is_child};

#[test]
#[ignore = "the child of the test below"]
fn forks() {
    if !is_child() {
        return;
    }
    let run = Run::start("nightly").unwrap();
    price_options(Duration::from_millis(300));
    for _ in 0..5 {
        let ended = in_fork(|| {
            sort_orders(Duration::from_millis(50));
            drop(telensic::span("in the child").entered());
            std::fs::read_to_string("/proc/self/timers").is_ok_and(|timers| timers.is_empty())
        });
        assert_eq!(ended, 0);
    }
    // A child that drops the run ends nothing either.
    let mut run = Some(run);
    let ended = in_fork(|| run.take().unwrap().finish().unwrap().is_none());
    assert_eq!(ended, 0);
    price_options(Duration::from_millis(300));
    run.unwrap().finish().unwrap();
}

#[test]
fn a_forked_child_has_no_timer_and_ends_no_profile() {
    let done = profiled("forked_children_are_not_sampled::forks");
    let profiles = done.profiles();
    assert_eq!(profiles.len(), 1);
    assert!(samples_in(&profiles[0], "price_options") > 20);
    assert_eq!(samples_in(&profiles[0], "sort_orders"), 0);
}
