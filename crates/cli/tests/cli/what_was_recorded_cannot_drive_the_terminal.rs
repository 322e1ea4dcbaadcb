use crate::support::{Dir, Scribe, json, json_lines, let_record, run, tape, tape_in, telensic};

fn is_harmless(text: &str) -> bool {
    text.chars()
        .all(|char| char == '\n' || (!char.is_control() && char != '\u{202e}'))
}

#[test]
fn control_characters_are_escaped_in_every_view() {
    let dir = Dir::new();
    let_record(Scribe::Hostile, &dir);
    let path = tape_in(&dir);
    for flags in [
        &[][..],
        &["--chunks"],
        &["--records"],
        &["--open"],
        &["--json"],
        &["--records", "--json"],
    ] {
        let text = tape(&path, flags).well();
        assert!(is_harmless(&text), "{flags:?}: {text:?}");
    }
    let text = tape(&path, &["--records"]).well();
    assert_eq!(
        text.lines().count(),
        2,
        "a line break in a record makes no line\n{text}"
    );
    assert!(text.contains(r"\u{1b}[2Jgone\r\n\u{9b}31m\u{202e}"), "{text}");

    // To a program it is the very text that was recorded.
    let spans = json_lines(&tape(&path, &["--records", "--json", "--signal", "spans"]).well());
    assert_eq!(spans[0]["name"], "\x1b[2Jgone\r\n\u{9b}31m\u{202e}");
}

#[test]
fn nor_can_the_name_of_a_file_or_a_variable() {
    let ran = run(&mut telensic(&["tape", "\x1b[2J.tape"]));
    let complaint = ran.refusal();
    assert!(
        is_harmless(&complaint) && complaint.contains(r"\u{1b}[2J.tape"),
        "{complaint:?}"
    );

    let dir = Dir::new();
    let mut doctor = telensic(&["doctor", "--dir"]);
    doctor
        .arg(dir.path())
        .env("TELENSIC_\x1b[2J", "x")
        .env("OTEL_SERVICE_NAME", "a\x1b[2Jb");
    let text = run(&mut doctor).well();
    assert!(is_harmless(&text), "{text:?}");
    let document = run(doctor.arg("--json")).well();
    assert!(is_harmless(&document), "{document:?}");
    assert!(json(&document)["findings"].is_array());
}
