//! A run whose profile, spans, logs, events and inputs are named so as to drive a terminal.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use crate::support::{Plan, Runs};

fn is_harmless(text: &str) -> bool {
    text.chars()
        .all(|char| char == '\n' || (!char.is_control() && char != '\u{202e}'))
}

const COMMANDS: &[&[&str]] = &[
    &["ls"],
    &["show"],
    &["report"],
    &["trace"],
    &["logs"],
    &["events"],
    &["events", "--count"],
    &["verify"],
    &["diff", "latest", "RUN"],
    &["replay"],
    &["lookahead"],
    &["lineage", "latest", "\x1b[2J"],
    &["lineage", "latest", "\x1b[2Jgone\r\nforged\u{9b}31m\u{202e}"],
    &["hypotheses", "--method", "by"],
    &["fleet"],
    &["merge"],
    &["merge", "-o", "merged.json"],
];

#[test]
fn what_would_drive_it_is_escaped_in_every_view() {
    let (runs, [hostile, plain]) = Runs::with([Plan::Hostile, Plan::TradeOtherwise]);
    // The one that succeeded is the latest.
    for command in COMMANDS {
        let words = command.iter().map(|word| {
            if *word == "RUN" {
                plain.to_str().unwrap()
            } else {
                word
            }
        });
        for as_json in [&[][..], &["--json"]] {
            let words: Vec<&str> = words.clone().chain(as_json.iter().copied()).collect();
            let ran = runs.telensic(&words);
            assert!(is_harmless(&ran.stdout), "{words:?}: {:?}", ran.stdout);
            assert!(is_harmless(&ran.stderr), "{words:?}: {:?}", ran.stderr);
            assert!(ran.code <= 2);
        }
    }
    let text = runs.telensic(&["show"]).well();
    assert!(text.contains(r"\u{1b}[2Jgone\r\nforged"), "{text}");
    assert!(!text.lines().any(|line| line.starts_with("forged")), "{text}");
    drop(hostile);
}

#[test]
fn a_reader_that_leaves_ends_every_command_quietly() {
    let (runs, [_]) = Runs::with([Plan::Trade]);
    for command in COMMANDS
        .iter()
        .filter(|command| !["lineage", "diff"].contains(&command[0]))
    {
        let mut process = runs
            .command(command)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Reads at most one line and goes.
        let _ = BufReader::new(process.stdout.take().unwrap()).read_line(&mut String::new());
        let mut complaint = String::new();
        process
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut complaint)
            .unwrap();
        assert_eq!(
            process.wait().unwrap().code(),
            Some(0),
            "{command:?}: {complaint}"
        );
        assert!(!complaint.contains("cannot write"), "{command:?}: {complaint}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn colours_are_for_terminals_alone() {
    let (runs, [_]) = Runs::with([Plan::Trade]);
    for command in ["ls", "show", "report", "verify", "replay", "fleet"] {
        assert!(!runs.telensic(&[command]).stdout.contains('\x1b'), "{command}");
        let mut painted = runs.command(&[command]);
        painted.env("TERM", "xterm");
        assert!(crate::support::on_terminal(painted).contains('\x1b'), "{command}");
    }
}
