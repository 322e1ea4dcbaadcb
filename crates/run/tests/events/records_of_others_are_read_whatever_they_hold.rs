//! Scenario: log records that other programs made, well or badly.
//! Guarantees: what can be read is read, nothing is invented, nothing panics.

use proptest::prelude::*;
use serde_json::json;
use telensic_run::event::{DataLoad, EventRecord};
use telensic_tape::Value;
use telensic_tape::otlp::{self, LogView, field};

use crate::support::{encoded_by, read};

#[test]
fn a_plain_log_record_is_no_event() {
    let record = encoded_by("", |_| {});
    assert_eq!(EventRecord::of(&LogView::parse(&record).unwrap()), Ok(None));
}

#[test]
fn every_kind_of_value_has_its_form_in_json() {
    let record = encoded_by("their.event", |put| {
        put("bytes", Value::Bytes(&[0, 255, 16]));
        put("floats", Value::F64s(&[1.5, f64::NAN, f64::NEG_INFINITY]));
        put("least", Value::I64(i64::MIN));
        put(
            "map",
            Value::Map(&[("a", Value::Bool(true)), ("b", Value::List(&[]))]),
        );
        put("twice", Value::I64(1));
        put("twice", Value::I64(2));
    });
    assert_eq!(
        read(&record).fields,
        json!({
            "bytes": "AP8Q",
            "floats": [1.5, "NaN", "-Infinity"],
            "least": i64::MIN,
            "map": { "a": true, "b": [] },
            "twice": 2,
        })
    );
}

#[test]
fn a_body_is_kept() {
    let mut record = encoded_by("their.event", |_| {});
    Value::Map(&[("price", Value::F64(1.0))]).put(&mut record, field::log::BODY);
    assert_eq!(read(&record).body, Some(json!({ "price": 1.0 })));
}

#[test]
fn what_nests_without_end_is_cut_and_the_rest_is_read() {
    let mut any = Vec::new();
    otlp::put_any(&mut any, Value::Bool(true));
    for _ in 0..10_000 {
        let mut outer = Vec::new();
        otlp::put_message(&mut outer, field::any::ARRAY, |list| {
            otlp::put_bytes(list, 1, &any)
        });
        any = outer;
    }
    let mut record = encoded_by("their.event", |put| put("before", Value::Bool(true)));
    otlp::put_encoded(&mut record, field::log::ATTRIBUTE, "deep", &any);
    otlp::put_attribute(&mut record, field::log::ATTRIBUTE, "after", Value::Bool(true));
    let event = read(&record);
    let text = serde_json::to_string(&event.fields).unwrap();
    assert!(text.contains("[NESTED TOO DEEP]"), "{text}");
    assert_eq!(event.fields["after"], true);
    let back: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(back, event.fields);
}

#[test]
fn an_event_is_read_as_its_own_type_only() {
    let event = read(&encoded_by("data.loaded", |put| {
        put("source_path", Value::Str("a"))
    }));
    assert!(
        event
            .parse::<DataLoad>()
            .unwrap_err()
            .to_string()
            .contains("data.load")
    );
    let event = read(&encoded_by("data.load", |put| {
        put("source_path", Value::Map(&[("key", Value::Str("a secret"))]));
    }));
    let misfit = event.parse::<DataLoad>().unwrap_err();
    assert_eq!(
        misfit.to_string(),
        "/source_path: the value is not of type \"string\""
    );
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut record = encoded_by("data.load", |put| put("source_path", Value::Str("a")));
        let whole = record.len();
        record.extend_from_slice(&bytes);
        for end in [whole / 2, record.len()] {
            if let Ok(log) = LogView::parse(&record[..end])
                && let Ok(Some(event)) = EventRecord::of(&log)
            {
                let _ = event.parse::<DataLoad>();
            }
        }
    }
}
