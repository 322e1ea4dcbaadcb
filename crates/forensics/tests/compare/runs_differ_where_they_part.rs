//! `diff`: same is same, and a difference is named where it begins, with its cause.

use telensic_forensics::diff::{Certainty, Diff, DivergenceKind, StageHistory, StageVerdict, SuspectKind};
use telensic_run::{FileFingerprint, GitState, LockFile, Provenance, RunStatus};
use telensic_tape::Value;

use crate::support::{Plan, Recorded, Recording};

fn diff(a: &Recorded, b: &Recorded) -> Diff {
    Diff::of(&a.view, &b.view)
}

fn first_line(diff: &Diff) -> String {
    diff.to_string().lines().next().unwrap().to_owned()
}

#[test]
fn two_identical_runs_are_the_same_although_ids_and_times_differ() {
    let diff = diff(&Plan::default().record(1), &Plan::default().record(2));
    assert!(diff.is_same(), "{diff}");
    assert!(diff.cause.is_none());
    assert_eq!(diff.events.a_events, 12);
    assert_eq!(
        first_line(&diff),
        "same: 20260203-024000-0001 and 20260204-024000-0002 (12 events)"
    );
}

#[test]
fn parallel_sleeves_that_ran_in_another_order_make_no_difference() {
    let interleaved = Plan {
        interleaved: true,
        ..Plan::default()
    };
    let diff = diff(&Plan::default().record(1), &interleaved.record(2));
    assert!(diff.is_same(), "{diff}");
}

#[test]
fn the_first_divergence_does_not_depend_on_the_order_of_parallel_sleeves() {
    let changed = Plan {
        gain: 0.07,
        without_epoch: Some((1, 0)),
        ..Plan::default()
    };
    let interleaved = Plan {
        interleaved: true,
        ..changed.clone()
    };
    let plain = diff(&Plan::default().record(1), &changed.record(2));
    let turned = diff(&Plan::default().record(1), &interleaved.record(3));
    let place = |diff: &Diff| {
        let first = diff.events.first.as_ref().unwrap();
        (first.place.clone(), first.sequence, first.event.clone())
    };
    assert_eq!(place(&plain), place(&turned));
    assert_eq!(plain.events.differing, turned.events.differing);
}

#[test]
fn one_changed_cell_is_named_by_column_and_rows_as_the_cause() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, changed: bool| {
        let mut text = String::from("time,open,close\n");
        for row in 0..1_000_000 {
            let close = if changed && row == 740_123 { 7 } else { row % 977 };
            text.push_str(&format!("{row},{},{close}\n", row % 991));
        }
        let path = dir.path().join(name).join("bars.csv");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        FileFingerprint::of(path)
    };
    let plan = |changed: bool| Plan {
        input: Some(write(if changed { "b" } else { "a" }, changed)),
        gain: if changed { 0.07 } else { 0.06 },
        ..Plan::default()
    };
    // The same path in both runs: only the content differs.
    let (before, mut after) = (plan(false), plan(true));
    let path = before.input.as_ref().unwrap().path.clone();
    after.input.as_mut().unwrap().path = path;

    let diff = diff(&before.record(1), &after.record(2));
    assert!(!diff.is_same());
    let cause = diff.cause.as_ref().unwrap();
    assert_eq!(cause.certainty, Certainty::Shown);
    assert_eq!(cause.suspects[0].kind, SuspectKind::Input);
    assert_eq!(
        cause.suspects[0].change,
        "column close, rows 740,000-740,999 changed"
    );
    assert_eq!(diff.events.first.as_ref().unwrap().event, "data.load");
    let consequence = diff.events.first_consequence.as_ref().unwrap();
    assert_eq!(consequence.event, "epoch_detected");
    assert!(
        consequence.place.ends_with("run_pipeline[symbol=BTCUSDT]"),
        "{}",
        consequence.place
    );
    let text = diff.to_string();
    assert!(text.starts_with("differ: "), "{text}");
    assert!(
        text.contains("column close, rows 740,000-740,999 changed"),
        "{text}"
    );
}

#[test]
fn another_seed_is_the_cause_that_the_first_divergence_shows() {
    let other = Plan {
        seed: 43,
        gain: 0.08,
        ..Plan::default()
    };
    let diff = diff(&Plan::default().record(1), &other.record(2));
    let cause = diff.cause.unwrap();
    assert_eq!(cause.certainty, Certainty::Shown);
    assert_eq!(cause.suspects[0].kind, SuspectKind::Seed);
    assert_eq!(cause.suspects[0].change, "42 -> 43");
    assert_eq!(diff.provenance.seeds[0].path, "bootstrap");
}

#[test]
fn another_config_key_is_named_by_its_path_with_both_values() {
    let other = Plan {
        lookback: 500,
        ..Plan::default()
    };
    let diff = diff(&Plan::default().record(1), &other.record(2));
    assert_eq!(diff.provenance.config.len(), 1);
    assert_eq!(diff.provenance.config[0].path, "epochs.lookback");
    assert_eq!(diff.provenance.config[0].to_string(), "250 -> 500");
    let cause = diff.cause.unwrap();
    assert_eq!(cause.suspects[0].kind, SuspectKind::Config);
    assert_eq!(cause.suspects[0].name, "lookback");
}

#[test]
fn a_dirty_tree_differs_and_is_the_only_change_behind_a_divergence() {
    let git = GitState {
        sha: Some("a".repeat(40)),
        dirty: Some(false),
        ..GitState::default()
    };
    let clean = Plan {
        git: git.clone(),
        ..Plan::default()
    };
    let dirty = Plan {
        git: GitState {
            dirty: Some(true),
            ..git
        },
        gain: 0.09,
        ..Plan::default()
    };
    let diff = diff(&clean.record(1), &dirty.record(2));
    assert_eq!(diff.provenance.code[0].path, "dirty");
    let cause = diff.cause.unwrap();
    assert_eq!(cause.certainty, Certainty::OnlyChange);
    assert_eq!(cause.suspects[0].kind, SuspectKind::Code);
}

#[test]
fn a_divergence_that_nothing_explains_is_nondeterminism_at_a_named_place() {
    let other = Plan {
        gain: 0.0567,
        ..Plan::default()
    };
    let diff = diff(&Plan::default().record(1), &other.record(2));
    assert_eq!(diff.cause.as_ref().unwrap().certainty, Certainty::Nondeterminism);
    let first = diff.events.first.as_ref().unwrap();
    assert_eq!(first.sequence, 2);
    assert_eq!(first.after.as_ref().unwrap().sequence, 1);
    let DivergenceKind::Changed { fields } = &first.kind else {
        panic!("{first:?}");
    };
    assert_eq!(fields.len(), 1, "NaN is equal to NaN: {fields:?}");
    assert_eq!(fields[0].path, "excess_gain");
    let text = diff.to_string();
    assert!(
        text.contains("nothing recorded explains it: nondeterminism"),
        "{text}"
    );
    assert!(
        text.contains("where: pipeline:nightly / run_stage:analyse / run_pipeline[symbol=BTCUSDT]"),
        "{text}"
    );
}

#[test]
fn a_missing_event_is_named_and_does_not_shift_the_others() {
    let without = Plan {
        without_epoch: Some((1, 1)),
        ..Plan::default()
    };
    let diff = diff(&Plan::default().record(1), &without.record(2));
    assert_eq!(diff.events.differing, 1);
    let first = diff.events.first.unwrap();
    let DivergenceKind::OnlyInA { fields } = &first.kind else {
        panic!("{first:?}");
    };
    assert_eq!(fields["bar_index"], 7);
    assert!(first.place.ends_with("[symbol=ETHUSDT]"), "{}", first.place);
}

#[test]
fn a_slower_stage_is_told_but_makes_a_difference_only_if_timing_counts() {
    let slow = Plan {
        load_ms: 140,
        ..Plan::default()
    };
    let (before, after) = (Plan::default().record(1), slow.record(2));
    let told = diff(&before, &after);
    assert!(told.is_same() && !told.has_same_timing());
    let stage = told.changed_stages().next().unwrap();
    assert_eq!(
        (stage.stage.as_str(), stage.change),
        ("run_stage:load", StageVerdict::Slower)
    );
    assert_eq!(stage.difference_ns(), Some(40_000_000));
    let text = told.to_string();
    assert!(text.starts_with("same: "), "{text}");
    for expected in [
        "counts with --timing alone:\n  run_stage:load: slower, ",
        "the rule: 20 % and 10 ms",
    ] {
        assert!(text.contains(expected), "{text}");
    }

    let counted = told.counting_timing(true);
    assert!(!counted.is_same());
    let text = counted.to_string();
    assert!(text.lines().next().unwrap().ends_with(": 1 stage"), "{text}");
    assert!(text.contains("\nstages:\n  run_stage:load: slower, "), "{text}");
}

#[test]
fn the_history_of_the_profile_decides_what_is_noise() {
    let slow = Plan {
        load_ms: 140,
        ..Plan::default()
    };
    let (before, after) = (Plan::default().record(1), slow.record(2));
    let with_history = |durations: [u64; 6]| {
        let mut history = StageHistory::default();
        for (number, load_ms) in durations.into_iter().enumerate() {
            let earlier = Plan {
                load_ms,
                ..Plan::default()
            };
            history.add(&earlier.record(10 + number as u16).view.timeline);
        }
        Diff::with_history(&before.view, &after.view, &history).counting_timing(true)
    };
    let wild = with_history([60, 140, 100, 80, 120, 100]);
    assert!(wild.is_same(), "{wild}");
    let steady = with_history([100, 101, 99, 100, 102, 98]);
    assert!(!steady.is_same());
    assert!(steady.to_string().contains("noise by 6 earlier runs"), "{steady}");
}

#[test]
fn where_a_run_took_place_is_told_and_makes_no_difference_by_itself() {
    let provenance = Provenance::capture(env!("CARGO_MANIFEST_DIR"));
    let record = |number: u16, provenance: &Provenance| {
        let mut run = Recording::begin(number);
        run.provenance = Some(provenance.clone());
        run.finish()
    };
    let before = record(1, &provenance);
    let mut elsewhere = provenance.clone();
    elsewhere.environment.machine.cores += 2;
    let told = diff(&before, &record(2, &elsewhere));
    assert!(told.is_same(), "{told}");
    let text = told.to_string();
    assert!(
        text.contains("environment, which by itself makes no difference:\n  cores: "),
        "{text}"
    );

    let mut updated = provenance;
    updated.environment.lock_files.push(LockFile {
        path: "zz.lock".to_owned(),
        sha256: None,
        error: None,
    });
    let differing = diff(&before, &record(3, &updated));
    assert!(!differing.is_same(), "versions of packages are code");
    assert!(differing.provenance.code[0].path.starts_with("lock_files["));
}

#[test]
fn ports_that_the_system_drew_are_no_difference() {
    let record = |number: u16, port: i64| {
        let mut run = Recording::begin(number);
        let url = format!("http://127.0.0.1:{port}/v1");
        run.raw_event(
            None,
            "custom",
            &[("url", Value::Str(&url)), ("server.port", Value::I64(port))],
        );
        run.finish()
    };
    let same = diff(&record(1, 41_873), &record(2, 52_004));
    assert!(same.is_same(), "{same}");
    let other = diff(&record(1, 41_873), &record(2, 8_080));
    assert_eq!(other.events.differing, 1);
}

#[test]
fn without_provenance_events_are_compared_all_the_same_and_the_lack_is_said() {
    let bare = Plan {
        with_provenance: false,
        ..Plan::default()
    };
    let other = Plan {
        gain: 0.08,
        ..bare.clone()
    };
    let same = diff(&bare.record(1), &bare.record(2));
    assert!(same.is_same());
    assert!(same.to_string().contains("provenance is not recorded"), "{same}");
    let parted = diff(&bare.record(1), &other.record(2));
    assert_eq!(parted.cause.unwrap().certainty, Certainty::NotRecorded);
}

#[test]
fn a_branch_that_only_one_run_has_is_one_difference() {
    let record = |number: u16, with_branch: bool| {
        let mut run = Recording::begin(number);
        let root = run.open(None, "root", &[]);
        run.raw_event(Some(&root), "begun", &[]);
        if with_branch {
            let branch = run.open(Some(&root), "extra", &[]);
            run.raw_event(Some(&branch), "one", &[]);
            run.raw_event(Some(&branch), "two", &[]);
            run.end(branch);
        }
        run.end(root);
        run.finish()
    };
    let diff = diff(&record(1, false), &record(2, true));
    assert_eq!(diff.events.differing, 1);
    let first = diff.events.first.unwrap();
    assert_eq!(first.kind, DivergenceKind::BranchOnlyInB { events: 2 });
    assert_eq!(first.place, "root / extra");
}

#[test]
fn events_outside_any_span_and_odd_values_are_compared_exactly() {
    let record = |number: u16, count: f64, at: i64| {
        let mut run = Recording::begin(number);
        let nested = [("b", Value::F64(f64::NAN)), ("a", Value::F64(count))];
        run.raw_event(
            None,
            "custom",
            &[
                ("nested", Value::Map(&nested)),
                ("timestamp", Value::I64(at)),
                ("run_id", Value::I64(number.into())),
            ],
        );
        run.finish()
    };
    assert!(diff(&record(1, 5.0, 10), &record(2, 5.0, 10)).is_same());
    let other = diff(&record(1, 5.0, 10), &record(2, 6.0, 11));
    let DivergenceKind::Changed { fields } = other.events.first.unwrap().kind else {
        panic!("both have the event");
    };
    let paths: Vec<&str> = fields.iter().map(|field| field.path.as_str()).collect();
    assert_eq!(paths, ["nested.a", "timestamp"], "a time before the run is data");
}

#[test]
fn a_diff_is_json_with_every_part() {
    let other = Plan {
        gain: 0.08,
        ..Plan::default()
    };
    let json = serde_json::to_value(diff(&Plan::default().record(1), &other.record(2))).unwrap();
    for part in ["a", "b", "provenance", "stages", "events", "outputs", "cause"] {
        assert!(json.get(part).is_some(), "{part}");
    }
    assert_eq!(json["cause"]["certainty"], "nondeterminism");
    assert_eq!(json["events"]["first"]["kind"]["kind"], "changed");
}

#[test]
fn a_run_that_failed_is_not_the_same_as_one_that_did_not() {
    let record = |number: u16, status: RunStatus| {
        let mut run = Recording::begin(number);
        run.manifest.status = status;
        run.finish()
    };
    let diff = diff(&record(1, RunStatus::Succeeded), &record(2, RunStatus::Failed));
    assert!(!diff.is_same());
    let text = diff.to_string();
    assert!(text.contains("status: Succeeded -> Failed"), "{text}");
    assert!(
        text.contains("cause: the second run failed: it lacks what it did not reach"),
        "{text}"
    );
}

#[test]
fn a_secret_that_two_processes_masked_differently_is_no_difference() {
    let record = |number: u16, mask: &str| {
        let mut run = Recording::begin(number);
        run.raw_event(None, "custom", &[("url", Value::Str(mask))]);
        run.finish()
    };
    let masked = |digits: &str| format!("https://[REDACTED:url:{digits}]@host/");
    let same = diff(&record(1, &masked("0123abcd")), &record(2, &masked("89abcdef")));
    assert!(same.is_same(), "{same}");
    let other = diff(&record(1, &masked("0123abcd")), &record(2, "https://host/"));
    assert!(!other.is_same());
}
