//! Scenario: the files in `schemas/` are held against the types.
//! Guarantees: they are the very schemas that events are checked by, and valid JSON Schemas of draft 2020-12.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use telensic_run::event::{Schemas, schema_files};
use telensic_run::names;

const REGENERATE: &str = "run `cargo run -p telensic-run --example schemas` and look at what changed";

fn directory() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schemas")
}

#[test]
fn the_files_are_those_of_the_types() {
    let mut expected = BTreeSet::new();
    for (name, content) in schema_files() {
        let there = fs::read_to_string(directory().join(&name)).unwrap_or_default();
        assert!(
            there == content,
            "schemas/{name} is not that of its type: {REGENERATE}"
        );
        expected.insert(name);
    }
    let there: BTreeSet<_> = fs::read_dir(directory())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(there, expected, "schemas/ holds other files: {REGENERATE}");
}

#[test]
fn each_is_a_valid_schema_with_a_name_that_no_network_resolves() {
    for (file, content) in schema_files() {
        let schema: serde_json::Value = serde_json::from_str(&content).unwrap();
        jsonschema::draft202012::meta::validate(&schema).unwrap();
        let event = file.strip_suffix(".json").unwrap();
        assert_eq!(schema["$id"], format!("urn:telensic:event:{event}:1"));
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["type"], "object");
        assert!(!content.contains("$ref"), "{file} stands alone");
    }
}

#[test]
fn every_name_of_an_event_has_a_schema() {
    let schemas = Schemas::standard();
    let source = include_str!("../../src/names.rs");
    let events = source
        .split("pub mod event {")
        .nth(1)
        .unwrap()
        .split("\n}")
        .next()
        .unwrap();
    let names: BTreeSet<_> = events.split('"').skip(1).step_by(2).collect();
    assert!(names.contains(names::event::DATA_LOAD));
    assert_eq!(names, schemas.names().collect());
}
