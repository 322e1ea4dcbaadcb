//! What was tested, and how often: registered before it was tested, counted once however often it is repeated.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::bench::{Bench, events, text};

fn ids(ledger: &Value) -> BTreeSet<String> {
    let trials = ledger["trials"].as_array().unwrap().iter();
    trials
        .map(|trial| trial["hypothesis_id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_hypothesis_is_registered_before_its_first_result_and_is_the_same_in_every_run() {
    let bench = Bench::new();
    bench.run(&["--seed", "1"]);
    let first = bench.json(&["hypotheses"]);
    // Normal, beta and unit root, of eight features; of some there may be nothing to test.
    let tested = first["trials"].as_array().unwrap();
    assert!((16..=24).contains(&tested.len()), "{first}");
    assert!(
        tested
            .iter()
            .all(|trial| trial["registration"]["state"] == "registered"),
        "{first}"
    );

    bench.run(&["--seed", "1"]);
    let again = bench.json(&["hypotheses"]);
    assert_eq!(again["reproductions"], tested.len());
    assert_eq!(ids(&again), ids(&first));

    // Other data is another try of the same hypotheses.
    bench.run(&["--seed", "2"]);
    let other = bench.json(&["hypotheses"]);
    assert_eq!(
        other["hypotheses"].as_u64().unwrap(),
        ids(&first).union(&ids(&other)).count() as u64
    );
    assert!(
        other["trials"]
            .as_array()
            .unwrap()
            .iter()
            .any(|trial| trial["attempt"] == 2),
        "{other}"
    );
}

#[test]
fn every_test_has_its_event_and_those_without_an_answer_their_reason() {
    let bench = Bench::new();
    let (_, run) = bench.run(&["--bars", "900", "--lookback", "20"]);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for event in events(&run) {
        *counts
            .entry(event["event"].as_str().unwrap().to_owned())
            .or_default() += 1;
    }
    for (name, least) in [
        ("shapiro_wilk_result", 1),
        ("beta_fit_result", 1),
        ("ad_test_result", 1),
        ("mann_whitney_result", 1),
        ("cohens_d_result", 1),
        ("cliffs_delta_result", 1),
        ("pca_result", 1),
        ("participation_ratio", 1),
        ("vif_result", 1),
        ("adf_result", 1),
        ("acf_result", 6),
    ] {
        assert!(
            counts.get(name).is_some_and(|count| *count >= least),
            "{name}: {counts:?}"
        );
    }
    let tested: usize = [
        "shapiro_wilk_result",
        "ad_test_result",
        "mann_whitney_result",
        "vif_result",
        "adf_result",
    ]
    .iter()
    .map(|name| counts[*name])
    .sum();
    assert_eq!(counts["hypothesis_result"], tested);
    let replayed = bench.telensic(&["replay", text(&run)]);
    assert_eq!(replayed.code, Some(0), "{replayed:?}");

    let is_result =
        |event: &&Value| event["event"] == "hypothesis_result" || !event["fields"]["variable"].is_null();
    for event in events(&run).iter().filter(is_result) {
        assert!(!event.to_string().contains("NaN"), "{event}");
    }

    // So short a pipeline has no thirty bars of each regime.
    let (_, short) = bench.run(&[]);
    let told = events(&short).into_iter().find(|event| {
        event["event"] == "test.not_applicable" && event["fields"]["test_name"] == "mann_whitney"
    });
    let reason = told.unwrap()["fields"]["reason"].to_string();
    assert!(reason.contains("too few: it takes 30 of each"), "{reason}");
}
