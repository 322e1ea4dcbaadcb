//! `telensic demo`: three runs, of which each comes out as it must, and commands that work as they are printed.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{Ran, Runs, json, run};

const NOTHING_WRONG: (i32, &str) = (0, "");
/// A name that a shell and an address take only if it is quoted.
const PLACE: &str = "my demo";

fn demo(runs: &Runs, arguments: &[&str]) -> Ran {
    runs.telensic(&[&["demo", "--data", PLACE], arguments].concat())
}

/// A line that it printed, as a shell runs it.
fn typed(runs: &Runs, line: &str) -> Ran {
    let program = Path::new(env!("CARGO_BIN_EXE_telensic"));
    let path = std::env::var_os("PATH").unwrap();
    let places = std::iter::once(program.parent().unwrap().to_owned()).chain(std::env::split_paths(&path));
    let mut shell = Command::new("sh");
    shell
        .args(["-c", line])
        .current_dir(runs.path())
        .env("TELENSIC_KEY", runs.path().join("seal.key"))
        .env("PATH", std::env::join_paths(places).unwrap());
    run(&mut shell)
}

#[test]
fn it_takes_no_place_that_is_not_its_own() {
    let runs = Runs::new();
    let stranger = runs.path().join("mine");
    std::fs::create_dir(&stranger).unwrap();
    std::fs::write(stranger.join("notes.txt"), "mine").unwrap();
    let complaint = runs.telensic(&["demo", "--data", "mine"]).refusal();
    assert!(
        complaint.contains("mine holds something else than a demonstration"),
        "{complaint}"
    );
}

#[test]
fn it_finds_the_changed_cell_recovers_the_killed_run_and_says_how_to_go_on() {
    let runs = Runs::new();
    let ran = demo(&runs, &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), NOTHING_WRONG, "{}", ran.stdout);
    let text = ran.stdout;
    assert!(!text.contains('\u{1b}'), "no colours in a pipe: {text}");
    for expected in [
        "succeeded after",
        "ok     risk.report_meta",
        "verified: ",
        "column bull-02, row 1,502: ",
        "differ: ",
        "cause: input my demo/nav.csv: column bull-02, rows 1,000-1,999 changed",
        "concluded as crashed, and sealed",
        "its process died, with ",
        "number 3 in the ledger",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    // How long the address is, the place decides.
    let mut lines = text.lines().filter(|line| !line.contains("file://"));
    assert!(lines.all(|line| line.chars().count() <= 120), "{text}");

    let commands: Vec<&str> = text
        .lines()
        .map(|line| line.trim().trim_start_matches("$ "))
        .filter(|line| line.starts_with("telensic "))
        .collect();
    assert_eq!(
        commands.len(),
        6,
        "verify, diff, recover, and three to go on with: {text}"
    );
    for command in commands {
        let said = typed(&runs, command);
        // The two runs differ; and what lies in no repository leads back to no code.
        let expected = i32::from(command.contains(" diff ") || command.contains(" lineage "));
        assert_eq!(
            (said.code, said.stderr.as_str()),
            (expected, ""),
            "{command}: {}",
            said.stdout
        );
        assert!(!said.stdout.is_empty(), "{command}");
    }
    assert!(
        !runs.root().join("logs").exists(),
        "something was written elsewhere"
    );
    let page = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("file://"))
        .unwrap()
        .replace("%20", " ");
    assert!(
        std::fs::read_to_string(&page)
            .unwrap()
            .to_lowercase()
            .starts_with("<!doctype html>"),
        "{page}"
    );

    // Given again, now as a document; nothing that was recorded is removed.
    let ran = demo(&runs, &["--json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), NOTHING_WRONG, "{}", ran.stdout);
    let story = json(&ran.stdout);
    assert_eq!(
        (&story["is_as_expected"], &story["unexpected"], &story["data"]),
        (&true.into(), &Value::Array(Vec::new()), &PLACE.into())
    );
    assert_eq!(story["verified"]["sequence"], 4);
    assert_eq!(story["recovered"]["status"], "crashed");
    assert_eq!(story["diff"]["cause"]["suspects"][0]["kind"], "input");
    let report = story["report"].as_str().unwrap();
    assert!(report.contains("/my%20demo/"), "{report}");
    let command = story["next"][0].as_str().unwrap();
    assert_eq!(command, "telensic trace --data 'my demo'");
}
