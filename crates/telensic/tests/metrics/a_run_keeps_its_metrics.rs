//! `metrics.prom`: what the metrics stood at when the run ended, under its seal.

use telensic::{DataRoot, Run, spans};

use crate::scrape::value;
use crate::support::{Dir, child, is_child, succeed};

#[test]
#[ignore = "the child of the test below"]
fn runs() {
    if !is_child() {
        return;
    }
    let root = DataRoot::new(std::env::var_os("TELENSIC_DIR").unwrap());
    let run = Run::builder("nightly").root(root).start().unwrap();
    spans::run_stage("load").end();
    let dir = run.dir().clone();
    let concluded = run.finish().unwrap().unwrap();
    assert!(concluded.troubles.is_empty(), "{:?}", concluded.troubles);
    let text = std::fs::read_to_string(dir.metrics()).unwrap();
    assert_eq!(
        value(&text, "stage_success_total{stage_id=\"load\"}"),
        Some(1.0),
        "{text}"
    );
    // The stage, and the root of the run; nothing was lost.
    let written = value(&text, "telensic_records_written_total{signal=\"spans\"}");
    assert_eq!(written, Some(2.0), "{text}");
    assert_eq!(
        crate::scrape::total(&text, "telensic_records_dropped_total"),
        0.0,
        "{text}"
    );
    let sealed = std::fs::read_to_string(dir.path().join("seal.json")).unwrap();
    assert!(sealed.contains("metrics.prom"), "{sealed}");
}

#[test]
fn the_last_state_is_sealed_with_the_run() {
    succeed(&mut child(&Dir::new(), "a_run_keeps_its_metrics::runs"));
}
