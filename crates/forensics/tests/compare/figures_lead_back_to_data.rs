//! `lineage`: from a figure or a fill back to the decision, the algorithm, the data and the code.

use telensic_forensics::lineage::Lineage;
use telensic_run::RunErrorKind;
use telensic_run::event::{
    AlgorithmInit, DataLoad, DecisionSnapshot, FeaturesAtDecision, PnlFigure, Side, TradeFill,
};
use telensic_run::{GitState, Provenance};

use crate::support::{Recorded, Recording};

fn recorded() -> Recorded {
    let mut run = Recording::begin(1);
    let mut provenance = Provenance::capture(env!("CARGO_MANIFEST_DIR"));
    provenance.git = Some(GitState {
        sha: Some("c".repeat(40)),
        ..GitState::default()
    });
    run.provenance = Some(provenance);
    let root = run.open(None, "pipeline:nightly", &[]);
    let load = run.open(Some(&root), "run_stage:load", &[]);
    run.event(&load, &DataLoad::new("bars.csv").sha256_hash("00ff"));
    run.end(load);
    for (symbol, seed) in [("BTCUSDT", 1_u64), ("ETHUSDT", 2)] {
        let sleeve = run.open(Some(&root), "run_pipeline", &[("symbol", symbol)]);
        run.event(
            &sleeve,
            &DataLoad::new(format!("{symbol}.csv")).sha256_hash("11ee"),
        );
        run.event(
            &sleeve,
            &AlgorithmInit::new("ith", "1.4.0")
                .random_seed(seed)
                .config_hash("cafe"),
        );
        let features = FeaturesAtDecision::new().bull_ith_epochs(3);
        run.event(
            &sleeve,
            &DecisionSnapshot::new(format!("d-{symbol}"), 5_i64, features),
        );
        run.end(sleeve);
    }
    let fill =
        |id: &str, decision: &str| TradeFill::new(id, decision, "BTCUSDT", Side::Buy, 2.0, 101.5, 6_i64);
    run.event(&root, &fill("f-1", "d-BTCUSDT"));
    run.event(&root, &fill("f-2", "d-ETHUSDT"));
    run.event(&root, &fill("f-lost", "d-none"));
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<String>>();
    run.event(
        &root,
        &PnlFigure::new("p-1", 12.5, "USD").fill_ids(ids(&["f-1", "f-2"])),
    );
    run.event(
        &root,
        &PnlFigure::new("p-2", -1.0, "USD").fill_ids(ids(&["f-lost", "f-none"])),
    );
    run.end(root);
    run.finish()
}

#[test]
fn a_figure_leads_through_its_fills_to_decisions_algorithms_data_and_code() {
    let recorded = recorded();
    let lineage = Lineage::of(&recorded.view, "p-1").unwrap();
    assert!(lineage.is_complete(), "{lineage}");
    assert_eq!(lineage.fills.len(), 2);
    assert_eq!(
        lineage.code.as_ref().unwrap().sha.as_deref(),
        Some("c".repeat(40).as_str())
    );
    let [first, second] = &lineage.decisions[..] else {
        panic!("{lineage}");
    };
    assert!(
        first.place.ends_with("run_pipeline[symbol=BTCUSDT]"),
        "{}",
        first.place
    );
    let seed = |decision: &telensic_forensics::lineage::DecisionLineage| {
        decision.model.as_ref().unwrap().init.random_seed.unwrap().0
    };
    assert_eq!((seed(first), seed(second)), (1, 2), "each from its own sleeve");
    let sources: Vec<&str> = second.data.iter().map(|read| read.source.as_str()).collect();
    assert_eq!(sources, ["bars.csv", "ETHUSDT.csv"]);
    let text = lineage.to_string();
    assert!(
        text.starts_with("complete: p-1 rests on 2 decisions of "),
        "{text}"
    );
    assert!(text.contains("model: ith 1.4.0, seed 2, config cafe"), "{text}");
}

#[test]
fn a_fill_and_a_decision_have_a_lineage_too() {
    let recorded = recorded();
    for id in ["f-2", "d-ETHUSDT"] {
        let lineage = Lineage::of(&recorded.view, id).unwrap();
        assert!(lineage.is_complete());
        assert_eq!(lineage.decisions.len(), 1);
        assert_eq!(lineage.decisions[0].decision.decision_id, "d-ETHUSDT");
    }
}

#[test]
fn a_link_that_is_not_recorded_is_a_gap() {
    let recorded = recorded();
    let lineage = Lineage::of(&recorded.view, "p-2").unwrap();
    assert_eq!(
        lineage.gaps,
        ["decision d-none is not recorded", "fill f-none is not recorded"]
    );
    assert!(lineage.to_string().starts_with("incomplete: "));
}

#[test]
fn a_name_that_is_not_there_is_an_error_that_says_which_are() {
    let recorded = recorded();
    let error = Lineage::of(&recorded.view, "p-9").unwrap_err();
    assert_eq!(error.kind(), RunErrorKind::NotFound);
    assert!(
        error.to_string().contains("has no fill, figure or decision p-9"),
        "{error}"
    );
    assert!(
        error.to_string().contains("for instance p-1, p-2, f-1"),
        "{error}"
    );
}
