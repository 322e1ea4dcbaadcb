//! Threads that begin and end while they are sampled harm nothing, and those that live long enough to be seen are seen.

use std::time::Duration;

use telensic::{Run, spans};

use crate::busy::{price_options, sort_orders};
use crate::profiled::{profiled, samples_in};
use crate::support::is_child;

#[test]
#[ignore = "the child of the test below"]
fn many_threads() {
    if !is_child() {
        return;
    }
    let run = Run::start("nightly").unwrap();
    let steady = std::thread::spawn(|| {
        let _stage = spans::run_stage("steady").entered();
        price_options(Duration::from_millis(600));
    });
    for _ in 0..200 {
        let brief: Vec<_> = (0..4)
            .map(|_| {
                std::thread::spawn(|| {
                    let _stage = spans::run_stage("brief").entered();
                    sort_orders(Duration::from_micros(200));
                })
            })
            .collect();
        brief.into_iter().for_each(|thread| thread.join().unwrap());
    }
    let late = std::thread::spawn(|| {
        let _stage = spans::run_stage("late").entered();
        sort_orders(Duration::from_millis(400));
    });
    late.join().unwrap();
    steady.join().unwrap();
    run.finish().unwrap();
}

#[test]
fn threads_that_end_while_they_are_sampled_harm_nothing() {
    let done = profiled("threads_may_come_and_go::many_threads");
    let profile = &done.profiles()[0];
    assert!(samples_in(profile, "price_options") > 20);
    let late: u64 = profile.stacks_of("late").map(|stack| stack.samples).sum();
    assert!(late > 10, "{late} samples of a thread that began late");
}
