//! The Markdown report.

use telensic_forensics::Health;
use telensic_forensics::report::markdown;
use telensic_run::{Exit, ResourceUse, RunStatus};

use crate::support::{Recorder, Spec, manifest, read, summary};

#[test]
fn what_matters_is_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "engine");
    const MS: u64 = 1_000_000;
    recorder.span(Spec::new(2, 1, "run_stage:load", 0, 40 * MS));
    let fit = Spec::new(3, 1, "run_stage:fit", 40 * MS, 90 * MS);
    recorder.span(fit.exception("ValueError", "nav|is `NaN`", ""));
    recorder.span(Spec::new(1, 0, "pipeline:nightly", 0, 100 * MS).failed("fit failed"));
    let mut manifest = manifest(9, RunStatus::Failed);
    manifest.exit = Some(Exit::Code(3));
    manifest.resource_use = Some(ResourceUse {
        cpu_user_s: 1.5,
        cpu_system_s: 0.25,
        peak_memory_bytes: 3 << 20,
    });
    let history = [summary(
        1,
        RunStatus::Succeeded,
        &[("load", 10 * MS), ("fit", 50 * MS)],
    )];
    let page = markdown::health(&Health::of(&read(&[recorder.close()]), &manifest, &history));
    for part in [
        "# Pipeline Health: nightly",
        "FAILED",
        "code 3",
        "3.0 MiB",
        "## Anomalies",
        "- stage load took 400 % of the usual duration (1 earlier runs)",
        "load 40.0 ms -> fit 50.0 ms -> (no stage) 10.0 ms",
        "one worker, so nothing could run at once",
        "ValueError: nav\\|is \\`NaN\\`",
        "Whole: nothing lost, damaged, orphaned or there twice.",
    ] {
        assert!(page.contains(part), "{part:?} is not in\n{page}");
    }
    let stage = page.lines().find(|line| line.starts_with("| load")).unwrap();
    let cells: Vec<&str> = stage.split('|').map(str::trim).collect();
    assert_eq!(
        cells[1..9],
        [
            "load", "ok", "40.0 ms", "40.0 ms", "40.0 %", "40.0 ms", "40.0 ms", "1"
        ]
    );
}

#[test]
fn tables_line_up_and_keep_their_columns_whatever_the_names_are() {
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(dir.path(), "en\u{1b}[2Jgine");
    let evil = "a|b`<script>alert(1)</script>\n# head\u{1b}[31m\u{202e}";
    recorder.span(Spec::new(2, 1, evil, 0, 40).failed(evil));
    recorder.span(Spec::new(3, 1, &"long ".repeat(500), 0, 40));
    recorder.span(Spec::new(1, 0, evil, 0, 100));
    let page = markdown::health(&crate::support::health(&read(&[recorder.close()])));
    assert!(!page.chars().any(|c| c.is_control() && c != '\n'), "{page}");
    assert!(!page.contains("<script>") && !page.contains('\u{202e}'));
    let mut width = None;
    for line in page.lines() {
        if !line.starts_with('|') {
            width = None;
            continue;
        }
        let bars = line.replace("\\|", "").matches('|').count();
        let this = (line.chars().count(), bars);
        assert_eq!(*width.get_or_insert(this), this, "{line}");
    }
}
