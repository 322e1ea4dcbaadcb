//! The directories: whether they are there or can be made, and take files.

use std::path::Path;

use super::scratch::Scratch;
use super::{Finding, Surroundings};

const MEND: &str = "make it a writable directory, or set TELENSIC_DIR (or --dir) to one";

pub(super) fn look(surroundings: &Surroundings) -> Vec<Finding> {
    let data = place("data-dir", &surroundings.data_dir, MEND);
    let data_fails = data.mend.is_some();
    let mut findings = vec![data];
    if let Some(run) = &surroundings.run_dir {
        let mend = "set TELENSIC_RUN_DIR to a writable directory, or unset it";
        findings.push(place("run-dir", run, mend));
    }
    // Below a place that fails everything does.
    if !data_fails || surroundings.run_dir.is_some() {
        findings.push(place("tape-dir", &surroundings.tape_dir(), MEND));
    }
    let log_dirs = surroundings.log_dirs();
    if log_dirs.is_empty() {
        findings.push(Finding::ok(
            "log-dir",
            "log files are switched off by TELENSIC_LOG_FILES",
        ));
    }
    for dir in log_dirs
        .iter()
        .filter(|dir| !data_fails || !dir.starts_with(&surroundings.data_dir))
    {
        findings.push(place("log-dir", dir, MEND));
    }
    findings
}

fn place(topic: &'static str, dir: &Path, mend: &str) -> Finding {
    let shown = dir.display();
    match Scratch::within(dir) {
        Ok(_) if dir.exists() => Finding::ok(topic, format!("{shown} is there and takes files")),
        Ok(_) => Finding::ok(topic, format!("{shown} is not there yet and can be made")),
        Err((at, _)) if !at.is_dir() => {
            let why = format!("{shown} cannot be written: {} is no directory", at.display());
            Finding::fail(topic, why, mend)
        }
        Err((at, error)) => {
            let why = format!(
                "{shown} cannot be written: making a directory in {} failed: {error}",
                at.display()
            );
            Finding::fail(topic, why, mend)
        }
    }
}
