//! `telensic diff` and `telensic fleet`.

use crate::support::{Plan, Runs, copy, json};

#[test]
fn a_run_is_the_same_as_its_copy() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    copy(&place, &runs.path().join("copy"));
    let text = runs.telensic(&["diff", "./copy"]).well();
    assert!(text.starts_with("same: "), "{text}");
    let document = json(
        &runs
            .telensic(&["diff", "--json", "./copy", place.to_str().unwrap()])
            .well(),
    );
    assert_eq!(document["is_same"], true);
}

#[test]
fn two_runs_that_did_the_same_are_the_same_unless_timing_counts_and_differs() {
    let (runs, _) = Runs::with([Plan::Trade, Plan::Trade]);
    let text = runs.telensic(&["diff"]).well();
    assert!(text.starts_with("same: "), "{text}");
    let plain = json(&runs.telensic(&["diff", "--json"]).well());
    assert_eq!(
        (&plain["is_same"], &plain["counts_timing"]),
        (&true.into(), &false.into())
    );
    let counted = runs.telensic(&["diff", "--timing", "--json"]);
    let document = json(&counted.stdout);
    assert_eq!(document["counts_timing"], true);
    assert_eq!(
        document["is_same"], document["has_same_timing"],
        "nothing else differs"
    );
    assert_eq!(document["has_same_timing"], plain["has_same_timing"]);
    assert_eq!(counted.code == 0, document["is_same"] == true);
}

#[test]
fn a_seed_a_feature_and_an_ending_that_differ_are_named_and_end_with_one() {
    let (runs, [a, b]) = Runs::with([Plan::Trade, Plan::TradeOtherwise]);
    let ran = runs.telensic(&["diff", a.to_str().unwrap(), b.to_str().unwrap()]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    for expected in [
        "differ: ",
        "first divergence: ",
        "seeds:",
        "bootstrap",
        "run_stage:trade",
    ] {
        assert!(
            ran.stdout.contains(expected),
            "{expected} is not in\n{}",
            ran.stdout
        );
    }
    let ran = runs.telensic(&["diff", "--json", a.to_str().unwrap(), b.to_str().unwrap()]);
    assert_eq!(ran.code, 1);
    let document = json(&ran.stdout);
    assert_eq!(document["is_same"], false);
    assert!(document["events"]["first"].is_object());
}

#[test]
fn the_runs_of_a_profile_are_held_next_to_one_another() {
    let (runs, _) = Runs::with([Plan::Trade, Plan::TradeOtherwise, Plan::Trade]);
    runs.record(Plan::Hostile);
    let text = runs.telensic(&["fleet", "--profile", "nightly"]).well();
    assert!(
        text.starts_with("nightly: 3 runs, 2 succeeded, 1 did not"),
        "{text}"
    );
    assert!(text.contains("load") && text.contains("trade"), "{text}");
    let document = json(
        &runs
            .telensic(&["fleet", "--json", "-n", "2", "--profile", "nightly"])
            .well(),
    );
    assert_eq!(document["runs"].as_array().unwrap().len(), 2);
    let complaint = runs.telensic(&["fleet", "--profile", "daily"]).refusal();
    assert!(complaint.contains("no runs of the profile daily"), "{complaint}");
}
