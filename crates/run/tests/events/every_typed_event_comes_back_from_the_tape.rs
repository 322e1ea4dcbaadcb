//! Scenario: events of every type, with any content that their types allow, are encoded as OTLP and read again.
//! Guarantees: each fits its own schema, and comes back equal, through bytes and through JSON text.

use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use serde::Deserialize;
use telensic_run::event::*;
use telensic_tape::otlp;
use telensic_tape::{Clock, Signal, Tape, TapeOptions, TapeWriter};

use crate::support::{TIME, Visit, draws, encoded, read, span_id, trace_id};

static SCHEMAS: LazyLock<Schemas> = LazyLock::new(Schemas::standard);

#[derive(Default)]
struct RoundTrip(Vec<&'static str>);

impl Visit for RoundTrip {
    fn event<E: Event + Clone + PartialEq + std::fmt::Debug>(&mut self, event: E) {
        self.0.push(E::NAME);
        let record = read(&encoded(&event));
        assert_eq!(
            (record.time.0, record.trace_id, record.span_id),
            (TIME, Some(trace_id()), Some(span_id()))
        );
        assert_eq!(record.parse::<E>().unwrap(), event);
        assert_eq!(SCHEMAS.check(E::NAME, &record.fields), Ok(()), "{event:?}");

        // Past the tape: what serde makes of it fits as well and is the same event.
        let direct = serde_json::to_value(&event).unwrap();
        assert_eq!(SCHEMAS.check(E::NAME, &direct), Ok(()), "{event:?}");
        let text = serde_json::to_string(&record.fields).unwrap();
        let fields: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(fields, record.fields);
        assert_eq!(E::deserialize(&fields).unwrap(), event);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_event_comes_back_equal_and_fits_its_schema(mut draw in draws()) {
        let mut seen = RoundTrip::default();
        draw.every_event(&mut seen);
        let mut names: Vec<_> = SCHEMAS.names().collect();
        seen.0.sort_unstable();
        names.sort_unstable();
        prop_assert_eq!(seen.0, names);
    }
}

#[test]
fn what_json_has_no_number_for_comes_back_as_it_was() {
    for float in [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        -0.0,
        f64::MIN_POSITIVE,
        0.1 + 0.2,
    ] {
        let event = AlgorithmResult::new([("sharpe", float)]);
        let record = read(&encoded(&event));
        let line = serde_json::to_string(&record.fields).unwrap();
        let fields = serde_json::from_str::<serde_json::Value>(&line).unwrap();
        let back = AlgorithmResult::deserialize(&fields).unwrap();
        let Some(Datum::Float(Float(read))) = back.final_metrics.0.get("sharpe") else {
            panic!("{back:?}");
        };
        assert!(
            read.to_bits() == float.to_bits() || read.is_nan() && float.is_nan(),
            "{float} {line}"
        );
    }
}

#[test]
fn integers_are_exact_to_the_last_bit() {
    for seed in [0, (1 << 53) + 1, i64::MAX as u64, i64::MAX as u64 + 1, u64::MAX] {
        let event = AlgorithmInit::new("ith", "1")
            .random_seed(seed)
            .config([("seed", seed)]);
        let back = read(&encoded(&event)).parse::<AlgorithmInit>().unwrap();
        assert_eq!(back.random_seed, Some(Unsigned(seed)));
        assert_eq!(back, event);
    }
}

#[test]
fn a_null_member_is_as_none_and_keeps_its_place_in_a_list() {
    let config = Fields::from([
        ("depth", Datum::Null),
        ("list", Datum::List(vec![1.into(), Datum::Null])),
    ]);
    let record = read(&encoded(&AlgorithmInit::new("ith", "1").config(config)));
    assert_eq!(
        record.fields["config"],
        serde_json::json!({ "list": [1, "null"] })
    );
}

#[test]
fn a_feature_of_a_standard_name_cannot_take_its_place() {
    let features = FeaturesAtDecision::new().tmaeg(0.05).with("tmaeg", "high");
    let event = DecisionSnapshot::new("d-1", 7, features);
    let record = read(&encoded(&event));
    assert_eq!(record.parse::<DecisionSnapshot>().unwrap(), event);
    assert_eq!(
        record.fields["features_at_decision"],
        serde_json::json!({ "tmaeg": 0.05, "other.tmaeg": "high" })
    );
}

#[test]
fn an_event_with_ten_megabytes_and_control_characters_passes_through_a_real_tape() {
    let dir = tempfile::tempdir().unwrap();
    let text = "\u{0}\u{1b}[31m\"\\\u{7f}\u{2028}\u{10ffff}x".repeat(800_000);
    assert!(text.len() > 10_000_000);
    let event = DataLoad::new(text)
        .row_count(u64::MAX)
        .schema([("close", "f64"), ("\n", "\r\n")]);

    let (tape, clerk) = TapeWriter::create(TapeOptions::new(dir.path()));
    let mut scope = Vec::new();
    otlp::put_scope(&mut scope, "test", "");
    let mut lane = tape.lane(Signal::Logs, Arc::from(scope), true, 1);
    lane.append(&encoded(&event), Clock::get().now()).unwrap();
    drop(lane);
    let read_back = Tape::open(tape.path().unwrap()).unwrap();
    let mut found = Vec::new();
    for chunk in read_back.chunks() {
        let body = read_back.body(chunk).unwrap();
        for log in body.logs() {
            found.extend(EventRecord::of(&log.unwrap()).unwrap());
        }
    }
    clerk.close(&mut |_| {});
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].parse::<DataLoad>().unwrap(), event);
    let line = EventLine::new(found.remove(0), None, "host", 1, "test");
    let json = serde_json::to_string(&line).unwrap();
    assert!(
        json.bytes().all(|byte| byte >= b' '),
        "one line, every control character escaped"
    );
    assert_eq!(serde_json::from_str::<EventLine>(&json).unwrap(), line);
}
