use crate::support::{Dir, run, telensic};

const COMMANDS: &[&str] = &[
    "run",
    "ls",
    "show",
    "report",
    "trace",
    "logs",
    "events",
    "verify",
    "diff",
    "replay",
    "lookahead",
    "hypotheses",
    "fleet",
    "lineage",
    "merge",
    "recover",
    "pack",
    "export",
    "import",
    "schema",
    "tape",
    "doctor",
    "demo",
];

#[test]
fn every_command_is_listed_with_its_purpose() {
    let help = run(&mut telensic(&["--help"])).well();
    for command in COMMANDS {
        let line = help
            .lines()
            .find(|line| line.split_whitespace().next() == Some(command));
        assert!(
            line.is_some_and(|line| line.split_whitespace().count() > 2),
            "{command} is not in\n{help}"
        );
    }
}

#[test]
fn every_shell_can_complete_our_commands() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(&mut telensic(&["completions", shell])).well();
        for word in COMMANDS.iter().chain(&["telensic", "records"]) {
            assert!(script.contains(word), "{word} is not in what {shell} gets");
        }
    }
    assert_eq!(run(&mut telensic(&["completions", "cmd.exe"])).code, 2);
}

#[test]
fn each_command_has_a_manual_page() {
    let dir = Dir::new();
    run(telensic(&["man"]).arg(dir.path())).well();
    let pages = COMMANDS.iter().map(|command| format!("telensic-{command}.1"));
    for page in pages.chain(["telensic.1".to_owned()]) {
        let text = std::fs::read_to_string(dir.path().join(&page)).unwrap();
        assert!(text.contains(".TH telensic"), "{page}");
    }
    let complaint = run(telensic(&["man"]).arg(dir.path().join("missing"))).refusal();
    assert!(
        complaint.contains("name a directory that exists and is writable"),
        "{complaint}"
    );
}

#[test]
fn help_tells_the_exit_codes() {
    assert!(
        run(&mut telensic(&["--help"]))
            .well()
            .contains("Exit codes: 0 done")
    );
    assert!(run(&mut telensic(&["--version"])).well().starts_with("telensic "));
}
