//! `hypotheses`: all tests of an experiment's runs in one ledger, corrected for how many there are.

use telensic_forensics::hypotheses::{HypothesisLedger, Registration, UncountedReason};
use telensic_run::event::{AuditIntent, Datum, Fields, HypothesisResult, TestDecision};
use telensic_tape::Value;

use crate::support::{Open, Recorded, Recording};

fn run(number: u16, fill: impl FnOnce(&mut Recording, &Open)) -> Recorded {
    let mut run = Recording::begin(number);
    let root = run.open(None, "pipeline:nightly", &[]);
    fill(&mut run, &root);
    run.end(root);
    run.finish()
}

fn tested(id: &str, p: f64) -> HypothesisResult {
    HypothesisResult::new(id, "adf", 1.0, TestDecision::Reject).p_value(p)
}

fn ledger(runs: &[&Recorded]) -> HypothesisLedger {
    let mut builder = HypothesisLedger::begin(0.05);
    runs.iter().for_each(|run| builder.add(&run.view));
    builder.finish()
}

#[test]
fn p_values_are_corrected_for_the_trials_of_all_runs() {
    // The p-values of Benjamini and Hochberg's paper of 1995, over two runs.
    let paper = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
        0.6528, 0.7590, 1.0,
    ];
    let half = |number: u16, parity: usize| {
        run(number, |run, root| {
            for (index, p) in paper.iter().enumerate().filter(|(index, _)| index % 2 == parity) {
                run.event(root, &tested(&format!("hyp_{index}"), *p));
            }
        })
    };
    let ledger = ledger(&[&half(2, 1), &half(1, 0)]);
    assert_eq!((ledger.trials.len(), ledger.hypotheses), (15, 15));
    assert_eq!(ledger.rejected_uncorrected(), 9);
    assert_eq!(ledger.rejected_by_bonferroni(), 3);
    assert_eq!(ledger.rejected_by_benjamini_hochberg(), 4);
    assert_eq!(ledger.rejected_by_benjamini_yekutieli(), 3);
    let fourth = ledger
        .trials
        .iter()
        .find(|trial| trial.hypothesis_id == "hyp_3")
        .unwrap();
    assert!((fourth.adjusted.benjamini_hochberg - 0.035625).abs() < 1e-14);
    assert!(
        ledger
            .to_string()
            .starts_with("15 trials of 15 hypotheses in 2 runs; 9 reject"),
        "{ledger}"
    );
}

#[test]
fn a_reproduction_counts_once_and_a_retry_counts_again() {
    let first = run(1, |run, root| run.event(root, &tested("hyp_1", 0.2)));
    let again = run(2, |run, root| run.event(root, &tested("hyp_1", 0.2)));
    let retry = run(3, |run, root| run.event(root, &tested("hyp_1", 0.04)));
    // In any order, and a run given twice is one run.
    let ledger = ledger(&[&retry, &again, &first, &again]);
    assert_eq!(
        (ledger.hypotheses, ledger.trials.len(), ledger.reproductions),
        (1, 2, 1)
    );
    assert_eq!(
        (
            ledger.trials[0].p_value,
            ledger.trials[0].reproduced,
            ledger.trials[0].attempt
        ),
        (0.2, 1, 1)
    );
    assert_eq!((ledger.trials[1].p_value, ledger.trials[1].attempt), (0.04, 2));
    assert_eq!(
        ledger.trials[1].adjusted.bonferroni, 0.08,
        "trying twice is paid for"
    );
    assert_eq!(ledger.runs.len(), 3);
}

#[test]
fn results_without_a_p_value_are_listed_not_counted() {
    let run = run(1, |run, root| {
        run.event(root, &tested("hyp_1", 0.03));
        run.event(
            root,
            &HypothesisResult::new("hyp_2", "cohens_d", 0.4, TestDecision::Reject),
        );
        run.event(root, &tested("hyp_3", f64::NAN));
        run.event(root, &tested("hyp_4", 1.5));
        run.raw_event(
            Some(root),
            "hypothesis_result",
            &[("hypothesis_id", Value::Str("hyp_5"))],
        );
    });
    let ledger = ledger(&[&run]);
    assert_eq!(ledger.trials.len(), 1);
    assert_eq!(
        ledger.trials[0].adjusted.bonferroni, 0.03,
        "the others are no trials"
    );
    let uncounted: Vec<&str> = ledger
        .uncounted
        .iter()
        .map(|result| result.hypothesis_id.as_str())
        .collect();
    assert_eq!(uncounted.len(), 4);
    for id in ["hyp_2", "hyp_3", "hyp_4", "hyp_5"] {
        assert!(uncounted.contains(&id), "{uncounted:?}");
    }
    let reason = |id: &str| {
        &ledger
            .uncounted
            .iter()
            .find(|result| result.hypothesis_id == id)
            .unwrap()
            .reason
    };
    assert_eq!(*reason("hyp_2"), UncountedReason::NoPValue);
    assert!(matches!(reason("hyp_5"), UncountedReason::Unreadable(_)));
}

#[test]
fn only_an_intent_before_the_first_result_registers_a_hypothesis() {
    let intent = |id: &str| {
        let names = Datum::from(vec![id.to_owned()]);
        AuditIntent::new("examine").params(Fields::from([("hypotheses", names)]))
    };
    let early = run(1, |run, root| run.event(root, &intent("hyp_1")));
    let late = run(2, |run, root| {
        run.event(root, &tested("hyp_1", 0.01));
        run.event(root, &tested("hyp_2", 0.02));
        run.event(root, &intent("hyp_2"));
        run.event(root, &tested("hyp_3", 0.03).pre_registered(true));
        run.event(root, &tested("hyp_4", 0.04));
    });
    let ledger = ledger(&[&early, &late]);
    let states: Vec<Registration> = ledger.trials.iter().map(|trial| trial.registration).collect();
    assert!(matches!(states[0], Registration::Registered { run, .. } if run == early.view.id()));
    assert!(matches!(states[1], Registration::Afterwards { .. }));
    assert_eq!(states[2..], [Registration::Claimed, Registration::None]);
}

#[test]
fn an_empty_ledger_is_no_error() {
    let ledger = HypothesisLedger::begin(0.05).finish();
    assert!(
        ledger
            .to_string()
            .starts_with("0 trials of 0 hypotheses in 0 runs"),
        "{ledger}"
    );
}
