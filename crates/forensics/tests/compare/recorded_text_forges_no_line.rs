//! Every rendering has the lines that it has of plain names, whatever the names hold; the data stay as they were recorded.

use serde_json::json;
use telensic_forensics::RunView;
use telensic_forensics::diff::Diff;
use telensic_forensics::hypotheses::HypothesisLedger;
use telensic_forensics::lineage::Lineage;
use telensic_forensics::lookahead::{Lookahead, Parting};
use telensic_forensics::replay::Replay;
use telensic_run::event::{
    AlgorithmInit, AlgorithmResult, DataLoad, DecisionSnapshot, EpochDetected, FeaturesAtDecision, Fields,
    HypothesisResult, Moment, PnlFigure, Side, TestDecision, TradeFill,
};
use telensic_run::{FileFingerprint, Fingerprint, GitState, Provenance, is_harmful};
use telensic_tape::Value;

use crate::support::{Open, Recorded, Recording};

/// What ends every name: line breaks of all kinds, an order to the terminal, and what reorders text.
const HARM: &str = "\n\r\u{1b}[2J\u{9b}2J\u{202e}\u{2028}\nsame: ok";

/// What a run has that the first one has not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Nothing,
    /// Input, configuration, seed, code and environment.
    Provenance,
    /// What it read from a source without a fingerprint.
    Read,
    /// What the algorithm was begun with.
    Algorithm,
    /// A value that nothing explains.
    Value,
    /// One event more.
    Event,
    /// One branch more.
    Branch,
}

const CHANGES: [Change; 6] = [
    Change::Provenance,
    Change::Read,
    Change::Algorithm,
    Change::Value,
    Change::Event,
    Change::Branch,
];

/// A run whose names all end with `tail`.
fn record(number: u16, tail: &str, change: Change) -> Recorded {
    let named = |name: &str| format!("{name}{tail}");
    let mut run = Recording::begin(number);
    run.manifest.profile = named("nightly");
    run.provenance = Some(provenance(tail, change == Change::Provenance));
    let root = run.open(None, &named("pipeline:nightly"), &[]);
    let stage = run.open(Some(&root), &named("run_stage:analyse"), &[]);
    if number > 10 {
        run.tick(10_000_000_000);
    }
    let sleeve = run.open(Some(&stage), "run_pipeline", &[("symbol", &named("BTCUSDT"))]);
    record_data(&mut run, &sleeve, tail, change);
    record_decisions(&mut run, &sleeve, tail, change);
    record_tests(&mut run, &sleeve, tail);
    if change == Change::Branch {
        let branch = run.open(Some(&sleeve), &named("extra"), &[]);
        run.raw_event(Some(&branch), &named("begun"), &[]);
        run.end(branch);
    }
    for span in [sleeve, stage, root] {
        run.end(span);
    }
    run.finish()
}

fn provenance(tail: &str, is_changed: bool) -> Provenance {
    let named = |name: &str| format!("{name}{tail}");
    let told = |name: &str| named(if is_changed { "other" } else { name });
    let mut provenance = Provenance::capture(env!("CARGO_MANIFEST_DIR"));
    provenance.git = Some(GitState {
        sha: Some(told("sha")),
        ..GitState::default()
    });
    let mut config = serde_json::Map::new();
    config.insert(
        named("lookback"),
        json!(format!("{}{}", told("long"), "g".repeat(100))),
    );
    provenance.set_config(config.into(), &Default::default());
    provenance
        .seeds
        .insert(named("bootstrap"), u64::from(is_changed).into());
    provenance.environment.machine.hostname = told("host");
    provenance.environment.machine.os = told("os");

    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bars.csv");
    std::fs::write(&path, format!("time,close\n1,{}\n", u8::from(is_changed))).unwrap();
    let mut file = FileFingerprint::of(&path);
    let table = file.table.as_mut().unwrap();
    table
        .schema
        .iter_mut()
        .for_each(|column| column.name.push_str(tail));
    let columns = table.columns.as_mut().unwrap();
    columns.iter_mut().for_each(|column| column.name.push_str(tail));
    file.path = named("bars.csv");
    provenance.inputs.push(Fingerprint::File(file.clone()));
    provenance.outputs.push(Fingerprint::File(file.clone()));
    file.path = told("result.csv");
    provenance.inputs.push(Fingerprint::File(file.clone()));
    provenance.outputs.push(Fingerprint::File(file));
    provenance
}

fn record_data(run: &mut Recording, sleeve: &Open, tail: &str, change: Change) {
    let named = |name: &str| format!("{name}{tail}");
    let told = |name: &str, at: Change| named(if change == at { "other" } else { name });
    run.raw_event(
        Some(sleeve),
        "data.load",
        &[
            ("source_path", Value::Str(&named("remote"))),
            (&named("etag"), Value::Str(&told("1", Change::Read))),
        ],
    );
    run.event(
        sleeve,
        &DataLoad::new(named("bars.csv"))
            .sha256_hash(told("hash", Change::Provenance))
            .knowledge_time(Moment(7)),
    );
    run.event(
        sleeve,
        &AlgorithmInit::new(named("ith"), told("1.4.0", Change::Algorithm))
            .random_seed(u64::from(change == Change::Algorithm))
            .config_hash(named("cafe"))
            .config(Fields::from([(named("key"), told("value", Change::Algorithm))])),
    );
    run.raw_event(
        Some(sleeve),
        &named("custom"),
        &[
            ("step", Value::Str(&named("fit"))),
            (&named("field"), Value::Str(&told("value", Change::Value))),
        ],
    );
    if change == Change::Event {
        let step = named("again");
        run.raw_event(Some(sleeve), &named("further"), &[("step", Value::Str(&step))]);
    }
}

/// Decisions, and what follows from them; much of it contradicts the rest, so that there is something to tell.
fn record_decisions(run: &mut Recording, sleeve: &Open, tail: &str, change: Change) {
    let named = |name: &str| format!("{name}{tail}");
    for index in [0_u32, 2] {
        run.event(sleeve, &EpochDetected::new(index, 7_u32, 0.01, 0.06));
    }
    let features = FeaturesAtDecision::new().bull_ith_epochs(5).bull_cv(0.5);
    run.event(sleeve, &DecisionSnapshot::new(named("d-1"), 5_i64, features));
    run.raw_event(
        Some(sleeve),
        "decision.snapshot",
        &[
            ("decision_id", Value::Str(&named("d-2"))),
            (&named("timestamp_ns"), Value::I64(1)),
        ],
    );
    let metric = named(if change == Change::Value {
        "other"
    } else {
        "metric"
    });
    let metrics = Fields::from([(metric, 6)]);
    run.event(sleeve, &AlgorithmResult::new(metrics).output_hash(named("beef")));
    let fill = TradeFill::new(
        named("f-1"),
        named("d-1"),
        named("BTCUSDT"),
        Side::Buy,
        2.0,
        101.5,
        6_i64,
    );
    run.event(sleeve, &fill);
    let fills = vec![named("f-1"), named("f-lost")];
    run.event(
        sleeve,
        &PnlFigure::new(named("p-1"), 12.5, named("USD"))
            .fill_ids(fills)
            .decision_id(named("d-2")),
    );
}

fn record_tests(run: &mut Recording, sleeve: &Open, tail: &str) {
    let named = |name: &str| format!("{name}{tail}");
    let tested = |id: &str, test: &str| {
        HypothesisResult::new(named(id), named(test), 1.0, TestDecision::Reject)
            .context(Fields::from([("alpha", 0.05)]))
    };
    run.event(sleeve, &tested("hyp_1", "adf").p_value(0.2));
    run.event(sleeve, &tested("hyp_1", "kpss").p_value(0.01));
    run.event(sleeve, &tested("hyp_2", "kpss").p_value(0.01));
    run.event(sleeve, &tested("hyp_3", "adf"));
    run.raw_event(
        Some(sleeve),
        "hypothesis_result",
        &[("hypothesis_id", Value::Str(&named("hyp_4")))],
    );
}

/// All that is told of such runs, by what it is.
fn renderings(tail: &str) -> Vec<(String, String)> {
    let plain = record(1, tail, Change::Nothing);
    let view: &RunView = &plain.view;
    let mut told = vec![
        ("replay".to_owned(), Replay::of(view).to_string()),
        ("look-ahead".to_owned(), Lookahead::of(view).to_string()),
    ];
    for id in ["p-1", "f-1", "d-1"] {
        let lineage = Lineage::of(view, &format!("{id}{tail}")).unwrap();
        told.push((format!("lineage of {id}"), lineage.to_string()));
    }
    let missing = Lineage::of(view, &format!("p-9{tail}")).unwrap_err();
    told.push(("lineage of nothing".to_owned(), missing.to_string()));
    let mut ledger = HypothesisLedger::begin(0.05);
    ledger.add(view);
    told.push(("hypotheses".to_owned(), ledger.finish().to_string()));
    // From 11 on a stage is slower.
    for (change, number) in CHANGES.into_iter().zip(10..) {
        let other = record(number, tail, change);
        told.push((format!("diff {number}"), Diff::of(view, &other.view).to_string()));
        told.push((
            format!("turned {number}"),
            Diff::of(&other.view, view).to_string(),
        ));
        if change == Change::Provenance {
            told.push(("parting".to_owned(), Parting::of(view, &other.view).to_string()));
        }
    }
    told
}

#[test]
fn harmful_names_neither_add_a_line_nor_drive_a_terminal() {
    for ((what, plain), (_, harmed)) in renderings("").into_iter().zip(renderings(HARM)) {
        assert!(
            harmed.contains(r"\n\r\u{1b}[2J\u{9b}2J\u{202e}\u{2028}\nsame: ok"),
            "{what} tells of none of the names: {harmed}"
        );
        assert!(
            !harmed.contains(|char| char != '\n' && is_harmful(char)),
            "{what}: {harmed:?}"
        );
        assert_eq!(
            harmed.lines().count(),
            plain.lines().count(),
            "{what}:\n{plain}\n{harmed}"
        );
    }
}

#[test]
fn the_data_keep_the_names_as_they_were_recorded() {
    let plain = record(1, HARM, Change::Nothing);
    let lineage = Lineage::of(&plain.view, &format!("d-1{HARM}")).unwrap();
    let json = serde_json::to_value(&lineage).unwrap();
    assert_eq!(json["profile"], format!("nightly{HARM}"));
    assert_eq!(
        json["decisions"][0]["data"][1]["source"],
        format!("bars.csv{HARM}")
    );
    let place =
        format!("pipeline:nightly{HARM} / run_stage:analyse{HARM} / run_pipeline[symbol=BTCUSDT{HARM}]");
    assert_eq!(json["decisions"][0]["place"], place);

    let other = record(2, HARM, Change::Value);
    let json = serde_json::to_value(Diff::of(&plain.view, &other.view)).unwrap();
    let first = &json["events"]["first"];
    assert_eq!(first["event"], format!("custom{HARM}"));
    assert_eq!(first["kind"]["fields"][0]["path"], format!("field{HARM}"));
    assert_eq!(first["kind"]["fields"][0]["b"], format!("other{HARM}"));
}
