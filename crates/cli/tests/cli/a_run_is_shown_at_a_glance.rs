//! `telensic show` and `telensic report`.

use std::fs;

use crate::support::{Plan, Runs, json, snapshot};

#[test]
fn what_it_rests_on_how_it_did_and_where_it_lies_is_on_one_screen() {
    let (runs, [place]) = Runs::with([Plan::TradeOtherwise]);
    let text = runs.telensic(&["show"]).well();
    for expected in [
        "failed",
        "nightly",
        "row 7: no price",
        "bootstrap 43",
        "exp-7",
        "load",
        "ERROR",
        "number 1, line 1 of the ledger",
        "run.json",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    let document = json(&runs.telensic(&["show", place.to_str().unwrap(), "--json"]).well());
    assert_eq!(document["standing"], "failed");
    assert_eq!(document["proof"]["state"], "sealed");
    assert_eq!(document["provenance"]["seeds"]["bootstrap"], "43");
    assert_eq!(document["stages"][1]["status"], "error");
}

#[test]
fn a_run_that_goes_on_shows_what_is_open() {
    let runs = Runs::new();
    let (mut process, _) = runs.begin();
    let text = runs.telensic(&["show"]).well();
    process.kill().unwrap();
    process.wait().unwrap();
    assert!(text.contains("running") && text.contains("not sealed"), "{text}");
    assert!(text.contains("run_step:size for "), "{text}");
}

#[test]
fn a_report_is_computed_anew_and_goes_where_the_user_says() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    let before = snapshot(&place);
    let markdown = runs.telensic(&["report"]).well();
    assert!(markdown.starts_with("# Pipeline Health: nightly"), "{markdown}");
    assert_eq!(runs.telensic(&["report", "--md", "health.md"]).well(), "");
    assert_eq!(
        fs::read_to_string(runs.path().join("health.md")).unwrap(),
        markdown
    );
    assert_eq!(runs.telensic(&["report", "--md", "-"]).well(), markdown);
    assert_eq!(runs.telensic(&["report", "--html", "report.html"]).well(), "");
    let page = fs::read_to_string(runs.path().join("report.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("bars.csv"));
    let document = json(&runs.telensic(&["report", "--json"]).well());
    assert_eq!(document["stages"][0]["id"], "load");
    assert_eq!(snapshot(&place), before);
}

#[test]
fn no_answer_is_written_into_a_run_or_over_the_ledger() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    let before = snapshot(&runs.root());
    let inside = place.join("reports/health.md");
    let complaint = runs
        .telensic(&["report", "--md", inside.to_str().unwrap()])
        .refusal();
    assert!(
        complaint.contains("which is sealed: any change would break its proof"),
        "{complaint}"
    );
    let link = runs.path().join("link.html");
    std::os::unix::fs::symlink(place.join("run.json"), &link).unwrap();
    let complaint = runs.telensic(&["pack", "-o", "link.html"]).refusal();
    assert!(complaint.contains("lies in the run"), "{complaint}");
    let ledger = place.with_file_name("LEDGER.jsonl");
    let complaint = runs
        .telensic(&["merge", "-o", ledger.to_str().unwrap()])
        .refusal();
    assert!(complaint.contains("is a ledger"), "{complaint}");
    let complaint = runs
        .telensic(&["report", "--html", "missing/report.html"])
        .refusal();
    assert!(
        complaint.contains("name a file in a directory that exists"),
        "{complaint}"
    );
    assert_eq!(snapshot(&runs.root()), before);

    fs::write(place.join("run.json"), "{").unwrap();
    fs::remove_file(place.join("seal.json")).unwrap();
    let complaint = runs
        .telensic(&["merge", "latest", "-o", inside.to_str().unwrap()])
        .refusal();
    assert!(
        complaint.contains("in which only its recorder writes"),
        "{complaint}"
    );
}
