//! Whatever a record says, it is shown as text: it neither ends its block nor becomes markup.

use telensic_forensics::report::html::Thinning;
use telensic_run::RunStatus;
use telensic_tape::Value;

use crate::browser::{documents, visible};
use crate::record::{Part, Recorder};
use crate::runs::{self, Recorded};

const HOSTILE: &str =
    "</script><img src=x onerror=\"document.title='broken out'\"><!--<script>\u{2028}&amp;'";

fn hostile_everywhere() -> Recorded {
    let run = runs::recorded(RunStatus::Failed, |tapes| {
        let mut recorder = Recorder::new(tapes, HOSTILE);
        let list = [HOSTILE, "plain"];
        let map = [(HOSTILE, Value::Str(HOSTILE)), ("__proto__", Value::I64(1))];
        let attributes = [
            (HOSTILE, Value::Str(HOSTILE)),
            ("list", Value::Strs(&list)),
            ("map", Value::Map(&map)),
            ("nan", Value::F64(f64::NAN)),
            ("huge", Value::I64(i64::MIN)),
        ];
        recorder.span(Part {
            id: 1,
            name: HOSTILE,
            to: 9_000,
            attributes: &attributes,
            error: Some((HOSTILE, HOSTILE)),
            ..Part::default()
        });
        recorder.log(100, 1, 17, HOSTILE, &attributes);
        recorder.event(200, 1, HOSTILE, &attributes);
        recorder.event(
            300,
            1,
            "decision.snapshot",
            &[
                ("symbol", Value::Str(HOSTILE)),
                (
                    "features_at_decision",
                    Value::Map(&[("nav_at_decision", Value::F64(1.0))]),
                ),
            ],
        );
        recorder.close();
        9_000
    });
    let mut manifest = run.run.manifest().unwrap();
    manifest.profile = HOSTILE.to_owned();
    manifest.error = Some(HOSTILE.to_owned());
    manifest.command = Some(vec![HOSTILE.to_owned()]);
    run.run.write_manifest(&manifest).unwrap();
    std::fs::write(run.run.path().join("logs").join("a <b>&'\".jsonl"), HOSTILE).unwrap();
    run
}

#[test]
fn no_text_of_a_record_is_markup_in_the_file() {
    let run = hostile_everywhere();
    let page = std::fs::read_to_string(run.report(Thinning::default())).unwrap();
    assert!(!page.contains("<img src=x"));
    assert!(!page.contains("broken out'\">"));
    assert_eq!(
        page.matches("</script>").count(),
        6,
        "five blocks of data and one of code"
    );
}

#[test]
fn the_page_names_nothing_that_could_be_loaded() {
    let run = runs::ordinary();
    let page = std::fs::read_to_string(run.report(Thinning::default())).unwrap();
    assert!(page.contains("default-src 'none'; script-src 'sha256-"));
    let page = page.replace("http://www.w3.org/2000/svg", "");
    for loads in [
        "http:",
        "https:",
        "//cdn",
        "src=",
        "url(",
        "@import",
        "fetch(",
        "XMLHttpRequest",
        "WebSocket",
        "import(",
        "innerHTML",
        "eval(",
    ] {
        assert!(!page.contains(loads), "{loads}");
    }
}

#[test]
fn no_view_runs_or_renders_what_a_record_says() {
    let run = hostile_everywhere();
    run.seal();
    let page = run.pack();
    let views = [
        "",
        "#timeline&span=0000000000000001",
        "#flame",
        "#nav",
        "#errors",
        "#events",
        "#logs",
        "#processes",
        "#provenance",
        "#verify&now",
    ];
    let Some(documents) = documents(&views.map(|view| (page.as_path(), view))) else {
        return;
    };
    for (fragment, document) in views.into_iter().zip(documents) {
        let seen = visible(&document);
        assert!(document.contains("data-drawn="), "{fragment} is drawn");
        assert!(!seen.contains("<img"), "{fragment}");
        assert!(!seen.contains("<title>broken out"), "{fragment}");
    }
}
