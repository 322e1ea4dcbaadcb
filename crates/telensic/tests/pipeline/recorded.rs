//! Runs of pipelines in child processes, and what is on their tapes.

use telensic::{DataRoot, Run};

use crate::support::{Dir, Read, ReadSpan, child, read_run, succeed};

/// A run of the profile `nightly`, in a child.
pub(crate) fn begin() -> Run {
    Run::start("nightly").unwrap()
}

/// Runs a child, and reads what the one run in its directory recorded.
pub(crate) fn run_of(test: &str) -> Read {
    let dir = Dir::new();
    succeed(child(&dir, test).env("TELENSIC_KEY", dir.path().join("seal.key")));
    read_only_run(&dir)
}

pub(crate) fn read_only_run(dir: &Dir) -> Read {
    match &DataRoot::new(dir.path()).list().unwrap()[..] {
        [run] => read_run(run.path()),
        runs => panic!("{} runs", runs.len()),
    }
}

/// The names from the root down to this span.
pub(crate) fn path(read: &Read, span: &ReadSpan) -> String {
    match span.parent {
        None => span.name.clone(),
        Some(parent) => format!("{} / {}", path(read, read.by_id()[&parent]), span.name),
    }
}
