use crate::support::{Dir, run, telensic};

#[test]
fn every_shell_can_complete_our_commands() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = run(&mut telensic(&["completions", shell])).well();
        for word in ["telensic", "doctor", "tape", "records"] {
            assert!(script.contains(word), "{word} is not in what {shell} gets");
        }
    }
    assert_eq!(run(&mut telensic(&["completions", "cmd.exe"])).code, 2);
}

#[test]
fn each_command_has_a_manual_page() {
    let dir = Dir::new();
    run(telensic(&["man"]).arg(dir.path())).well();
    for page in ["telensic.1", "telensic-tape.1", "telensic-doctor.1"] {
        let text = std::fs::read_to_string(dir.path().join(page)).unwrap();
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
