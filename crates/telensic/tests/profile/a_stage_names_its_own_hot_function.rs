//! Each stage has a flamegraph, in which the functions are that were busy in it: on whatever thread, and in no other's.

use telensic::{Run, attach, current_context, spans};

use crate::busy::{A_WHILE, price_options, sort_orders};
use crate::profiled::{profiled, samples_in};
use crate::support::is_child;

#[test]
#[ignore = "the child of the tests below"]
fn two_stages() {
    if !is_child() {
        return;
    }
    let run = Run::start("nightly").unwrap();
    {
        let _stage = spans::run_stage("pricing").entered();
        let _step = spans::run_step("simulate", true).entered();
        price_options(A_WHILE);
    }
    {
        let _stage = spans::run_stage("routing").entered();
        let context = current_context();
        let other = std::thread::Builder::new().name("router".into()).spawn(move || {
            let _attached = attach(context);
            sort_orders(A_WHILE);
        });
        other.unwrap().join().unwrap();
    }
    run.finish().unwrap();
}

const TWO_STAGES: &str = "a_stage_names_its_own_hot_function::two_stages";

#[test]
fn the_flamegraph_of_a_stage_has_its_hot_function_and_not_the_others() {
    let done = profiled(TWO_STAGES);
    let (entry, pricing) = done.stage("pricing");
    assert!(pricing.contains("price_options"), "{pricing}");
    assert!(!pricing.contains("sort_orders"), "{pricing}");
    assert!(entry.samples > 10, "{entry:?}");
    let (_, routing) = done.stage("routing");
    assert!(routing.contains("sort_orders"), "{routing}");
    assert!(!routing.contains("price_options"), "{routing}");
    assert!(
        done.said.is_empty() || !done.said.contains("profile"),
        "{}",
        done.said
    );
}

#[test]
fn a_sample_knows_the_innermost_span_its_stage_and_its_thread() {
    let done = profiled(TWO_STAGES);
    let profile = &done.profiles()[0];
    let in_pricing: Vec<_> = profile.stacks_of("pricing").collect();
    assert!(in_pricing.iter().all(|stack| stack.span.is_some()));
    assert!(profile.stacks_of("routing").any(|stack| stack.thread == "router"));
    // Whatever was seen in the function was seen in its stage.
    assert_eq!(samples_in(profile, "price_options"), {
        let has_it = |names: Vec<String>| names.iter().any(|name| name.contains("price_options"));
        let seen = profile
            .stacks_of("pricing")
            .filter(|stack| has_it(profile.names(stack)));
        seen.map(|stack| stack.samples).sum::<u64>()
    });
}

#[test]
fn the_run_is_sealed_with_its_profiles_and_lists_them() {
    let done = profiled(TWO_STAGES);
    let seal = std::fs::read_to_string(done.run.seal()).unwrap();
    let index = done.index();
    // One process, drawn and for pprof, and two stages.
    assert_eq!(index.len(), 4, "{index:#?}");
    for entry in &index {
        assert!(
            seal.contains(&format!("profiles/{}", entry.file)),
            "{}",
            entry.file
        );
    }
    assert!(seal.contains("profiles/INDEX.json"));
    let whole = index.iter().find(|entry| entry.stage.is_none()).unwrap();
    let stem = whole.file.strip_suffix(".svg").unwrap();
    let (package, time) = stem.split_at(stem.len() - "-20261121-093000".len());
    assert_eq!(package, whole.package);
    assert!(
        time[1..]
            .chars()
            .all(|character| character == '-' || character.is_ascii_digit()),
        "{time}"
    );
    let drawing = std::fs::read_to_string(done.run.profiles().join(&whole.file)).unwrap();
    assert!(drawing.contains("price_options") && drawing.contains("sort_orders"));
    assert!(
        !drawing.contains("http://") || drawing.matches("http").count() == 1,
        "only the name of the format"
    );
}
