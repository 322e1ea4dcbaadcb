use crate::support::{Dir, Ran, Scribe, json, let_record, run, telensic};

fn doctor(dir: &Dir, variables: &[(&str, &str)]) -> Ran {
    let mut command = telensic(&["doctor", "--dir"]);
    run(command.arg(dir.path()).envs(variables.iter().copied()))
}

/// The line that speaks of this.
#[track_caller]
fn line(ran: &Ran, part: &str) -> String {
    let found = ran.stdout.lines().find(|line| line.contains(part));
    found
        .unwrap_or_else(|| panic!("{part} is not in\n{}", ran.stdout))
        .to_owned()
}

#[test]
fn a_good_machine_gets_a_line_a_topic_and_nothing_is_left_behind() {
    let dir = Dir::new();
    let text = doctor(&dir, &[]).well();
    for topic in [
        "data-dir",
        "tape-dir",
        "log-dir",
        "disk-space",
        "mapping",
        "append",
        "read-back",
        "clock",
        "wall-clock",
        "file-size",
        "open-files",
        "cores",
        "seal-key",
        "environment",
        "run",
        "parent",
    ] {
        assert!(
            text.lines()
                .any(|line| line.split_whitespace().nth(1) == Some(topic)),
            "{topic} is not in\n{text}"
        );
    }
    assert!(!text.contains("fail"), "{text}");
    assert!(
        text.contains("20,000 records written, read back and checked"),
        "{text}"
    );
    assert_eq!(
        std::fs::read_dir(dir.path()).unwrap().count(),
        0,
        "something was left behind"
    );

    let document = json(&run(telensic(&["doctor", "--json", "--dir"]).arg(dir.path())).well());
    let findings = document["findings"].as_array().unwrap();
    assert_eq!(findings.len(), text.lines().count());
    let append = findings
        .iter()
        .find(|finding| finding["topic"] == "append")
        .unwrap();
    assert!(append["measured"]["nanoseconds"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_directory_that_is_not_there_yet_is_not_made() {
    let dir = Dir::new();
    let missing = dir.path().join("deep/data");
    let text = run(telensic(&["doctor"]).env("TELENSIC_DIR", &missing)).well();
    assert!(
        text.contains(&format!("{} is not there yet and can be made", missing.display())),
        "{text}"
    );
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_place_that_cannot_be_written_fails_with_the_mend() {
    let dir = Dir::new();
    let file = dir.file("data", b"not a directory");
    let ran = run(telensic(&["doctor"]).env("TELENSIC_DIR", &file));
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    let line = line(&ran, "data-dir");
    assert!(line.starts_with("fail  data-dir"), "{line}");
    assert!(
        line.contains("is no directory \u{2014} make it a writable directory, or set TELENSIC_DIR"),
        "{line}"
    );
    assert_eq!(std::fs::read(&file).unwrap(), b"not a directory");

    let ran = run(telensic(&["doctor", "--json"]).env("TELENSIC_DIR", file.join("below")));
    assert_eq!(ran.code, 1);
    assert_eq!(json(&ran.stdout)["outcome"], "fail");
}

#[test]
fn variables_are_valid_unknown_or_wrong_and_the_line_says_which() {
    let dir = Dir::new();
    let ran = doctor(
        &dir,
        &[
            ("OTEL_SERVICE_NAME", "pricing"),
            ("OTEL_SPAN_EVENT_COUNT_LIMIT", "many"),
            ("OTEL_TRACES_SAMPLER", "sometimes"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4317"),
            ("OTEL_PYTHON_LOG_CORRELATION", "true"),
            ("TELENSIC_DURABILITY", "power"),
            ("TELENSIC_TAPE_BUDGET", "1GB"),
            ("TELENSIC_LOG_LEVLE", "debug"),
            ("TELENSIC_CONSOLE", ""),
        ],
    );
    assert_eq!(ran.code, 0, "warnings are no failure");
    for (part, level) in [
        ("OTEL_SERVICE_NAME=\"pricing\"", "ok"),
        (
            "OTEL_SPAN_EVENT_COUNT_LIMIT=\"many\" is not a whole number",
            "warn",
        ),
        (
            "OTEL_TRACES_SAMPLER=\"sometimes\" is unknown: parentbased_always_on is used",
            "warn",
        ),
        ("OTEL_PYTHON_LOG_CORRELATION is for somebody else", "ok"),
        ("TELENSIC_DURABILITY=\"power\"", "ok"),
        ("TELENSIC_TAPE_BUDGET=\"1GB\" is not a whole number", "warn"),
        (
            "TELENSIC_LOG_LEVLE is unknown and ignored \u{2014} did you mean TELENSIC_LOG_LEVEL?",
            "warn",
        ),
        ("TELENSIC_CONSOLE is empty: it counts as not set", "ok"),
    ] {
        let line = line(&ran, part);
        assert!(line.starts_with(level), "{line}");
    }
    line(&ran, "OTEL_EXPORTER_OTLP_ENDPOINT=\"http://localhost:4317\"");
}

#[test]
fn what_was_handed_over_must_fit_together() {
    let dir = Dir::new();
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let run_id = "20261121-084028-a1b2";
    let run_dir = dir.path().join(run_id);
    let run_dir = run_dir.to_str().unwrap();
    let whole = [
        ("RUN_ID", run_id),
        ("TELENSIC_RUN_DIR", run_dir),
        ("TRACEPARENT", parent),
    ];
    let ran = doctor(&dir, &whole);
    assert!(line(&ran, "RUN_ID \"20261121-084028-a1b2\"").starts_with("ok"));
    assert!(line(&ran, "TRACEPARENT names trace 4bf92f3577b34da6a3ce929d0e0e4736").starts_with("ok"));
    assert!(line(&ran, &format!("{run_dir}/tape is not there yet")).starts_with("ok"));

    let ran = doctor(&dir, &[("RUN_ID", "nightly"), ("TRACEPARENT", "00-0-0-0")]);
    assert!(line(&ran, "is not of the form YYYYMMDD-HHMMSS-xxxx").starts_with("warn"));
    assert!(line(&ran, "is malformed: a new trace starts").starts_with("warn"));
    let ran = doctor(
        &dir,
        &[("RUN_ID", "20261121-084028-ffff"), ("TELENSIC_RUN_DIR", run_dir)],
    );
    assert!(line(&ran, "does not belong to RUN_ID").starts_with("warn"));
}

#[test]
fn what_lies_among_the_tapes_and_is_none_is_counted() {
    let dir = Dir::new();
    let_record(Scribe::Pipeline, &dir);
    std::fs::write(dir.path().join("tapes/notes.tape"), "not a tape").unwrap();
    let ran = doctor(&dir, &[]);
    assert!(line(&ran, "2 tapes in ").starts_with("ok"));
    assert!(line(&ran, "1 tape cannot be read: ").starts_with("warn"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_limit_that_lets_no_tape_be_written_fails() {
    let dir = Dir::new();
    let doctor = env!("CARGO_BIN_EXE_telensic");
    let script = format!(
        "ulimit -f 100; exec {doctor} doctor --dir {}",
        dir.path().display()
    );
    let mut shell = std::process::Command::new("sh");
    let ran = run(shell.args(["-c", &script]));
    assert_eq!(ran.code, 1);
    assert!(line(&ran, "too little for a tape").ends_with("raise it: ulimit -f unlimited"));
    assert_eq!(
        std::fs::read_dir(dir.path()).unwrap().count(),
        0,
        "something was left behind"
    );
}

#[test]
fn the_sealing_key_is_named_and_one_that_others_can_read_fails() {
    use std::os::unix::fs::PermissionsExt;
    let (runs, [_]) = crate::support::Runs::with([crate::support::Plan::Trade]);
    let key = runs.path().join("seal.key");
    let text = runs.telensic(&["doctor"]);
    let there = line(&text, "seal-key");
    assert!(
        there.starts_with("ok") && there.contains(&format!("{} is there", key.display())),
        "{there}"
    );

    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let ran = runs.telensic(&["doctor"]);
    assert_eq!(ran.code, 1);
    let exposed = line(&ran, "seal-key");
    assert!(
        exposed.starts_with("fail") && exposed.contains("chmod 600"),
        "{exposed}"
    );

    std::fs::remove_file(&key).unwrap();
    let missing = line(&runs.telensic(&["doctor"]), "seal-key");
    assert!(missing.contains("is not there yet"), "{missing}");
    assert!(!key.exists(), "looking makes none");
}
