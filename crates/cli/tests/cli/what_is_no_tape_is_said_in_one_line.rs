use telensic_tape::format::{HEADER, MAGIC, header};

use crate::support::{Dir, Scribe, json, let_record, run, tape, telensic};

#[test]
fn whatever_is_no_tape_is_refused_with_the_mend() {
    let dir = Dir::new();
    let mut newer = vec![0; HEADER];
    newer[..8].copy_from_slice(&MAGIC);
    newer[header::VERSION] = 99;
    let mut contradicting = newer.clone();
    contradicting[header::VERSION] = 1;
    let cases = [
        (
            dir.file("empty.tape", b""),
            "is not a tape: name a file that ends in .tape",
        ),
        (
            dir.file("garbage.tape", &[0x5a; 10_000]),
            "is not a tape: name a file that ends in .tape",
        ),
        (
            dir.file("newer.tape", &newer),
            "has tape format 99, this build reads up to 1: use a newer telensic",
        ),
        (dir.file("torn.tape", &contradicting), "has a damaged header"),
        (dir.path().join("missing.tape"), "No such file or directory"),
    ];
    for (path, expected) in cases {
        for flags in [&[][..], &["--check"], &["--records"], &["--open"]] {
            let complaint = tape(&path, flags).refusal();
            assert!(complaint.contains(expected), "{complaint}");
            assert!(complaint.contains(&path.display().to_string()), "{complaint}");
        }
        let ran = tape(&path, &["--json"]);
        assert_eq!(ran.code, 2);
        let error = &json(&ran.stdout)["tapes"][0]["error"];
        assert!(error.as_str().unwrap().contains(expected), "{error}");
    }
}

#[test]
fn a_directory_without_tapes_says_where_there_are_some() {
    let dir = Dir::new();
    let complaint = tape(dir.path(), &[]).refusal();
    let expected = format!(
        "no tapes in {}: name a file that ends in .tape",
        dir.path().display()
    );
    assert!(complaint.contains(&expected), "{complaint}");

    let_record(Scribe::Pipeline, &dir);
    let complaint = tape(dir.path(), &[]).refusal();
    assert!(
        complaint.contains(&format!("there are some in {}/tapes", dir.path().display())),
        "{complaint}"
    );
}

#[test]
fn a_pipe_is_not_waited_for() {
    let dir = Dir::new();
    let pipe = dir.path().join("pipe.tape");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let complaint = tape(&pipe, &[]).refusal();
    assert!(
        complaint.contains("is no regular file: name a file that ends in .tape"),
        "{complaint}"
    );
    assert!(
        tape(dir.path(), &[]).refusal().contains("no tapes in "),
        "a pipe is none"
    );
}

#[test]
fn no_arguments_are_wrong_usage() {
    for arguments in [&[][..], &["tape"], &["tapes"], &["tape", "--nonsense", "x"]] {
        let ran = run(&mut telensic(arguments));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.stderr.is_empty());
    }
}
