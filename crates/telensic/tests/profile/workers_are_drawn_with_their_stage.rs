//! A worker process profiles itself; its samples belong to the stage of the driver that started it.

use std::time::Duration;

use telensic::{Run, spans};

use crate::busy::{price_options, sort_orders};
use crate::profiled::profiled;
use crate::support::{Dir, child, is_child, succeed};

#[test]
#[ignore = "a child of the child below"]
fn worker() {
    if !is_child() {
        return;
    }
    // It only records: no run of its own.
    let guard = telensic::init("worker");
    sort_orders(Duration::from_millis(400));
    drop(guard);
}

#[test]
#[ignore = "the child of the test below"]
fn driver() {
    if !is_child() {
        return;
    }
    let dir = Dir::new();
    let run = Run::start("nightly").unwrap();
    {
        let _stage = spans::run_stage("sleeves").entered();
        let mut command = child(&dir, "workers_are_drawn_with_their_stage::worker");
        succeed(run.hand_over(&mut command));
        price_options(Duration::from_millis(400));
    }
    run.finish().unwrap();
}

#[test]
fn the_flamegraph_of_a_stage_is_of_all_its_processes() {
    let done = profiled("workers_are_drawn_with_their_stage::driver");
    assert_eq!(done.profiles().len(), 2);
    let (entry, drawing) = done.stage("sleeves");
    assert!(
        drawing.contains("price_options") && drawing.contains("sort_orders"),
        "{drawing}"
    );
    assert!(entry.samples > 20, "{entry:?}");
}
