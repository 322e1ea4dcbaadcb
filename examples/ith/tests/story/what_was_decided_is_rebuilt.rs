//! Epochs, decisions and results are in the record as the algorithm had them: whoever reads it comes to the same.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::bench::{Bench, events, spans, text};

#[test]
fn the_record_is_whole_unaltered_and_consistent() {
    let bench = Bench::new();
    let (_, run) = bench.run(&[]);
    let replayed = bench.telensic(&["replay", text(&run)]);
    assert_eq!(replayed.code, Some(0), "{replayed:?}");
    assert!(replayed.out.contains("4 decisions"), "{replayed:?}");
    let verified = bench.telensic(&["verify", text(&run)]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
    let report = bench.telensic(&["report", text(&run)]);
    assert_eq!(report.code, Some(0), "{report:?}");
    for stage in [
        "load",
        "validate",
        "sleeves",
        "features",
        "examination",
        "selection",
        "risk.report_meta",
    ] {
        assert!(
            report.out.contains(&format!("| {stage} ")),
            "{stage}: {}",
            report.out
        );
    }
    assert!(report.out.contains("Whole: nothing lost"), "{}", report.out);
}

#[test]
fn every_event_of_the_pipeline_is_recorded() {
    let bench = Bench::new();
    let (_, run) = bench.run(&["--hurdle", "fixed"]);
    let mut counts = BTreeMap::new();
    for event in events(&run) {
        *counts
            .entry(event["event"].as_str().unwrap().to_owned())
            .or_insert(0) += 1;
    }
    for (name, least) in [
        ("algorithm.init", 5),
        ("algorithm.result", 5),
        ("audit.intent", 2),
        ("audit.outcome", 2),
        ("data.load", 4),
        ("decision.snapshot", 4),
        ("epoch_detected", 4),
        ("hypothesis_result", 8),
    ] {
        assert!(
            counts.get(name).is_some_and(|count| *count >= least),
            "{name}: {counts:?}"
        );
    }
    assert!(!counts.contains_key("event.invalid"), "{counts:?}");
}

#[test]
fn a_position_leads_back_to_its_decision_and_data() {
    let bench = Bench::new();
    // Seed 42 has a bull that qualifies.
    let (table, run) = bench.run(&["--seed", "42", "--bars", "2500", "--sleeves", "1"]);
    assert!(table.contains("bull"), "{table}");
    let lineage = bench.telensic(&["lineage", text(&run), "pnl-bull-00"]);
    for link in [
        "fill-bull-00",
        "ith-bull-00",
        "model: ith 1, seed 42",
        "data: nav/bull-00",
    ] {
        assert!(lineage.out.contains(link), "{link}: {lineage:?}");
    }
    // The place where the tests run is no git repository.
    let gaps: Vec<&str> = lineage.out.lines().filter(|line| line.contains("gap:")).collect();
    assert_eq!(gaps, ["  gap: the run has no record of its code"]);
}

#[test]
fn every_span_is_below_one_root_and_says_which_run() {
    let bench = Bench::new();
    let (_, run) = bench.run(&[]);
    let spans = spans(&run);
    let roots: Vec<&Value> = spans
        .iter()
        .filter(|span| span["parent_span_id"].is_null())
        .collect();
    assert_eq!(roots.len(), 1, "{roots:?}");
    assert_eq!(roots[0]["name"], "pipeline:ith");
    let id = run.file_name().unwrap().to_str().unwrap();
    for prefix in ["run_stage:", "run_step:", "execute_sleeves", "run_pipeline"] {
        let named: Vec<&Value> = spans
            .iter()
            .filter(|span| span["name"].as_str().unwrap().starts_with(prefix))
            .collect();
        assert!(!named.is_empty(), "{prefix}");
        assert!(
            named.iter().all(|span| span["attributes"]["run_id"] == id),
            "{prefix}"
        );
    }
    // The service's spans are children of the calls.
    assert!(spans.iter().any(|span| span["name"] == "GET /v1/nav/{name}"));
}
