use std::collections::{BTreeMap, HashMap};

use super::super::{EnvCarrier, Extractor, Injector, Propagators};
use super::extract;

#[test]
fn every_map_finds_names_in_any_case_and_keeps_one_value_when_set() {
    fn check<C: Default + Extractor + Injector>() {
        let mut carrier = C::default();
        carrier.set("TraceParent", "old".into());
        carrier.set("other", "x".into());
        carrier.set("traceparent", "new".into());
        assert_eq!(carrier.get("TRACEPARENT").as_deref(), Some("new"));
        assert_eq!(carrier.get_all("traceParent"), ["new"]);
        assert_eq!(carrier.get_all("absent").len(), 0);
        assert_eq!(carrier.get("absent"), None);
    }
    check::<HashMap<String, String>>();
    check::<BTreeMap<String, String>>();
    check::<Vec<(String, String)>>();
    check::<EnvCarrier>();
}

#[test]
fn all_values_of_a_name_come_in_order() {
    let pairs = [("a", "1"), ("b", "2"), ("A", "3")];
    assert_eq!(pairs.get_all("a"), ["1", "3"]);
    assert_eq!(pairs[..].get_all("a"), ["1", "3"]);
    assert_eq!(pairs.to_vec().get_all("a"), ["1", "3"]);
    let map: HashMap<String, String> = pairs
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    assert_eq!(map.get_all("a"), ["3", "1"]);
    let map: BTreeMap<String, String> = map.into_iter().collect();
    assert_eq!(map.get_all("a"), ["3", "1"]);
}

#[test]
fn a_context_reaches_a_child_process_through_its_environment() {
    let parent = "00-12345678901234567890123456789012-1234567890123456-01";
    let sent = extract(&[
        ("traceparent", parent),
        ("tracestate", "foo=1"),
        ("baggage", "run_id=r-1"),
    ]);
    let mut carrier = EnvCarrier::new();
    Propagators::default().inject(&sent, &mut carrier);
    let variables: Vec<(String, String)> = carrier.into_iter().collect();
    let names: Vec<&str> = variables.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["BAGGAGE", "TRACEPARENT", "TRACESTATE"]);
    assert_eq!(
        Propagators::default().extract(&EnvCarrier::from_vars(variables)),
        sent
    );
}

#[test]
fn only_names_in_the_form_of_environment_carriers_are_read() {
    let carrier = EnvCarrier::from_vars([
        ("traceparent", "a"),
        ("TRACEPARENT", "b"),
        ("BAGGAGE", ""),
        ("X-B3", "c"),
    ]);
    assert_eq!(
        carrier.iter().collect::<Vec<_>>(),
        [(&"TRACEPARENT".to_owned(), &"b".to_owned())]
    );
    let mut carrier = EnvCarrier::new();
    for key in ["x-b3-traceid", "1st", "", "h\u{e9}"] {
        carrier.set(key, key.to_owned());
    }
    let names: Vec<&String> = carrier.iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["H_", "X_B3_TRACEID", "_", "_1ST"]);
}

#[test]
fn the_process_environment_is_read_without_error() {
    // What it holds is not ours to set: changing a process's environment is unsafe.
    let held = std::env::var("TRACEPARENT")
        .ok()
        .filter(|value| !value.is_empty());
    assert_eq!(
        EnvCarrier::from_process().get("traceparent").as_deref(),
        held.as_deref()
    );
}
