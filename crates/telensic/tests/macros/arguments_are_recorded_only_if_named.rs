//! What is recorded of a call is what the attribute names, in the form that it names.

use std::cell::Cell;
use std::sync::Arc;

use telensic::{Sampler, Value, trace_span};

use crate::support::{Val, is_child, recorded};

#[derive(Clone, Copy, Debug)]
struct Side(bool);

impl std::fmt::Display for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0 { "long" } else { "short" })
    }
}

/// Made into a value when it is borrowed.
struct Symbol(String);

impl<'a> From<&'a Symbol> for Value<'a> {
    fn from(symbol: &'a Symbol) -> Self {
        Value::Str(&symbol.0)
    }
}

/// Made into a value when it is copied.
#[derive(Clone, Copy)]
struct Quantity(i64);

impl From<Quantity> for Value<'_> {
    fn from(quantity: Quantity) -> Self {
        Value::I64(quantity.0)
    }
}

struct Config {
    profile: String,
    limits: (u32, f64),
}

/// Neither printed nor made into a value.
struct Opaque;

#[trace_span]
fn silent(secret: &str, other: u64) -> usize {
    secret.len() + usize::try_from(other).unwrap()
}

#[expect(clippy::too_many_arguments, reason = "one of each kind")]
#[trace_span(
    "limit {config.limits.0} of {config.profile:?}",
    fields(
        text, owned, int, float, truth, some, none, by_pointer, list, symbol, quantity, %side, ?shown,
        config.profile,
        operation.id = owned.as_str(),
        "http.route" = "/quotes",
        sum = int + 1,
        spoken = %side,
        debugged = ?some,
        limit = config.limits.1,
    )
)]
fn every_form(
    text: &str,
    owned: String,
    int: u32,
    float: f32,
    truth: bool,
    some: Option<String>,
    none: Option<i64>,
    by_pointer: &Arc<str>,
    list: Vec<f64>,
    symbol: Symbol,
    quantity: Quantity,
    side: Side,
    shown: Side,
    config: &Config,
) -> String {
    drop((
        text, int, float, truth, some, none, by_pointer, list, symbol, quantity, side, shown,
    ));
    // Nothing was moved.
    owned + &config.profile
}

#[trace_span(args, skip(api_key, opaque), fields(side = %side))]
fn all_but(
    side: Side,
    other: Side,
    count: u64,
    mut names: Vec<String>,
    api_key: &str,
    opaque: Opaque,
) -> usize {
    let _ = opaque;
    names.push(api_key.to_owned());
    names.len() + usize::try_from(count).unwrap() + usize::from(side.0) + usize::from(other.0)
}

#[trace_span(args)]
fn secrets(password: &str, url: &str, api_key: &str) -> usize {
    password.len() + url.len() + api_key.len()
}

thread_local! {
    static ASKED: Cell<u32> = const { Cell::new(0) };
}

fn asked() -> u32 {
    ASKED.set(ASKED.get() + 1);
    ASKED.get()
}

#[trace_span("asked {name}", fields(asked = asked()))]
fn asks(name: u32) -> u32 {
    name
}

#[trace_span(ret)]
fn returns(truth: bool) -> Result<Vec<i64>, String> {
    if truth {
        Ok(vec![1, 2])
    } else {
        Err("no".to_owned())
    }
}

#[trace_span(ret)]
fn returns_text() -> &'static str {
    "text"
}

#[trace_span(ret)]
fn returns_nothing() {}

#[test]
fn each_attribute_has_its_key_and_its_type() {
    let read = recorded("arguments_are_recorded_only_if_named::names_arguments");
    assert_eq!(read.span("silent").attributes, []);

    let every = read.span("limit 5 of \"live\"");
    let text = |value: &str| Val::from(value);
    let expected = [
        ("text", text("a")),
        ("owned", text("b")),
        ("int", Val::I64(1)),
        ("float", Val::F64(0.5)),
        ("truth", Val::Bool(true)),
        ("some", text("c")),
        ("by_pointer", text("d")),
        ("symbol", text("BTCUSDT")),
        ("quantity", Val::I64(-3)),
        ("side", text("long")),
        ("shown", text("Side(false)")),
        ("config.profile", text("live")),
        ("operation.id", text("b")),
        ("http.route", text("/quotes")),
        ("sum", Val::I64(2)),
        ("spoken", text("long")),
        ("debugged", text("Some(\"c\")")),
        ("limit", Val::F64(2.5)),
    ];
    for (key, value) in &expected {
        assert_eq!(every.get(key), Some(value), "{key}");
    }
    // Lists are there too; the redactor decides in which form. Of what is not there nothing is said.
    assert!(every.get("list").is_some());
    assert_eq!(every.attributes.len(), expected.len() + 1);

    let all = read.span("all_but");
    let keys: Vec<&str> = all.attributes.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(keys, ["side", "other", "count", "names"]);
    assert_eq!(all.get("other"), Some(&text("Side(false)")));
    assert_eq!(all.get("side"), Some(&text("long")));

    let secrets = read.span("secrets");
    for (key, value) in &secrets.attributes {
        assert!(value.text().contains("REDACTED"), "{key}: {value:?}");
        assert!(!value.text().contains("hunter2"), "{key}: {value:?}");
    }

    assert!(read.named("returns")[0].get("return").is_some());
    assert_eq!(read.named("returns")[1].get("return"), None);
    assert_eq!(read.span("returns_text").get("return"), Some(&text("text")));
    assert_eq!(read.span("returns_nothing").attributes, []);
}

#[test]
#[ignore = "the child of the test above"]
fn names_arguments() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("arguments");
    silent("hunter2", 1);
    let config = Config {
        profile: "live".to_owned(),
        limits: (5, 2.5),
    };
    let owned = every_form(
        "a",
        "b".to_owned(),
        1,
        0.5,
        true,
        Some("c".to_owned()),
        None,
        &Arc::from("d"),
        vec![1.0],
        Symbol("BTCUSDT".to_owned()),
        Quantity(-3),
        Side(true),
        Side(false),
        &config,
    );
    assert_eq!(owned, "blive");
    assert_eq!(
        all_but(Side(true), Side(false), 1, Vec::new(), "hunter2", Opaque),
        3
    );
    secrets("hunter2", "postgres://user:hunter2@db/quotes", "hunter2");
    assert!(returns(true).is_ok() && returns(false).is_err());
    returns_text();
    returns_nothing();
}

#[test]
fn what_is_not_recorded_is_not_evaluated() {
    let read = recorded("arguments_are_recorded_only_if_named::records_nothing");
    assert_eq!(read.spans.len(), 0);
}

#[test]
#[ignore = "the child of the test above"]
fn records_nothing() {
    if !is_child() {
        return;
    }
    assert_eq!(asks(7), 7);
    let _guard = telensic::Builder::new("nothing")
        .sampler(Sampler::AlwaysOff)
        .init();
    assert_eq!(asks(7), 7);
    let _outer = telensic::span("of an unsampled trace").entered();
    assert_eq!(asks(7), 7);
    assert_eq!(ASKED.get(), 0);
}
