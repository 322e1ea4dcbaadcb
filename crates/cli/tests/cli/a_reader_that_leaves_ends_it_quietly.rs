use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use crate::support::{Dir, Scribe, let_record, tape_in, telensic};

#[test]
fn a_pipe_that_is_closed_after_one_line_is_no_error() {
    let dir = Dir::new();
    let_record(Scribe::Much, &dir);
    for flags in [&["--records"][..], &["--records", "--json"]] {
        let mut process = telensic(&["tape"])
            .arg(tape_in(&dir))
            .args(flags)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        // As `head -1`: reads one line and goes.
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert!(line.contains("operation"), "{line}");
        let mut complaint = String::new();
        process
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut complaint)
            .unwrap();
        assert_eq!(
            (process.wait().unwrap().code(), complaint.as_str()),
            (Some(0), "")
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_is_full_is_an_error() {
    let dir = Dir::new();
    let_record(Scribe::Pipeline, &dir);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = telensic(&["tape"])
        .arg(tape_in(&dir))
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(
        complaint.starts_with("telensic: cannot write the output: "),
        "{complaint}"
    );
}
