use crate::support::{Dir, Scribe, json_lines, let_record, tape, tape_in};

#[test]
fn spans_and_logs_read_as_lines() {
    let dir = Dir::new();
    let_record(Scribe::Pipeline, &dir);
    let path = tape_in(&dir);
    let text = tape(&path, &["--records"]).well();
    let line = |part: &str| {
        let mut lines = text.lines().filter(|line| line.contains(part));
        let found = lines.next().unwrap_or_else(|| panic!("{part} is not in\n{text}"));
        assert_eq!(lines.next(), None, "{part} is there twice");
        found.to_owned()
    };
    let stage = line(" run_stage:load ");
    assert!(stage.contains(" unset stage_id=load rows=5000 largest=9223372036854775807 ratio=NaN symbols=[BTCUSDT, ETHUSDT] trace="), "{stage}");
    let step = line(" run_step:parse ");
    assert!(
        step.contains(r#" error message="row 7: no price" is_strict=true +1 event trace="#),
        "{step}"
    );
    assert!(step.contains(" parent="), "{step}");
    assert!(line("Z WARN  quote is stale").contains(" age_s=42 "));
    assert!(line("Z EVENT data.load").contains(" row_count=5000 "));

    assert_eq!(
        tape(&path, &["--records", "--signal", "spans"])
            .well()
            .lines()
            .count(),
        2
    );
    assert_eq!(
        tape(&path, &["--records", "--signal", "logs"])
            .well()
            .lines()
            .count(),
        2
    );
    assert_eq!(
        tape(&path, &["--records", "--limit", "3"]).well().lines().count(),
        3
    );
    assert_eq!(tape(&path, &["--records", "--limit", "0"]).well(), "");
}

#[test]
fn json_lines_are_otlp_with_its_texts_for_wide_integers() {
    let dir = Dir::new();
    let_record(Scribe::Pipeline, &dir);
    let path = tape_in(&dir);
    let spans = json_lines(&tape(&path, &["--records", "--json", "--signal", "spans"]).well());
    let stage = spans
        .iter()
        .find(|span| span["name"] == "run_stage:load")
        .unwrap();
    let step = spans
        .iter()
        .find(|span| span["name"] == "run_step:parse")
        .unwrap();

    assert_eq!(stage["traceId"].as_str().unwrap().len(), 32);
    assert_eq!(stage["kind"], 1);
    let start: u64 = stage["startTimeUnixNano"].as_str().unwrap().parse().unwrap();
    let end: u64 = stage["endTimeUnixNano"].as_str().unwrap().parse().unwrap();
    assert!(start <= end);
    let value = |key: &str| {
        let pairs = stage["attributes"].as_array().unwrap();
        pairs.iter().find(|pair| pair["key"] == key).unwrap()["value"].clone()
    };
    assert_eq!(value("stage_id"), serde_json::json!({"stringValue": "load"}));
    assert_eq!(
        value("largest"),
        serde_json::json!({"intValue": "9223372036854775807"})
    );
    assert_eq!(value("ratio"), serde_json::json!({"doubleValue": "NaN"}));
    let symbols = serde_json::json!([{"stringValue": "BTCUSDT"}, {"stringValue": "ETHUSDT"}]);
    assert_eq!(
        value("symbols"),
        serde_json::json!({"arrayValue": {"values": symbols}})
    );

    assert_eq!(step["parentSpanId"], stage["spanId"]);
    assert_eq!(
        step["status"],
        serde_json::json!({"code": 2, "message": "row 7: no price"})
    );
    assert_eq!(step["events"][0]["name"], "retry");
    assert!(step["events"][0]["timeUnixNano"].is_string());

    let logs = json_lines(&tape(&path, &["--records", "--json", "--signal", "logs"]).well());
    assert_eq!(logs[0]["severityNumber"], 13);
    assert_eq!(logs[0]["body"]["stringValue"], "quote is stale");
    assert_eq!(logs[0]["spanId"], stage["spanId"]);
    assert_eq!(logs[1]["eventName"], "data.load");
    assert!(logs[1]["timeUnixNano"].is_string());
}

#[test]
fn flags_that_do_not_go_together_are_wrong_usage() {
    for flags in [
        &["--records", "--open"][..],
        &["--records", "--check"],
        &["--limit", "3"],
        &["--open", "--signal", "spans"],
        &["--records", "--trace", "xyz"],
    ] {
        let ran = tape("some.tape".as_ref(), flags);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{flags:?}");
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    }
}
