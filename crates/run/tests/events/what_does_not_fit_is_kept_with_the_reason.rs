//! Scenario: events in free form, some of which do not fit the schema of their type.
//! Guarantees: the reason names the field and what was expected of it, never the value; the event itself is kept.

use serde_json::{Value, json};
use telensic_run::event::{EventInvalid, Schemas};

use crate::support::{encoded, read};

fn misfit(name: &str, fields: Value) -> String {
    match Schemas::standard().check(name, &fields) {
        Ok(()) => "fits".to_owned(),
        Err(misfit) => misfit.to_string(),
    }
}

#[test]
fn the_reason_says_which_field_and_what_was_expected() {
    let epoch = |extra: Value| {
        let mut fields = json!({ "epoch_index": 1, "bar_index": 2, "excess_gain": 0.5, "excess_loss": 0 });
        for (name, value) in extra.as_object().unwrap() {
            fields[name] = value.clone();
        }
        misfit("epoch_detected", fields)
    };
    assert_eq!(epoch(json!({ "anything": ["more"] })), "fits");
    assert_eq!(
        epoch(json!({ "excess_loss": "NaN", "timestamp": "2026-01-25" })),
        "fits"
    );
    assert_eq!(
        epoch(json!({ "epoch_index": 1.5 })),
        "/epoch_index: the value is not of types \"integer\", \"string\""
    );
    assert_eq!(
        epoch(json!({ "bar_index": -1 })),
        "/bar_index: the value is less than the minimum of 0"
    );
    assert_eq!(
        epoch(json!({ "position_type": "sideways" })),
        "/position_type: the value is not one of \"bull\", \"bear\" or null"
    );
    assert_eq!(
        epoch(json!({ "timestamp": "2026-02-30" })),
        "no time from 1677 to 2262 of the form 2026-01-25T12:00:00.123Z"
    );
    assert_eq!(
        epoch(json!({ "bar_index": 1e300 })),
        format!(
            "/bar_index: the value is greater than the maximum of {}",
            u64::MAX
        )
    );
    assert_eq!(epoch(json!({ "bar_index": 5.0 })), "fits");
    assert_eq!(
        epoch(json!({ "bar_index": "18446744073709551616" })),
        "no integer from 0 to 18446744073709551615"
    );
    assert_eq!(
        misfit("epoch_detected", json!({ "epoch_index": 1 })),
        "\"bar_index\" is a required property"
    );
    assert_eq!(
        misfit("data.load", json!([1])),
        "the value is not of type \"object\""
    );
    let nested = json!({
        "decision_id": "d", "timestamp_ns": 1, "features_at_decision": { "tmaeg": "high" }
    });
    assert!(
        misfit("decision.snapshot", nested).starts_with("/features_at_decision/tmaeg: "),
        "a pointer leads into what is nested"
    );
}

#[test]
fn no_value_is_quoted_in_a_reason() {
    let secret = "sk_live_0123456789abcdef";
    for (name, fields) in [
        ("data.load", json!({ "source_path": { "password": secret } })),
        (
            "data.load",
            json!({ "source_path": "a", "schema": { "close": [secret] } }),
        ),
        ("data.load", json!({ "source_path": "a", "as_of": secret })),
        ("audit.intent", json!({ "step": "a", "params": secret })),
        (
            "algorithm.init",
            json!({ "algorithm_name": "a", "version": "1", "random_seed": secret }),
        ),
        (
            "pnl.figure",
            json!({ "pnl_id": "p", "amount": secret, "currency": "EUR" }),
        ),
        ("data.load", json!(secret)),
    ] {
        let reason = misfit(name, fields);
        assert!(!reason.contains("0123456789") && reason != "fits", "{reason}");
    }
}

#[test]
fn a_null_p_value_fits_and_so_does_none() {
    let test = json!({ "hypothesis_id": "h", "test_name": "t", "statistic": 1, "decision": "reject" });
    assert_eq!(misfit("hypothesis_result", test.clone()), "fits");
    let mut with_null = test;
    with_null["p_value"] = Value::Null;
    assert_eq!(misfit("hypothesis_result", with_null), "fits");
}

#[test]
fn an_event_without_a_schema_is_free() {
    assert_eq!(misfit("my.event", json!({ "anything": [null] })), "fits");
}

#[test]
fn what_does_not_fit_is_kept_whole() {
    let schemas = Schemas::standard();
    let fields = json!({ "source_path": 7, "row_count": 3, "nested": { "nan": "NaN", "list": [1, "a"] } });
    let misfit = schemas.check("data.load", &fields).unwrap_err();
    let members = fields.as_object().unwrap().clone();
    let record = read(&encoded(&EventInvalid::of("data.load", &misfit, members)));

    assert_eq!(schemas.check("event.invalid", &record.fields), Ok(()));
    assert_eq!(
        record.fields,
        json!({
            "event_name": "data.load",
            "path": "/source_path",
            "reason": "the value is not of type \"string\"",
            "fields": fields,
        })
    );
}
