//! There are as many samples as the rate and the CPU time make, and none of the time that was slept.

use std::time::Duration;

use telensic::Run;
use telensic::profile::CpuProfileOptions;

use crate::busy::{price_options, sort_orders};
use crate::profiled::{profiled, run_of, samples_in};
use crate::support::is_child;

#[test]
#[ignore = "the child of a test below"]
fn busy_and_asleep() {
    if !is_child() {
        return;
    }
    let run = Run::start("nightly").unwrap();
    price_options(Duration::from_secs(1));
    std::thread::sleep(Duration::from_millis(500));
    run.finish().unwrap();
}

#[test]
fn samples_are_the_rate_times_the_time_used() {
    let done = profiled("samples_tell_the_time_that_was_used::busy_and_asleep");
    let profile = &done.profiles()[0];
    let samples = samples_in(profile, "price_options");
    assert!(
        (60..=140).contains(&samples),
        "{samples} samples in 1 s at 100 Hz"
    );
    let seen: u64 = profile.stacks.iter().map(|stack| stack.cpu_ns).sum();
    let used = profile.facts.cpu_ns.unwrap();
    assert!(seen > used / 2 && seen <= used, "{seen} ns seen of {used} ns");
    assert_eq!(profile.facts.lost_samples, 0);
}

#[test]
#[ignore = "the child of a test below"]
fn only_at_first() {
    if !is_child() {
        return;
    }
    let options = CpuProfileOptions::default()
        .rate(200)
        .duration(Duration::from_millis(400));
    let run = Run::builder("nightly").profile_cpu(options).start().unwrap();
    price_options(Duration::from_millis(300));
    std::thread::sleep(Duration::from_millis(500));
    sort_orders(Duration::from_millis(300));
    run.finish().unwrap();
}

#[test]
fn what_comes_after_the_time_asked_for_is_not_sampled() {
    let done = run_of("samples_tell_the_time_that_was_used::only_at_first");
    let profile = &done.profiles()[0];
    assert!(samples_in(profile, "price_options") > 0);
    assert_eq!(samples_in(profile, "sort_orders"), 0);
    assert_eq!(profile.facts.rate_hz, 200);
}
