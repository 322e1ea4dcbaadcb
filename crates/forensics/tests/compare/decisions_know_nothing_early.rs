//! `lookahead`: a decision that consumed what was known only later is flagged, and live and backtest are told apart.

use telensic_forensics::lookahead::{Evidence, Lookahead, Parting};
use telensic_run::event::{DataLoad, DecisionSnapshot, FeaturesAtDecision, Moment};
use telensic_tape::Value;

use crate::support::{Open, Recorded, Recording};

const NOON: i64 = 1_769_342_400_000_000_000;
const HOUR: i64 = 3_600_000_000_000;

fn decision(id: &str, at: i64) -> DecisionSnapshot {
    DecisionSnapshot::new(id, at, FeaturesAtDecision::new())
}

fn load(source: &str, known: i64) -> DataLoad {
    DataLoad::new(source)
        .sha256_hash(format!("hash of {source}"))
        .knowledge_time(Moment(known))
}

/// A run whose root, and two sleeves below it, are filled by `fill`.
fn run(number: u16, fill: impl FnOnce(&mut Recording, &Open, [&Open; 2])) -> Recorded {
    let mut run = Recording::begin(number);
    let root = run.open(None, "pipeline:nightly", &[]);
    let one = run.open(Some(&root), "run_pipeline", &[("symbol", "BTCUSDT")]);
    let other = run.open(Some(&root), "run_pipeline", &[("symbol", "ETHUSDT")]);
    fill(&mut run, &root, [&one, &other]);
    for span in [one, other, root] {
        run.end(span);
    }
    run.finish()
}

fn flagged(recorded: &Recorded) -> Vec<String> {
    let found = Lookahead::of(&recorded.view);
    found.flags.into_iter().map(|flag| flag.decision_id).collect()
}

#[test]
fn a_decision_that_consumed_what_was_known_later_is_flagged_with_by_how_much() {
    let recorded = run(1, |run, root, [one, _]| {
        run.event(root, &load("bars.csv", NOON));
        run.event(one, &decision("in time", NOON));
        run.event(root, &load("revised.csv", NOON + HOUR));
        run.event(one, &decision("early", NOON));
        run.event(one, &decision("late enough", NOON + HOUR));
    });
    let found = Lookahead::of(&recorded.view);
    assert_eq!(found.flags.len(), 1, "{found}");
    let flag = &found.flags[0];
    assert_eq!(
        (flag.decision_id.as_str(), flag.evidence),
        ("early", Evidence::KnowledgeTime)
    );
    assert_eq!(flag.known.0 - flag.decided.0, HOUR);
    assert_eq!(flag.read.as_ref().unwrap().source, "revised.csv");
    let text = found.to_string();
    assert!(text.starts_with("look-ahead: 1 of 3 decisions"), "{text}");
    assert!(
        text.contains("consumed revised.csv, knowledge_time 2026-01-25T13:00:00.000000000Z (1.0 h later)"),
        "{text}"
    );
}

#[test]
fn what_is_read_after_a_decision_or_in_another_sleeve_is_not_consumed() {
    let recorded = run(1, |run, root, [one, other]| {
        run.event(one, &decision("before", NOON));
        run.event(other, &load("other sleeve", NOON + HOUR));
        run.event(one, &decision("beside", NOON));
        run.event(other, &decision("within", NOON));
        run.event(root, &decision("above", NOON));
    });
    assert_eq!(flagged(&recorded), ["within", "above"]);
}

#[test]
fn a_decision_that_names_its_inputs_consumed_those_and_no_others() {
    let recorded = run(1, |run, root, [one, other]| {
        run.event(other, &load("early.csv", NOON + HOUR));
        run.event(root, &load("plain.csv", NOON - HOUR));
        for (id, input) in [
            ("by source", "early.csv"),
            ("by hash", "hash of early.csv"),
            ("clean", "plain.csv"),
        ] {
            run.raw_event(
                Some(one),
                "decision.snapshot",
                &[
                    ("decision_id", Value::Str(id)),
                    ("timestamp_ns", Value::I64(NOON)),
                    ("features_at_decision", Value::Map(&[])),
                    ("inputs", Value::Strs(&[input])),
                ],
            );
        }
    });
    assert_eq!(flagged(&recorded), ["by source", "by hash"]);
}

#[test]
fn event_time_and_as_of_stand_in_and_spans_can_be_reads() {
    let recorded = run(1, |run, root, [one, _]| {
        run.event(
            root,
            &DataLoad::new("forecast")
                .event_time(Moment(NOON + HOUR))
                .knowledge_time(Moment(NOON)),
        );
        run.event(one, &decision("a forecast is known before its time", NOON));
        run.event(one, &decision("as of", NOON + HOUR).as_of(Moment(NOON - HOUR)));
        let read = run.open(Some(root), "adapter.bars", &[("as_of", "2026-01-25T15:00:00Z")]);
        run.end(read);
        run.event(one, &decision("span", NOON + HOUR));
        run.event(
            one,
            &decision("itself", NOON + 4 * HOUR).knowledge_time(Moment(NOON + 5 * HOUR)),
        );
    });
    let found = Lookahead::of(&recorded.view);
    let told: Vec<(&str, Evidence)> = found
        .flags
        .iter()
        .map(|flag| (flag.decision_id.as_str(), flag.evidence))
        .collect();
    assert_eq!(
        told,
        [
            ("as of", Evidence::KnowledgeTime),
            ("span", Evidence::AsOf),
            ("itself", Evidence::KnowledgeTime)
        ]
    );
}

#[test]
fn what_says_nothing_of_its_time_is_not_called_clean() {
    let recorded = run(1, |run, root, [one, _]| {
        run.event(root, &DataLoad::new("undated.csv"));
        run.event(one, &decision("d1", NOON));
        run.raw_event(
            Some(one),
            "decision.snapshot",
            &[("decision_id", Value::Str("broken"))],
        );
    });
    let found = Lookahead::of(&recorded.view);
    assert_eq!((found.undated_reads, found.unjudged.len()), (1, 2));
    assert!(found.to_string().starts_with("nothing to judge"), "{found}");
}

#[test]
fn a_live_run_and_its_backtest_part_where_the_backtest_knew_more() {
    let session = |number: u16, second_known: i64| {
        run(number, |run, root, [one, other]| {
            run.event(root, &load("bars.csv", NOON - HOUR));
            run.event(one, &decision(&format!("{number}-a"), NOON));
            run.event(other, &decision(&format!("{number}-b"), NOON));
            run.event(root, &load("bars.csv", second_known));
            run.event(one, &decision(&format!("{number}-c"), NOON + HOUR));
        })
    };
    let (live, backtest) = (session(1, NOON), session(2, NOON + HOUR));
    let parting = Parting::of(&live.view, &backtest.view);
    assert_eq!((parting.paired, parting.parted), (3, 1), "{parting}");
    let point = parting.first.as_ref().unwrap();
    assert_eq!(
        (point.live_decision.as_str(), point.backtest_decision.as_str()),
        ("1-c", "2-c")
    );
    assert_eq!(point.sources.len(), 1);
    assert_eq!(point.sources[0].live.as_ref().unwrap().known, Some(Moment(NOON)));
    assert!(
        parting.to_string().starts_with("they part at decision 1-c"),
        "{parting}"
    );
    assert!(Parting::of(&live.view, &session(3, NOON).view).is_same());
}
