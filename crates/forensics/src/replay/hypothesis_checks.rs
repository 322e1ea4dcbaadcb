//! The hypothesis audit: does each test decide as its p-value says, and does each have one name?

use hashbrown::HashMap;
use telensic_run::event::{Datum, Float, TestDecision};

use super::check::{Check, Rule};
use super::replayed::ReplayedHypothesis;

/// What the level of a test is called in its context.
const ALPHA: &[&str] = &["alpha", "significance_level", "significance"];

pub(super) fn check(tests: &[ReplayedHypothesis]) -> [Check; 2] {
    let mut decisions = Check::begin(Rule::TestDecisions);
    let mut ids = Check::begin(Rule::HypothesisIds);
    let mut test_of_id: HashMap<&str, &str> = HashMap::new();
    let mut id_of_test: HashMap<String, &str> = HashMap::new();
    for test in tests {
        check_decision(test, &mut decisions);
        let id = test.event.hypothesis_id.as_str();
        let test_name = test.event.test_name.as_str();
        let known_test = *test_of_id.entry(id).or_insert(test_name);
        ids.examine(known_test == test_name, || {
            format!("{id} is a {known_test} and a {test_name}, at {}", test.place)
        });
        let known_id = *id_of_test.entry(outcome(test)).or_insert(id);
        ids.examine(known_id == id, || {
            format!(
                "the same {test_name} with the same outcome is {known_id} and {id}, at {}",
                test.place
            )
        });
    }
    [decisions, ids]
}

/// All that a test says but its id: two that agree in it are the same test.
fn outcome(test: &ReplayedHypothesis) -> String {
    let event = &test.event;
    let number = |float: Option<Float>| float.map(|float| float.0.to_string()).unwrap_or_default();
    // A map of values always becomes JSON.
    let context = serde_json::to_string(&event.context).unwrap_or_default();
    format!(
        "{}\n{}\n{}\n{}\n{context}",
        event.test_name,
        number(Some(event.statistic)),
        number(event.p_value),
        number(event.effect_size),
    )
}

fn check_decision(test: &ReplayedHypothesis, check: &mut Check) {
    let event = &test.event;
    let Some(Float(p)) = event.p_value.filter(|p| !p.0.is_nan()) else {
        check.pass_over("tests without a p-value");
        return;
    };
    let alpha = event.context.as_ref().and_then(|context| {
        ALPHA.iter().find_map(|name| match context.0.get(*name)? {
            Datum::Float(alpha) => Some(alpha.0),
            Datum::Int(alpha) => Some(*alpha as f64),
            _ => None,
        })
    });
    let Some(alpha) = alpha else {
        check.pass_over("tests that do not name their alpha");
        return;
    };
    // Whether a p-value of just alpha rejects, conventions differ.
    let holds = match event.decision {
        TestDecision::Reject => p <= alpha,
        TestDecision::FailToReject => p >= alpha,
    };
    check.examine(holds, || {
        format!(
            "{} ({}) says {} with p {p} at alpha {alpha}, at {}",
            event.hypothesis_id,
            event.test_name,
            event.decision.as_str(),
            test.place
        )
    });
}
