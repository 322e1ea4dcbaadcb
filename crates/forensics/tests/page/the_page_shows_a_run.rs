//! The page in a real browser: each view is drawn, and a link leads to what it names.

use telensic_forensics::report::html::Thinning;
use telensic_run::RunStatus;

use crate::browser::{document, documents, visible};
use crate::record::{Part, Recorder};
use crate::runs;

#[test]
fn each_view_shows_its_part_of_the_run_and_a_link_leads_to_what_it_names() {
    let run = runs::ordinary();
    let page = run.report(Thinning::default());
    // The span of number 3 is the first call of the first stage.
    let views = [
        "",
        "#timeline&span=0000000000000003",
        "#nav&series=AAPL",
        "#events&type=epoch_detected",
    ];
    let Some(documents) = documents(&views.map(|view| (page.as_path(), view))) else {
        return;
    };
    let seen: Vec<String> = documents.iter().map(|document| visible(document)).collect();

    let id = run.run.id();
    for said in [
        "Succeeded in 4.90 s",
        id.as_str(),
        "backtest decided most of the time",
        "2 tapes",
        "nothing lost or damaged",
    ] {
        assert!(seen[0].contains(said), "{said}");
    }
    for said in [
        "adapter.candles",
        "finnhub",
        "run_stage:ingest</a>",
        "pipeline:nightly</a>",
        "quant-engine on",
    ] {
        assert!(seen[1].contains(said), "{said}");
    }
    assert!(seen[2].contains("Net asset value of AAPL: 120 decisions, 7 epochs"));
    assert_eq!(seen[2].matches("class=\"mark decision\"").count(), 120);
    let epochs = ["mark bull", "mark bear"].map(|class| seen[2].matches(class).count());
    assert_eq!(epochs, [6, 1]);
    assert!(seen[3].contains("28 of 508 records"));
}

#[test]
fn a_run_that_crashed_names_what_was_open_and_has_no_chart() {
    let run = runs::recorded(RunStatus::Crashed, |tapes| {
        let mut recorder = Recorder::new(tapes, "engine");
        recorder.open_span(1, 0, "pipeline:nightly", 0);
        recorder.open_span(2, 1, "run_stage:backtest", 1_000);
        recorder.span(Part {
            id: 3,
            parent: 2,
            name: "load",
            from: 2_000,
            to: 9_000,
            ..Part::default()
        });
        recorder.close();
        9_000
    });
    let Some(document) = document(
        &run.report(Thinning::default()),
        "#timeline&span=0000000000000002",
    ) else {
        return;
    };
    let seen = visible(&document);
    assert!(seen.contains("until its process was last heard of"));
    assert!(!seen.contains("data-view=\"nav\""));
}

#[test]
fn a_thousand_stages_keep_the_document_small() {
    let run = runs::large(1_000, 3);
    let Some(document) = document(&run.report(Thinning::default()), "") else {
        return;
    };
    let seen = visible(&document);
    assert!(seen.contains("1,000 stages"));
    let rows = seen.matches("class=\"row\"").count();
    assert!((10..60).contains(&rows), "{rows} rows in the document");
}
