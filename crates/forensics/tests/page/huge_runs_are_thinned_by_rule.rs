//! What a page leaves out of a run that is too large for it.

use telensic_forensics::report::html::Thinning;
use telensic_run::RunStatus;

use crate::browser::{document, visible};
use crate::record::{Part, Recorder};
use crate::runs;

/// The lines of a block of the page.
fn block<'a>(page: &'a str, id: &str) -> Vec<&'a str> {
    let (_, from) = page.split_once(&format!("id=\"{id}\">\n")).expect("the block");
    let (block, _) = from.split_once("</script>").expect("its end");
    block.lines().collect()
}

#[test]
fn errors_and_the_way_to_them_stay_when_longer_spans_go() {
    let run = runs::recorded(RunStatus::Failed, |tapes| {
        let mut recorder = Recorder::new(tapes, "engine");
        recorder.span(Part {
            id: 1,
            name: "pipeline:nightly",
            to: 1_000_000,
            ..Part::default()
        });
        for number in 0..100 {
            // All at once, so only the last to end is on the critical path.
            recorder.span(Part {
                id: 10 + number,
                parent: 1,
                name: "long",
                from: 10,
                to: 500_000 + number,
                ..Part::default()
            });
        }
        recorder.span(Part {
            id: 200,
            parent: 10,
            name: "short",
            from: 20,
            to: 30,
            ..Part::default()
        });
        recorder.span(Part {
            id: 201,
            parent: 200,
            name: "fails",
            from: 21,
            to: 22,
            error: Some(("E", "no")),
            ..Part::default()
        });
        for number in 0..50 {
            recorder.log(
                100 + number,
                1,
                if number == 0 { 17 } else { 9 },
                &format!("line {number}"),
                &[],
            );
        }
        recorder.close();
        1_000_000
    });
    let file = run.report(Thinning { spans: 8, logs: 3 });
    let page = std::fs::read_to_string(&file).unwrap();
    let core: serde_json::Value = serde_json::from_str(block(&page, "core")[0]).unwrap();
    let ids = core["spans"]["ids"].as_str().unwrap();
    assert_eq!(
        (core["spans"]["total"].as_u64(), core["spans"]["shown"].as_u64()),
        (Some(103), Some(8))
    );
    assert_eq!(block(&page, "details").len(), 8);
    for number in [1, 10, 200, 201, 109] {
        assert!(ids.contains(&format!("{number:016x}")), "span {number} is shown");
    }
    let logs = block(&page, "logs").concat();
    assert_eq!(block(&page, "logs").len(), 3);
    assert!(
        ["line 0\"", "line 48\"", "line 49\""]
            .iter()
            .all(|line| logs.contains(line)),
        "{logs}"
    );

    let Some(document) = document(&file, "#timeline") else {
        return;
    };
    assert!(visible(&document).contains("8 of 103 spans are in this page"));
}
