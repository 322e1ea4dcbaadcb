//! Worker processes come to what threads come to, in one trace, each with a tape of its own.

use std::collections::BTreeSet;

use crate::bench::{Bench, spans, text};

#[test]
fn the_output_is_the_same_and_the_trace_is_one() {
    let bench = Bench::new();
    let (by_threads, _) = bench.run(&[]);
    let (by_workers, run) = bench.run(&["--workers", "2"]);
    assert_eq!(by_threads, by_workers);
    let spans = spans(&run);
    let traces: BTreeSet<&str> = spans
        .iter()
        .map(|span| span["trace_id"].as_str().unwrap())
        .collect();
    assert_eq!(traces.len(), 1);
    let sleeves: Vec<_> = spans
        .iter()
        .filter(|span| span["name"] == "run_pipeline")
        .collect();
    let processes: BTreeSet<u64> = sleeves
        .iter()
        .map(|span| span["process"]["pid"].as_u64().unwrap())
        .collect();
    assert_eq!((sleeves.len(), processes.len()), (4, 4));
    let replayed = bench.telensic(&["replay", text(&run)]);
    assert_eq!(replayed.code, Some(0), "{replayed:?}");
    let verified = bench.telensic(&["verify", text(&run)]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
}
