//! Scenario: a user registers schemas for events of their own.
//! Guarantees: they are heeded like the standard ones; one that cannot be used is refused with a line that says why.

use std::fs;

use serde_json::json;
use telensic_run::RunErrorKind;
use telensic_run::event::Schemas;

#[test]
fn an_own_event_is_checked_by_all_that_the_draft_offers() {
    let mut schemas = Schemas::standard();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "symbol": { "$ref": "#/$defs/symbol" },
            "legs": { "prefixItems": [{ "$ref": "#/$defs/symbol" }], "items": false },
        },
        "$defs": { "symbol": { "type": "string", "pattern": "^(?!X)[A-Z]{2,8}$" } },
        "dependentRequired": { "legs": ["symbol"] },
        "unevaluatedProperties": false,
    });
    schemas.register("quote.stale", schema.clone()).unwrap();
    assert!(schemas.knows("quote.stale"));
    assert_eq!(schemas.schema("quote.stale"), Some(schema));

    let check = |fields| {
        schemas
            .check("quote.stale", &fields)
            .map_err(|misfit| misfit.path().to_owned())
    };
    assert_eq!(check(json!({ "symbol": "BTC", "legs": ["ETH"] })), Ok(()));
    assert_eq!(check(json!({ "symbol": "XRP" })), Err("/symbol".to_owned()));
    assert_eq!(
        check(json!({ "symbol": "BTC", "legs": ["ETH", "SOL"] })),
        Err("/legs/1".to_owned())
    );
    assert_eq!(check(json!({ "legs": ["ETH"] })), Err(String::new()));
    assert_eq!(check(json!({ "other": 1 })), Err(String::new()));
}

#[test]
fn what_is_no_schema_is_refused_with_one_line() {
    let refused = |schema, wanted: &[&str]| {
        let mut schemas = Schemas::standard();
        let error = schemas.register("my.event", schema).unwrap_err();
        assert_eq!(error.kind(), RunErrorKind::Invalid);
        let line = error.to_string();
        assert!(!line.contains('\n') && !line.ends_with('.'), "{line}");
        for part in ["my.event"].iter().chain(wanted) {
            assert!(line.contains(part), "{part:?} in {line}");
        }
        assert!(!schemas.knows("my.event"));
    };
    refused(json!({ "type": "text" }), &["/type"]);
    refused(json!([]), &["the schema"]);
    refused(
        json!({ "properties": { "a": { "pattern": "(" } } }),
        &["/properties/a/pattern"],
    );
    refused(json!({ "$ref": "#/$defs/missing" }), &["missing"]);
    refused(
        json!({ "$schema": "http://json-schema.org/draft-07/schema#" }),
        &["draft-07", "2020-12"],
    );
}

#[test]
fn nothing_is_fetched_for_a_schema() {
    let dir = tempfile::tempdir().unwrap();
    let there = dir.path().join("there.json");
    fs::write(&there, "{}").unwrap();
    for reference in [
        "http://127.0.0.1:9/a.json".to_owned(),
        format!("file://{}", there.display()),
    ] {
        let refused = Schemas::standard().register("my.event", json!({ "$ref": reference }));
        assert!(refused.unwrap_err().to_string().contains("my.event"));
    }
}

#[test]
fn a_schema_that_refers_to_itself_ends_no_process() {
    for schema in [json!({ "$ref": "#" }), json!({ "allOf": [{ "$ref": "#" }] })] {
        let mut schemas = Schemas::standard();
        if schemas.register("my.event", schema).is_ok() {
            // Whatever the answer: there is one.
            let _ = schemas.check("my.event", &json!({ "a": 1 }));
        }
    }
    let mut schemas = Schemas::standard();
    let tree = json!({ "type": "object", "additionalProperties": { "$ref": "#" } });
    schemas.register("my.tree", tree).unwrap();
    assert_eq!(schemas.check("my.tree", &json!({ "a": { "b": {} } })), Ok(()));
    let misfit = schemas.check("my.tree", &json!({ "a": { "b": 1 } })).unwrap_err();
    assert_eq!(misfit.path(), "/a/b");
}

#[test]
fn a_standard_event_keeps_its_schema() {
    let mut schemas = Schemas::standard();
    let error = schemas.register("data.load", json!({})).unwrap_err();
    assert!(error.to_string().contains("rename the event"), "{error}");
    let same = schemas.schema("data.load").unwrap();
    schemas.register("data.load", same).unwrap();
}

#[test]
fn a_directory_of_schemas_is_taken_and_a_bad_file_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("quote.stale.json"), r#"{"required": ["symbol"]}"#).unwrap();
    fs::write(dir.path().join("README.md"), "no schema").unwrap();
    let mut schemas = Schemas::standard();
    assert_eq!(schemas.register_directory(dir.path()).unwrap(), 1);
    assert!(schemas.check("quote.stale", &json!({})).is_err());

    fs::write(dir.path().join("torn.json"), r#"{"required": ["#).unwrap();
    let line = Schemas::standard()
        .register_directory(dir.path())
        .unwrap_err()
        .to_string();
    assert!(line.contains("torn.json") && !line.contains('\n'), "{line}");
    let missing = Schemas::standard()
        .register_directory(&dir.path().join("none"))
        .unwrap_err();
    assert!(missing.is_missing_file());
}
