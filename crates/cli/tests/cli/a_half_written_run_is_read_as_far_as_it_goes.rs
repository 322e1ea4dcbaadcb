//! Every command on runs of which parts are missing, cut off or garbage.

use std::fs;

use crate::support::{RUN_COMMANDS, Runs, on_run, snapshot};

#[test]
fn a_run_cut_short_after_its_manifest_is_read_as_far_as_it_goes() {
    let runs = Runs::new();
    let place = runs.kill();
    for part in ["tape", "logs", "data", "profiles", "reports"] {
        fs::remove_dir_all(place.join(part)).unwrap();
    }
    let before = snapshot(&place);
    for command in RUN_COMMANDS {
        let expected = match command[0] {
            "recover" => continue,
            "lineage" | "pack" => 2,
            _ => 0,
        };
        let words = on_run(command, place.to_str().unwrap());
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ran = runs.telensic(&words);
        assert_eq!(ran.code, expected, "{words:?}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stderr.lines().count() <= 1, "{words:?}: {}", ran.stderr);
        assert!(snapshot(&place) == before, "{words:?} changed something");
    }
    let ran = runs.telensic(&["recover", "latest"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        ran.stdout.contains("its process died, with no span open"),
        "{}",
        ran.stdout
    );
    assert!(runs.telensic(&["verify"]).well().starts_with("verified"));
}

#[test]
fn a_tape_that_is_cut_off_anywhere_is_no_reason_to_give_up() {
    let runs = Runs::new();
    let place = runs.kill();
    let tape = fs::read_dir(place.join("tape"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let whole = fs::read(&tape).unwrap();
    for length in [
        0,
        1,
        8,
        4_095,
        4_096,
        5_000,
        70_000,
        whole.len() / 2,
        whole.len() - 1,
    ] {
        fs::write(&tape, &whole[..length]).unwrap();
        let before = snapshot(&place);
        for command in [
            "show",
            "report",
            "trace",
            "logs",
            "events",
            "verify",
            "replay",
            "lookahead",
        ] {
            let ran = runs.telensic(&[command, place.to_str().unwrap()]);
            assert!(ran.code <= 1, "{command} of {length} bytes: {}", ran.stderr);
            assert!(
                !ran.stderr.contains("panicked"),
                "{command} of {length} bytes: {}",
                ran.stderr
            );
        }
        assert!(snapshot(&place) == before, "{length} bytes");
    }
}

#[test]
fn a_tape_that_is_none_is_named_and_the_others_are_read() {
    let runs = Runs::new();
    let place = runs.kill();
    fs::write(place.join("tape/garbage.tape"), [0x5a; 10_000]).unwrap();
    fs::write(place.join("tape/empty.tape"), []).unwrap();
    let run = place.to_str().unwrap();
    for command in RUN_COMMANDS {
        // These change or refuse the run; a decision was not yet made in it.
        if ["recover", "pack", "lineage"].contains(&command[0]) {
            continue;
        }
        let words = on_run(command, run);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let before = snapshot(&place);
        let ran = runs.telensic(&words);
        assert_eq!(ran.code, 1, "{words:?}: {}{}", ran.stdout, ran.stderr);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        for tape in ["garbage.tape", "empty.tape"] {
            assert!(said.contains(tape), "{words:?} does not name {tape}: {said}");
        }
        assert!(snapshot(&place) == before, "{words:?} changed something");
    }
}
