use crate::support::{Dir, json, json_lines, kill_while_recording, run, tape, tape_in, telensic};

#[test]
fn a_live_tape_is_live_and_a_killed_one_shows_what_was_in_flight() {
    let dir = Dir::new();
    kill_while_recording(&dir, || {
        let text = tape(&tape_in(&dir), &[]).well();
        assert!(text.contains("live: the process is recording"), "{text}");
        assert!(text.contains("1 span open\n"), "{text}");
    });
    let path = tape_in(&dir);

    let text = tape(&path, &["--check"]).well();
    assert!(text.contains("died: the process is gone"), "{text}");
    assert!(text.contains("1 span open when the process died\n"), "{text}");

    let open = tape(&path, &["--open"]).well();
    assert_eq!(open.lines().count(), 1, "{open}");
    assert!(open.contains(" run_stage:train thread="), "{open}");

    let listed = json_lines(&tape(&path, &["--open", "--json"]).well());
    let trace = listed[0]["traceId"].as_str().unwrap();
    assert_eq!(listed[0]["name"], "run_stage:train");
    assert!(open.contains(trace), "{open}");
    assert!(
        listed[0]["startTimeUnixNano"]
            .as_str()
            .unwrap()
            .parse::<u64>()
            .is_ok()
    );

    let document = json(&tape(&path, &["--json"]).well());
    assert_eq!(document["tapes"][0]["state"], "died");
    assert_eq!(document["tapes"][0]["open_spans"][0]["traceId"], trace);

    // Only what is asked for: another trace has nothing open.
    let other = "00000000000000000000000000000001";
    assert_eq!(tape(&path, &["--open", "--trace", other]).well(), "");
    assert_eq!(tape(&path, &["--open", "--trace", trace]).well(), open);
    // The step that ended is on the tape, and belongs to the open stage.
    let records = tape(&path, &["--records", "--trace", trace]).well();
    assert!(records.contains(" run_step:split "), "{records}");
}

#[test]
fn the_doctor_points_to_the_tapes_of_the_dead() {
    let dir = Dir::new();
    kill_while_recording(&dir, || {
        let ran = run(telensic(&["doctor", "--dir"]).arg(dir.path()));
        assert!(ran.stdout.contains("1 being recorded"), "{}", ran.stdout);
        assert!(!ran.stdout.contains("died"), "{}", ran.stdout);
    });
    let ran = run(telensic(&["doctor", "--dir"]).arg(dir.path()));
    let line = ran.stdout.lines().find(|line| line.contains("died")).unwrap();
    assert!(line.starts_with("warn  tapes"), "{line}");
    assert!(
        line.contains("1 tape of processes that died, with 1 span open"),
        "{line}"
    );
    let mend = format!("\u{2014} telensic tape {}/tapes shows them", dir.path().display());
    assert!(line.ends_with(&mend), "{line}");
    assert_eq!(ran.code, 0, "a warning is no failure");
}
