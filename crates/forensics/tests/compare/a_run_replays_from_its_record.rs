//! `replay`: a sound record passes every check that it allows, and each kind of contradiction is found and named.

use telensic_forensics::replay::{Check, CheckStatus, Replay, Rule};
use telensic_run::event::{
    AlgorithmInit, AlgorithmResult, AuditOutcome, Datum, DecisionSnapshot, EpochDetected, FeaturesAtDecision,
    Fields, HypothesisResult, PositionType, TestDecision, Texts, Thresholds,
};
use telensic_tape::Value;

use crate::support::{Open, Plan, Recorded, Recording};

fn check(replay: &Replay, rule: Rule) -> &Check {
    replay.checks.iter().find(|check| check.rule == rule).unwrap()
}

/// A run of one sleeve, filled by `fill`.
fn recorded(fill: impl FnOnce(&mut Recording, &Open)) -> Replay {
    let mut run = Recording::begin(1);
    let root = run.open(None, "pipeline:nightly", &[]);
    let sleeve = run.open(Some(&root), "run_pipeline", &[("symbol", "BTCUSDT")]);
    fill(&mut run, &sleeve);
    run.end(sleeve);
    run.end(root);
    Replay::of(&run.finish().view)
}

fn epoch(index: u32, bar: u32) -> EpochDetected {
    EpochDetected::new(index, bar, 0.06, 0.01)
        .position_type(PositionType::Bull)
        .tmaeg_threshold(0.05)
}

fn failures(replay: &Replay, rule: Rule) -> Vec<String> {
    let check = check(replay, rule);
    assert_eq!(check.status, CheckStatus::Failed, "{replay}");
    check.failures.clone()
}

#[test]
fn a_sound_pipeline_replays_consistently() {
    let recorded: Recorded = Plan::default().record(1);
    let replay = Replay::of(&recorded.view);
    assert!(replay.is_consistent(), "{replay}");
    assert_eq!(
        (replay.epochs.len(), replay.decisions.len(), replay.results.len()),
        (6, 2, 1)
    );
    for rule in [
        Rule::EpochIndices,
        Rule::BarIndices,
        Rule::EpochCondition,
        Rule::EpochCounts,
        Rule::IntervalVariation,
        Rule::Thresholds,
        Rule::ResultMetrics,
        Rule::OutputHashes,
    ] {
        assert_eq!(check(&replay, rule).status, CheckStatus::Ok, "{replay}");
    }
    assert_eq!(
        check(&replay, Rule::TestDecisions).status,
        CheckStatus::NotRecorded
    );
    assert!(replay.to_string().starts_with("consistent: 6 epochs"), "{replay}");
    let passed_over = &check(&replay, Rule::ResultMetrics).not_recorded;
    assert_eq!(passed_over, &["sharpe: nothing in the record gives it"]);
}

#[test]
fn an_epoch_that_was_not_recorded_is_missed_by_index_count_and_result() {
    let without = Plan {
        without_epoch: Some((0, 1)),
        ..Plan::default()
    };
    let replay = Replay::of(&without.record(1).view);
    assert!(!replay.is_consistent());
    let indices = failures(&replay, Rule::EpochIndices);
    assert!(
        indices[0].starts_with("epoch 2 follows epoch 0 at pipeline:nightly"),
        "{indices:?}"
    );
    let counts = failures(&replay, Rule::EpochCounts);
    assert!(
        counts[0].contains("counts 3 bull epochs, the record has 2"),
        "{counts:?}"
    );
    failures(&replay, Rule::IntervalVariation);
    let metrics = failures(&replay, Rule::ResultMetrics);
    assert!(
        metrics[0].starts_with("bull_ith_epochs is 6 in the result, 5 or 3 in the record"),
        "{metrics:?}"
    );
}

#[test]
fn the_epoch_rule_holds_gain_against_loss_and_hurdle() {
    let replay = recorded(|run, sleeve| {
        let weak = |index: u32, gain: f64, loss: f64| {
            EpochDetected::new(index, index + 1, gain, loss)
                .position_type(PositionType::Bear)
                .tmaeg_threshold(0.05)
        };
        run.event(sleeve, &weak(0, 0.06, 0.07));
        run.event(sleeve, &weak(1, 0.04, 0.01));
        run.event(sleeve, &weak(2, f64::NAN, 0.01));
        run.event(sleeve, &weak(3, 0.06, 0.01));
    });
    assert_eq!(check(&replay, Rule::EpochCondition).failed, 4, "{replay}");
    assert_eq!(check(&replay, Rule::EpochIndices).status, CheckStatus::Ok);
}

#[test]
fn a_new_algorithm_begins_a_new_series_and_bars_rise_within_one() {
    let replay = recorded(|run, sleeve| {
        for _ in 0..2 {
            run.event(sleeve, &AlgorithmInit::new("ith", "1"));
            run.event(sleeve, &epoch(0, 3));
            run.event(sleeve, &epoch(1, 7));
        }
    });
    assert!(replay.is_consistent(), "{replay}");
    let fallen = recorded(|run, sleeve| {
        run.event(sleeve, &epoch(0, 7));
        run.event(sleeve, &epoch(1, 7));
    });
    assert_eq!(failures(&fallen, Rule::BarIndices).len(), 1);
}

#[test]
fn a_decision_against_another_hurdle_or_a_wrong_variation_is_found() {
    let decide = |hurdle: f64, variation: f64| {
        recorded(|run, sleeve| {
            run.event(sleeve, &epoch(0, 3));
            run.event(sleeve, &epoch(1, 7));
            let features = FeaturesAtDecision::new().bull_cv(variation);
            let held = Thresholds::new().tmaeg_value(hurdle);
            run.event(
                sleeve,
                &DecisionSnapshot::new("d1", 5_i64, features).thresholds(held),
            );
        })
    };
    // The example series A of the algorithm's definition: epochs at 3 and 7.
    assert!(decide(0.05, 0.14285714285714285).is_consistent());
    failures(&decide(0.06, 0.14285714285714285), Rule::Thresholds);
    failures(&decide(0.05, 0.15), Rule::IntervalVariation);
}

#[test]
fn a_decision_that_looks_back_over_a_window_is_passed_over_not_failed() {
    let replay = recorded(|run, sleeve| {
        run.event(sleeve, &epoch(0, 300));
        let features = FeaturesAtDecision::new().bull_ith_epochs(0).bear_ith_epochs(0);
        let held = Thresholds::new().lookback(250);
        run.event(
            sleeve,
            &DecisionSnapshot::new("d1", 5_i64, features).thresholds(held),
        );
    });
    let counts = check(&replay, Rule::EpochCounts);
    assert_eq!(
        (counts.status, counts.examined),
        (CheckStatus::Ok, 1),
        "the bear side has no such epochs"
    );
    assert!(counts.not_recorded[0].contains("look back"));
}

#[test]
fn an_output_hash_that_no_outcome_has_is_found() {
    let with_outcome = |hash: &str| {
        recorded(|run, sleeve| {
            run.event(
                sleeve,
                &AlgorithmResult::new(Fields::default()).output_hash("beef"),
            );
            let hashes = Texts::from([("out", hash)]);
            run.event(sleeve, &AuditOutcome::new("ok").output_hashes(hashes));
        })
    };
    assert_eq!(
        check(&with_outcome("beef"), Rule::OutputHashes).status,
        CheckStatus::Ok
    );
    failures(&with_outcome("dead"), Rule::OutputHashes);
}

#[test]
fn a_test_must_decide_as_its_p_value_says_and_keep_its_name() {
    let tested = |id: &str, p: f64, decision: TestDecision| {
        let context = Fields::from([("alpha", Datum::from(0.05))]);
        HypothesisResult::new(id, "adf", -3.1, decision)
            .p_value(p)
            .context(context)
    };
    let replay = recorded(|run, sleeve| {
        run.event(sleeve, &tested("hyp_1", 0.01, TestDecision::Reject));
        run.event(sleeve, &tested("hyp_2", 0.2, TestDecision::Reject));
        run.event(sleeve, &tested("hyp_3", 0.01, TestDecision::FailToReject));
        // A null p-value cannot be checked.
        run.event(
            sleeve,
            &HypothesisResult::new("hyp_4", "cohens_d", 0.3, TestDecision::Reject),
        );
    });
    let decisions = check(&replay, Rule::TestDecisions);
    assert_eq!((decisions.examined, decisions.failed), (3, 2), "{replay}");
    assert_eq!(decisions.not_recorded, ["tests without a p-value"]);
    // hyp_1 and hyp_3 differ in their decision alone: the same test under two names.
    let ids = failures(&replay, Rule::HypothesisIds);
    assert!(ids[0].contains("hyp_1 and hyp_3"), "{ids:?}");
}

#[test]
fn an_event_that_does_not_fit_its_type_is_told_not_passed_over() {
    let replay = recorded(|run, sleeve| {
        run.raw_event(Some(sleeve), "epoch_detected", &[("epoch_index", Value::I64(-1))]);
        run.raw_event(Some(sleeve), "decision.snapshot", &[]);
    });
    assert_eq!(failures(&replay, Rule::Readable).len(), 2);
}
