use proptest::collection::vec;
use proptest::prelude::*;
use telensic_tape::otlp::put_message;

use super::console_lines::Screen;
use super::*;
use crate::sink::{ConsoleForm, ConsoleSink, LogLayout};

const TELENSIC: &str = "ts level msg component package env host pid tid service trace_id span_id run_id \
                        provenance context exception";
const STANDARD: &str = "timestamp level message trace_id span_id run_id";
const OTEL: &str = "timestamp level message otelTraceID otelSpanID otelServiceName run_id";

/// Any value that can be on the wire, also one that is no value.
#[derive(Clone, Debug)]
enum Any {
    Empty,
    Text(String),
    Bool(bool),
    Int(i64),
    Float(f64),
    Bytes(Vec<u8>),
    List(Vec<Any>),
    Map(Vec<(String, Any)>),
    Garbage(Vec<u8>),
}

impl Any {
    fn put(&self, out: &mut Vec<u8>) {
        match self {
            Self::Empty => {}
            Self::Text(text) => put_bytes(out, field::any::STRING, text.as_bytes()),
            Self::Bool(truth) => put_varint_field(out, field::any::BOOL, u64::from(*truth)),
            Self::Int(int) => put_varint_field(out, field::any::INT, *int as u64),
            Self::Float(float) => put_fixed64(out, field::any::DOUBLE, float.to_bits()),
            Self::Bytes(bytes) => put_bytes(out, field::any::BYTES, bytes),
            Self::List(items) => put_message(out, field::any::ARRAY, |list| {
                for item in items {
                    put_message(list, 1, |any| item.put(any));
                }
            }),
            Self::Map(pairs) => put_message(out, field::any::KEY_VALUES, |map| {
                for (key, value) in pairs {
                    put_pair(map, 1, key, value);
                }
            }),
            Self::Garbage(bytes) => out.extend_from_slice(bytes),
        }
    }
}

fn put_pair(out: &mut Vec<u8>, number: u32, key: &str, value: &Any) {
    put_message(out, number, |pair| {
        put_bytes(pair, field::key_value::KEY, key.as_bytes());
        put_message(pair, field::key_value::VALUE, |any| value.put(any));
    });
}

fn weird_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "(?s).{0,12}",
        "[\\x00-\\x1f\"\\\\\u{7f}-\u{9f}\u{2028}\u{feff}]{0,12}"
    ]
}

fn key() -> impl Strategy<Value = String> {
    let own = [TELENSIC, STANDARD, OTEL].join(" ");
    let mut known: Vec<_> = own.split_whitespace().map(str::to_owned).collect();
    known.extend(known.clone().iter().map(|key| format!("context.{key}")));
    let special = "thread.id exception.type exception.message exception.stacktrace provenance.git_sha event_type \
                   provenance.random_seed dropped_attributes_count malformed_attributes_count [malformed]";
    known.extend(special.split_whitespace().map(str::to_owned));
    prop_oneof![proptest::sample::select(known), weird_text(), "[ab]"]
}

fn any() -> impl Strategy<Value = Any> {
    let leaf = prop_oneof![
        Just(Any::Empty),
        weird_text().prop_map(Any::Text),
        proptest::bool::ANY.prop_map(Any::Bool),
        proptest::num::i64::ANY.prop_map(Any::Int),
        proptest::num::u64::ANY.prop_map(|bits| Any::Float(f64::from_bits(bits))),
        proptest::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY]).prop_map(Any::Float),
        vec(proptest::num::u8::ANY, 0..9).prop_map(Any::Bytes),
        vec(proptest::num::u8::ANY, 0..9).prop_map(Any::Garbage),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Any::List),
            vec((key(), inner.clone()), 0..6).prop_map(Any::Map),
            (inner, 25..50usize).prop_map(|(inner, depth)| {
                (0..depth).fold(inner, |inner, at| match at % 2 {
                    0 => Any::List(vec![inner]),
                    _ => Any::Map(vec![("k".to_owned(), inner)]),
                })
            }),
        ]
    })
}

fn log() -> impl Strategy<Value = Vec<u8>> {
    let attributes = vec((key(), any()), 0..24);
    let dropped = 0..3u64;
    (
        any(),
        attributes,
        weird_text(),
        weird_text(),
        dropped,
        proptest::num::u64::ANY,
    )
        .prop_map(|(body, attributes, event, level, dropped, time)| {
            let mut log = Vec::new();
            put_fixed64(&mut log, field::log::TIME, time);
            put_bytes(&mut log, field::log::SEVERITY_TEXT, level.as_bytes());
            put_bytes(&mut log, field::log::EVENT_NAME, event.as_bytes());
            if !matches!(body, Any::Garbage(_)) {
                put_message(&mut log, field::log::BODY, |any| body.put(any));
            }
            for (key, value) in &attributes {
                put_pair(&mut log, field::log::ATTRIBUTE, key, value);
            }
            put_varint_field(&mut log, field::log::DROPPED_ATTRIBUTES, dropped);
            log
        })
}

fn line(form: ConsoleForm, scope: &str, log: &[u8]) -> String {
    let screen = Screen::default();
    let mut sink = ConsoleSink::to(
        Box::new(screen.clone()),
        form,
        origin(),
        Reports::default().callback(),
    );
    Log(log.to_vec()).to_scope(&mut sink, scope);
    sink.close();
    screen.text()
}

/// How many members the objects of this text have: the colons outside of strings.
fn members_written(line: &str) -> usize {
    let (mut in_text, mut escaped, mut colons) = (false, false, 0);
    for char in line.chars() {
        match char {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            ':' if !in_text => colons += 1,
            _ => {}
        }
    }
    colons
}

/// How many members are left once equal keys have become one.
fn members_read(json: &serde_json::Value) -> usize {
    match json {
        serde_json::Value::Array(items) => items.iter().map(members_read).sum(),
        serde_json::Value::Object(map) => map.values().map(|value| 1 + members_read(value)).sum(),
        _ => 0,
    }
}

/// Checks one line of a layout, and returns it read.
fn check(layout: LogLayout, scope: &str, log: &[u8]) -> serde_json::Map<String, serde_json::Value> {
    let line = line(ConsoleForm::Json(layout), scope, log);
    assert!(
        line.ends_with('\n') && line.matches('\n').count() == 1,
        "{line:?}"
    );
    let json: serde_json::Value =
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
    assert_eq!(members_written(&line), members_read(&json), "a key twice: {line}");
    let serde_json::Value::Object(object) = json else {
        panic!("no object: {line}");
    };
    let own: Vec<_> = match layout {
        LogLayout::Telensic => TELENSIC,
        LogLayout::Standard => STANDARD,
        LogLayout::Otel => OTEL,
    }
    .split_whitespace()
    .collect();
    assert!(own.iter().all(|key| object.contains_key(*key)), "{line}");
    assert!(
        layout != LogLayout::Telensic || object.len() == own.len(),
        "{line}"
    );
    object
}

proptest! {
    #[test]
    fn whatever_was_logged(log in log(), scope in weird_text()) {
        for layout in [LogLayout::Telensic, LogLayout::Standard, LogLayout::Otel] {
            check(layout, &scope, &log);
        }
        let human = line(ConsoleForm::Human { colours: false }, &scope, &log);
        prop_assert!(!human.contains(|char: char| char.is_control() && char != '\n'), "{:?}", human);
    }
}

#[test]
fn a_message_of_ten_megabytes_of_control_characters_is_a_line() {
    let message = "\x01".repeat(10 << 20);
    let object = check(LogLayout::Telensic, "s", &Log::at(0).body(message.as_str()).0);
    assert_eq!(object["msg"].as_str().map(str::len), Some(10 << 20));
}

#[test]
fn ten_thousand_attributes_keep_their_keys_apart() {
    let mut log = Log::at(0);
    for number in 0..20_000 {
        log = log.with(&format!("key-{}", number % 10_000), number);
    }
    let object = check(LogLayout::Telensic, "s", &log.0);
    let context = object["context"].as_object().unwrap();
    assert_eq!((context.len(), &context["key-7"]), (10_000, &7.into()));
}

#[test]
fn an_attribute_that_cannot_be_read_is_counted_and_the_others_stay() {
    let log = Log::at(0)
        .with("a", 1)
        .raw(field::log::ATTRIBUTE, b"\x0a\x02\xff\xfe")
        .with("b", 2);
    let object = check(LogLayout::Telensic, "s", &log.0);
    assert_eq!(
        object["context"],
        serde_json::json!({"a": 1, "b": 2, "malformed_attributes_count": 1})
    );
}

#[test]
fn a_body_that_is_no_text_becomes_its_text() {
    for (body, expected) in [
        (Value::I64(-3), "-3"),
        (Value::F64(f64::NAN), "NaN"),
        (Value::Strs(&["a\"b", "c"]), r#"["a\"b","c"]"#),
        (Value::Bytes(b"foo"), "Zm9v"),
    ] {
        assert_eq!(
            check(LogLayout::Standard, "s", &Log::at(0).body(body).0)["message"],
            expected
        );
    }
}
