//! Limits, and values that are awkward: what is cut is counted, and nothing of it breaks a record or a line.

use telensic::context::Context;
use telensic::{Key, Severity, Value, current_context, event, log, root_span, span};

use crate::support::{Dir, Val, child, is_child, lines, read, recorded, succeed};

fn run(scenario: &str) -> crate::support::Read {
    recorded(&format!("what_is_cut_is_counted::{scenario}"))
}

#[test]
fn attributes_events_links_and_characters_have_their_limits() {
    let read = run("goes_beyond_every_limit");
    let full = read.span("full");
    assert_eq!(
        (full.attributes.len(), full.events.len(), full.links.len()),
        (128, 128, 128)
    );
    assert_eq!(full.dropped, [72, 22, 2]);
    // Of those that are kept, the first came first; a key that is there can still be replaced.
    assert_eq!(full.int("key 0"), 0);
    assert_eq!(full.int("key 127"), 1_000_127);
    assert_eq!(full.get("key 128"), None);
    assert_eq!(full.events[127].name, "event 127");
    assert_eq!(full.events[5].attributes.len(), 128);
    assert_eq!(full.links[7].2, 128);
    let just = read.span("just full");
    assert_eq!((just.attributes.len(), just.dropped), (128, [0, 0, 0]));
    let log = read.log("full");
    // The thread's id is ours, not one of the user's.
    assert_eq!((log.attributes.len(), log.dropped), (129, 72));

    let texts = read.span("texts");
    assert_eq!(texts.get("ascii"), Some(&Val::Str("a".repeat(1024))));
    assert_eq!(texts.get("wide"), Some(&Val::Str("\u{20ac}".repeat(1024))));
    assert_eq!(texts.get("wider"), Some(&Val::Str("\u{1f600}".repeat(1024))));
    assert_eq!(texts.get("exact"), Some(&Val::Str("\u{e9}".repeat(1024))));
    assert_eq!(
        texts.get("list"),
        Some(&Val::List(vec![Val::Str("b".repeat(1024)), "short".into()]))
    );
    let event = &texts.events[0];
    assert_eq!(event.get("text"), Some(&Val::Str("c".repeat(1024))));
    assert_eq!(read.log("texts").get("text"), Some(&Val::Str("d".repeat(1024))));
}

#[test]
#[ignore = "the child of the test above"]
fn goes_beyond_every_limit() {
    if !is_child() {
        return;
    }
    let _guard = telensic::Builder::new("limits").log_files(false).init();
    let keys: Vec<String> = (0..200).map(|number| format!("key {number}")).collect();
    let mut full = span("full");
    for (number, key) in keys.iter().enumerate() {
        full.set(key, number as i64);
    }
    full.set(&keys[127], 1_000_127);
    for number in 0..150 {
        full.event_with(&format!("event {number}"), |event| {
            for key in &keys {
                event.set(key, 1);
            }
        });
    }
    let other = root_span("other").context();
    for _ in 0..130 {
        full.link_with(&other, |link| {
            for key in &keys {
                link.set(key, 1);
            }
        });
    }
    // A link to nothing is none.
    full.link(&Context::new());
    full.end();
    let mut just = span("just full");
    for key in &keys[..128] {
        just.set(key, true);
    }
    just.set(&keys[0], false);
    just.end();
    let mut record = log(Severity::Info, "full");
    for key in &keys {
        record.set(key, 1);
    }
    record.emit();
    let long = |text: &str, times: usize| text.repeat(times);
    let (ascii, exact) = (long("a", 5_000), long("\u{e9}", 1024));
    let (wide, wider) = (long("\u{20ac}", 1025), long("\u{1f600}", 3_000));
    let list = [long("b", 2_000), "short".to_owned()];
    let mut texts = span("texts")
        .with("ascii", &ascii)
        .with("wide", &wide)
        .with("wider", &wider)
        .with("exact", &exact)
        .with("list", &list[..]);
    texts.event_with("event", |event| {
        event.set("text", &long("c", 1025));
    });
    texts.end();
    log(Severity::Info, "texts").with("text", &long("d", 1025)).emit();
}

#[test]
fn the_last_value_of_a_key_is_the_only_one() {
    let read = run("sets_keys_again");
    let span = read.span("again");
    assert_eq!(span.attributes.len(), 4);
    assert_eq!(span.get("a"), Some(&Val::Str("third".into())));
    assert_eq!(span.get("b"), Some(&Val::F64(2.5)));
    assert_eq!(span.get("c"), Some(&Val::Bool(true)));
    assert_eq!(span.events[0].attributes, [("k".to_owned(), Val::I64(2))]);
    // One of those that the recorder sets itself.
    let log = read.log("again");
    assert_eq!(log.int("a"), 2);
    assert_eq!(log.get("thread.id"), Some(&Val::Str("mine".into())));
    // Two hundred keys, set three times each in another order.
    let many = read.span("many");
    assert_eq!((many.attributes.len(), many.dropped), (100, [0, 0, 0]));
    for number in 0..100 {
        assert_eq!(many.int(&format!("key {number}")), number * 3);
    }
}

#[test]
#[ignore = "the child of the test above"]
fn sets_keys_again() {
    if !is_child() {
        return;
    }
    const A: Key<'static> = Key::new("a");
    let _guard = telensic::Builder::new("again").log_files(false).init();
    let mut again = span("again").with("a", 1).with("b", "x").with("c", 7);
    again.set(A, "second, which is longer than the first was by far");
    again.set("c", true);
    again.event_with("event", |event| {
        event.set("k", "text").set("k", 2);
    });
    again.set(&"a".to_owned(), "third");
    again.set("b", 2.5);
    again.set("d", 4);
    again.end();
    log(Severity::Info, "again")
        .with("a", 1)
        .with("thread.id", "mine")
        .with(A, 2)
        .emit();
    let mut many = span("many");
    for times in 1..=3 {
        for step in 0..100i64 {
            let number = (step * 37) % 100;
            many.set(&format!("key {number}"), number * times);
        }
    }
    many.end();
}

#[test]
fn awkward_values_break_neither_a_record_nor_a_line() {
    let dir = Dir::new();
    succeed(&mut child(&dir, "what_is_cut_is_counted::says_awkward_things"));
    let read = read(dir.path());
    let lines = lines(&dir.path().join("logs"));
    assert_eq!(lines.len(), read.logs.len());

    let big: &str = &"z\u{20ac}\n\"\\".repeat(BIG / 7);
    let found: Vec<_> = read
        .logs
        .iter()
        .filter(|log| log.body == Val::from(big))
        .collect();
    assert_eq!(found.len(), 1, "ten megabytes are on the tape as they were");
    let line = lines
        .iter()
        .find(|line| line["msg"].as_str().is_some_and(|text| text.len() > 1000))
        .unwrap();
    assert_eq!(line["msg"], big);

    let span = read.spans.iter().find(|span| span.name.len() >= 1 << 20).unwrap();
    assert_eq!(span.name, "n".repeat(1 << 20));
    assert_eq!(read.span("renamed").parent, Some(span.id));
    let odd = read.span("odd keys");
    assert_eq!(odd.get(""), Some(&Val::from("empty")));
    assert_eq!(odd.get("nul\0key"), Some(&Val::from("a\0b")));
    assert_eq!(odd.get(&"k".repeat(100_000)), Some(&Val::I64(1)));
    let Some(Val::F64(nan)) = odd.get("nan") else {
        panic!("{odd:?}")
    };
    assert!(nan.is_nan());
    assert_eq!(odd.get("infinite"), Some(&Val::F64(f64::NEG_INFINITY)));
    assert_eq!(odd.get("empty list"), Some(&Val::List(vec![])));
    assert_eq!(odd.get("bytes"), Some(&Val::Bytes(vec![0, 255, 254])));
    assert_eq!(read.named("").len(), 1);

    let line = lines.iter().find(|line| line["msg"] == "odd").unwrap();
    let context = line["context"].as_object().unwrap();
    assert_eq!(context[""], "empty");
    assert_eq!(context["nul\0key"], "a\0b\u{1}\u{7f}\u{2028}");
    assert!(
        context["nan"].is_null() || context["nan"].is_string(),
        "{context:?}"
    );
    assert_eq!(
        read.logs.iter().filter(|log| log.event_name == "typed").count(),
        1
    );
    let deep = read.log("deep");
    let mut value = deep.get("deep").unwrap();
    let mut depth = 0;
    while let Val::List(items) = value {
        depth += 1;
        let Some(inner) = items.first() else { break };
        value = inner;
    }
    assert_eq!(depth, 33, "of 50 lists as many as every protobuf library decodes");
}

const BIG: usize = 10_000_000;

#[test]
#[ignore = "the child of the test above"]
fn says_awkward_things() {
    if !is_child() {
        return;
    }
    let logs = std::path::Path::new(&crate::support::given("TELENSIC_DIR")).join("logs");
    let whole = telensic::LogFilesOptions::new(logs).rotate_at(None);
    let _guard = telensic::Builder::new("awkward").log_file_options(whole).init();
    log(Severity::Info, &"z\u{20ac}\n\"\\".repeat(BIG / 7)).emit();
    let name = span(&"n".repeat(1 << 20)).entered();
    let mut renamed = span("first name");
    renamed.set_name("renamed");
    renamed.end();
    drop(name);
    span("odd keys")
        .with("", "empty")
        .with("nul\0key", "a\0b")
        .with(&"k".repeat(100_000), 1)
        .with("nan", f64::NAN)
        .with("infinite", f64::NEG_INFINITY)
        .with("empty list", &[] as &[i64])
        .with("bytes", Value::Bytes(&[0, 255, 254]))
        .end();
    span("").end();
    log(Severity::Info, "odd")
        .with("", "empty")
        .with("nul\0key", "a\0b\u{1}\u{7f}\u{2028}")
        .with("nan", f64::NAN)
        .with("bytes", Value::Bytes(&[0, 255, 254]))
        .emit();
    event("typed").with("numbers", &[1i64, 2, 3][..]).emit();
    log(Severity::Info, "").emit();
    fn deeper(depth: u32, value: Value<'_>) {
        if depth == 0 {
            log(Severity::Info, "deep").with("deep", value).emit();
        } else {
            deeper(depth - 1, Value::List(&[value]));
        }
    }
    deeper(50, Value::I64(1));
    assert!(current_context().is_empty());
}

#[test]
fn limits_can_be_set_by_the_environment() {
    let dir = Dir::new();
    succeed(
        child(&dir, "what_is_cut_is_counted::goes_beyond_every_limit")
            .env("OTEL_ATTRIBUTE_COUNT_LIMIT", "10")
            .env("OTEL_SPAN_EVENT_COUNT_LIMIT", "3")
            .env("OTEL_SPAN_LINK_COUNT_LIMIT", "0")
            .env("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "2")
            .env("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "7"),
    );
    let read = read(dir.path());
    let full = read.span("full");
    assert_eq!(
        (full.attributes.len(), full.events.len(), full.links.len()),
        (10, 3, 0)
    );
    // The key that was set again is among those that were left out, once more.
    assert_eq!(full.dropped, [191, 147, 130]);
    assert_eq!(full.events[0].attributes.len(), 2);
    assert_eq!(
        read.span("texts").get("wider"),
        Some(&Val::Str("\u{1f600}".repeat(7)))
    );
    assert_eq!(read.log("texts").get("text"), Some(&Val::from("ddddddd")));
    let log = read.log("full");
    assert_eq!((log.attributes.len(), log.dropped), (11, 190));
}
