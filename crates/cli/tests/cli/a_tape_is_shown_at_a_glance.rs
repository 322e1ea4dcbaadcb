use crate::support::{Dir, Scribe, json, let_record, tape, tape_in};

#[test]
fn a_finished_tape_says_who_recorded_what_and_that_nothing_is_wrong() {
    let dir = Dir::new();
    let_record(Scribe::Pipeline, &dir);
    let path = tape_in(&dir);

    let text = tape(&path, &[]).well();
    assert!(text.starts_with(&path.display().to_string()), "{text}");
    for part in [
        "service   pricing 1.4.2, test\n",
        "closed in order\n",
        "mode      ring of 256 MiB\n",
        "file      format 1, ",
        "lost      nothing\n",
        "damage    none in the layout; --check reads every byte\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    let rows: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert!(
        rows.iter()
            .any(|row| row.starts_with(&["spans", "telensic"]) && row[3..5] == ["1", "2"]),
        "{text}"
    );
    assert!(
        rows.iter()
            .any(|row| row.starts_with(&["logs", "telensic"]) && row[3..5] == ["1", "2"]),
        "{text}"
    );
    assert!(!text.contains("open"), "nothing is open\n{text}");

    assert!(
        tape(&path, &["--check"])
            .well()
            .contains("none: every byte was read")
    );
}

#[test]
fn the_chunk_table_has_a_line_for_each_chunk_with_its_seal() {
    let dir = Dir::new();
    let_record(Scribe::Much, &dir);
    let path = tape_in(&dir);
    let document = json(&tape(&path, &["--json", "--chunks"]).well());
    let chunks = document["tapes"][0]["chunks"].as_array().unwrap();
    assert!(chunks.len() > 10, "{}", chunks.len());
    let text = tape(&path, &["--chunks"]).well();
    for chunk in chunks {
        let (id, hash) = (chunk["id"].to_string(), chunk["hash"].as_str().unwrap());
        let line = text.lines().find(|line| line.contains(&hash[..12])).unwrap();
        assert_eq!(line.split_whitespace().next(), Some(id.as_str()));
        assert!(line.contains(" sealed "), "{line}");
    }
}

#[test]
fn a_directory_means_all_its_tapes_in_one_document() {
    let dir = Dir::new();
    let_record(Scribe::Pipeline, &dir);
    let_record(Scribe::Hostile, &dir);
    let tapes = dir.path().join("tapes");
    let document = json(&tape(&tapes, &["--json"]).well());
    let listed = document["tapes"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    for one in listed {
        assert_eq!(one["state"], "closed");
        assert_eq!(one["service"], "pricing");
        assert_eq!(one["damage"], serde_json::json!([]));
        // Nanoseconds do not fit a JSON number.
        assert!(one["started_unix_nano"].as_str().unwrap().parse::<u64>().is_ok());
        let named = one["resource"].as_array().unwrap();
        assert!(
            named
                .iter()
                .any(|pair| pair["key"] == "service.name" && pair["value"]["stringValue"] == "pricing")
        );
    }
    let text = tape(&tapes, &[]).well();
    assert_eq!(text.matches("service   pricing").count(), 2);
}

#[test]
fn colours_are_for_terminals_or_on_demand() {
    let dir = Dir::new();
    let_record(Scribe::Pipeline, &dir);
    let path = tape_in(&dir);
    assert!(!tape(&path, &[]).well().contains('\x1b'));
    assert!(!tape(&path, &["--color", "never"]).well().contains('\x1b'));
    assert!(tape(&path, &["--color", "always"]).well().contains("\x1b["));
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_colours_unless_no_color_says_otherwise() {
    let dir = Dir::new();
    let_record(Scribe::Pipeline, &dir);
    let path = tape_in(&dir);
    let on_terminal = |variables: &[(&str, &str)]| {
        let mut command = crate::support::telensic(&["tape"]);
        command
            .arg(&path)
            .env("TERM", "xterm")
            .envs(variables.iter().copied());
        crate::support::on_terminal(command)
    };
    assert!(on_terminal(&[]).contains("\x1b["));
    assert!(!on_terminal(&[("NO_COLOR", "1")]).contains('\x1b'));
    assert!(!on_terminal(&[("TERM", "dumb")]).contains('\x1b'));
}
