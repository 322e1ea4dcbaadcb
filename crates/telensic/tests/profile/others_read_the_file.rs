//! The file is what it is called: `go tool pprof` reads it, labels and all.

use std::process::Command;

use telensic::Run;

use crate::busy::{A_WHILE, price_options};
use crate::profiled::profiled;
use crate::support::is_child;

#[test]
#[ignore = "the child of the test below"]
fn one_stage() {
    if !is_child() {
        return;
    }
    let run = Run::start("nightly").unwrap();
    let stage = telensic::spans::run_stage("pricing").entered();
    price_options(A_WHILE);
    drop(stage);
    run.finish().unwrap();
}

#[test]
fn go_tool_pprof_reads_functions_and_labels() {
    let done = profiled("others_read_the_file::one_stage");
    let file = &done.pprof()[0];
    let pprof = |flags: &[&str]| {
        Command::new("go")
            .args(["tool", "pprof", "-symbolize=none"])
            .args(flags)
            .arg(file)
            .output()
    };
    let Ok(top) = pprof(&["-top", "-cum"]) else {
        println!("skipped: there is no go here");
        return;
    };
    let top = String::from_utf8_lossy(&top.stdout).into_owned();
    assert!(top.contains("price_options"), "{top}");
    let tags = pprof(&["-tags"]).unwrap();
    let tags = String::from_utf8_lossy(&tags.stdout).into_owned();
    assert!(
        tags.contains("stage: Total") && tags.contains("pricing"),
        "{tags}"
    );
}
