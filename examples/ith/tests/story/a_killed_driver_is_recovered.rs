//! SIGKILL of the pipeline itself: what had ended is there, and `telensic recover` makes a sealed run of it.

use crate::bench::{Bench, begin, end, kill, text, until};

#[test]
fn what_had_ended_is_there_and_what_was_open_is_named() {
    let bench = Bench::new();
    let driver = begin(&mut bench.ith(&["--pace", "60000"]));
    let run = until("the run", || bench.only_run());
    until("a sleeve", || {
        let events = bench.telensic(&["events", text(&run)]);
        events.out.contains("nav/bear-01").then_some(())
    });
    kill(driver.id());
    assert_eq!(end(driver).code, None);

    let recovered = bench.telensic(&["recover", text(&run)]);
    assert_eq!(recovered.code, Some(0), "{recovered:?}");
    let verified = bench.telensic(&["verify", text(&run)]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    let health = bench.json(&["report", text(&run)]);
    assert_eq!(health["status"], "crashed");
    let stages = health["stages"].as_array().unwrap();
    let told: Vec<(&str, &str)> = stages
        .iter()
        .map(|stage| (stage["id"].as_str().unwrap(), stage["status"].as_str().unwrap()))
        .collect();
    assert!(
        told.contains(&("load", "ok")) && told.contains(&("validate", "ok")),
        "{told:?}"
    );
    assert!(told.contains(&("sleeves", "open")), "{told:?}");
    assert!(!told.iter().any(|(stage, _)| *stage == "selection"), "{told:?}");
    let replayed = bench.telensic(&["replay", text(&run)]);
    assert_eq!(replayed.code, Some(0), "{replayed:?}");
}
