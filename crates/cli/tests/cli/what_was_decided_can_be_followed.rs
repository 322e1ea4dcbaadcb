//! `telensic replay`, `lookahead`, `lineage` and `hypotheses`: read from the record alone.

use crate::support::{Plan, Runs, json};

#[test]
fn a_record_that_agrees_with_itself_replays_and_one_that_does_not_ends_with_one() {
    let (runs, [good, bad]) = Runs::with([Plan::Trade, Plan::TradeOtherwise]);
    let text = runs.telensic(&["replay", good.to_str().unwrap()]).well();
    assert!(text.starts_with("consistent: 1 epochs, 1 decisions"), "{text}");
    let ran = runs.telensic(&["replay", bad.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.starts_with("inconsistent, "), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("FAILED        decisions count the epochs before them"),
        "{}",
        ran.stdout
    );
    let document = json(
        &runs
            .telensic(&["replay", good.to_str().unwrap(), "--json"])
            .well(),
    );
    assert_eq!(document["decisions"][0]["event"]["decision_id"], "d-1");
}

#[test]
fn a_decision_that_consumed_what_was_known_later_is_flagged() {
    let (runs, [clean, ahead]) = Runs::with([Plan::Trade, Plan::LookAhead]);
    let text = runs.telensic(&["lookahead", clean.to_str().unwrap()]).well();
    assert!(text.starts_with("no look-ahead: "), "{text}");
    let ran = runs.telensic(&["lookahead", ahead.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout.contains("d-1 decided as of") && ran.stdout.contains("consumed bars.csv"),
        "{}",
        ran.stdout
    );
    let ran = runs.telensic(&[
        "lookahead",
        "--json",
        clean.to_str().unwrap(),
        "--against",
        ahead.to_str().unwrap(),
    ]);
    assert_eq!(ran.code, 1, "the two part");
    let document = json(&ran.stdout);
    assert_eq!(document["lookahead"]["flags"], serde_json::json!([]));
    assert_eq!(document["parting"]["parted"], 1);
}

#[test]
fn a_figure_leads_back_to_its_decision_and_data() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    let run = place.to_str().unwrap();
    let ran = runs.telensic(&["lineage", run, "p-1"]);
    for expected in [
        "figure p-1: -12.5 USD",
        "fill f-1: buy 2 BTCUSDT",
        "decision d-1",
        "model: ith 1.4.0",
        "data: bars.csv",
    ] {
        assert!(
            ran.stdout.contains(expected),
            "{expected} is not in\n{}",
            ran.stdout
        );
    }
    // The directory of the test is in no repository: one link of the way is missing.
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout.contains("gap: the run has no record of its code"),
        "{}",
        ran.stdout
    );
    let document = json(&runs.telensic(&["lineage", run, "d-1", "--json"]).stdout);
    assert_eq!(document["decisions"][0]["decision"]["decision_id"], "d-1");
    let complaint = runs.telensic(&["lineage", run, "p-9"]).refusal();
    assert!(
        complaint.contains("has no fill, figure or decision p-9: it has for instance p-1"),
        "{complaint}"
    );
}

#[test]
fn tests_of_all_runs_of_an_experiment_are_counted_together() {
    let (runs, _) = Runs::with([Plan::Trade, Plan::Trade]);
    let text = runs.telensic(&["hypotheses", "--method", "bh"]).well();
    assert!(text.starts_with("1 trials of 1 hypotheses in 2 runs"), "{text}");
    assert!(
        text.contains("rejected at 0.05 by Benjamini-Hochberg: 1"),
        "{text}"
    );
    let arguments = [
        "hypotheses",
        "--experiment",
        "exp-7",
        "--alpha",
        "0.001",
        "--method",
        "bonferroni",
        "--json",
    ];
    let document = json(&runs.telensic(&arguments).well());
    assert_eq!(document["rejected"], serde_json::json!([]));
    assert_eq!(document["reproductions"], 1);
    let document = json(
        &runs
            .telensic(&["hypotheses", "--experiment", "exp-8", "--json"])
            .well(),
    );
    assert_eq!(document["runs"], serde_json::json!([]));
    assert_eq!(runs.telensic(&["hypotheses", "--alpha", "5"]).code, 2);
}
