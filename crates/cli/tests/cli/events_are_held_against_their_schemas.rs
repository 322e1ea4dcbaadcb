//! `telensic schema`.

use std::fs;

use crate::support::{Plan, Runs, json};

#[test]
fn the_schemas_are_listed_and_shown() {
    let runs = Runs::new();
    let text = runs.telensic(&["schema"]).well();
    assert!(
        text.lines().any(|line| line.starts_with("epoch_detected ")),
        "{text}"
    );
    let schema = json(&runs.telensic(&["schema", "epoch_detected"]).well());
    assert_eq!(schema["title"], "epoch_detected");
    assert_eq!(
        json(&runs.telensic(&["schema", "--json"]).well())["epoch_detected"],
        schema
    );
    let complaint = runs.telensic(&["schema", "nonsense"]).refusal();
    assert!(
        complaint.contains("there is no schema of the event nonsense"),
        "{complaint}"
    );
}

#[test]
fn the_events_of_a_run_fit_and_one_that_does_not_is_named_by_line_and_field() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    let events = place.join("events.jsonl");
    let text = runs
        .telensic(&["schema", "--check", events.to_str().unwrap()])
        .well();
    assert!(text.ends_with("7 fit, 0 do not, 0 have no schema\n"), "{text}");

    let file = runs.path().join("events.jsonl");
    let good = r#"{"event":"data.load","fields":{"source_path":"a.csv"}}"#;
    let bad = r#"{"event":"epoch_detected","fields":{"epoch_index":-1,"bar_index":3,"excess_gain":1,"excess_loss":0}}"#;
    fs::write(
        &file,
        format!("{good}\n{bad}\nno json\n\n{{\"event\":\"own\",\"fields\":{{}}}}\n"),
    )
    .unwrap();
    let ran = runs.telensic(&["schema", "--check", "events.jsonl"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    assert!(
        ran.stdout
            .contains("events.jsonl:2: epoch_detected: /epoch_index: "),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("events.jsonl:3: no event: no JSON: "),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.ends_with("1 fit, 2 do not, 1 have no schema\n"),
        "{}",
        ran.stdout
    );
}

#[test]
fn an_event_by_itself_and_a_schema_of_ones_own_are_taken() {
    let runs = Runs::new();
    fs::write(runs.path().join("fields.json"), "{\n  \"source_path\": 7\n}\n").unwrap();
    let ran = runs.telensic(&["schema", "data.load", "--check", "fields.json", "--json"]);
    assert_eq!(ran.code, 1);
    assert_eq!(json(&ran.stdout)["misfits"][0]["path"], "/source_path");

    let schemas = runs.path().join("own");
    fs::create_dir(&schemas).unwrap();
    fs::write(schemas.join("trade.cancel.json"), r#"{"required": ["order_id"]}"#).unwrap();
    fs::write(
        runs.path().join("event.json"),
        r#"[{"event":"trade.cancel","fields":{}}]"#,
    )
    .unwrap();
    let ran = runs.telensic(&["schema", "--dir", "own", "--check", "event.json"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout.contains("event.json:1: trade.cancel: "),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("order_id"), "{}", ran.stdout);
    fs::write(schemas.join("broken.json"), "{").unwrap();
    let complaint = runs.telensic(&["schema", "--dir", "own"]).refusal();
    assert!(
        complaint.contains("broken.json is no schema that can be used"),
        "{complaint}"
    );
}
