//! Writes runs: tapes span by span, or whole traces from a picture.

mod drawing;
mod recorder;

pub(crate) use drawing::Drawing;
pub(crate) use recorder::{Recorder, Spec};

use std::path::PathBuf;

use telensic_forensics::{Health, RunSummary, Timeline};
use telensic_run::{Manifest, RunId, RunStatus};
use telensic_tape::UnixNanos;

/// When everything in the tests begins: later than any clock, so that a tape is last heard of when its records say.
pub(crate) const START: u64 = 4_000_000_000_000_000_000;

pub(crate) fn read(tapes: &[PathBuf]) -> Timeline {
    Timeline::of_tapes(tapes.iter().map(AsRef::as_ref))
}

/// The manifest of a run that began at second so many.
pub(crate) fn manifest(second: u64, status: RunStatus) -> Manifest {
    let id = RunId::of(UnixNanos(START + second * 1_000_000_000), 0xabcd);
    let mut manifest = Manifest::begin(id, "nightly");
    manifest.status = status;
    manifest.started_unix_nano = START + second * 1_000_000_000;
    manifest
}

pub(crate) fn health(timeline: &Timeline) -> Health {
    Health::of(timeline, &manifest(0, RunStatus::Succeeded), &[])
}

/// The summary of a run with these stages, in nanoseconds, one after another.
pub(crate) fn summary(second: u64, status: RunStatus, stages: &[(&str, u64)]) -> RunSummary {
    let timeline = one_after_another(stages);
    Health::of(&timeline, &manifest(second, status), &[]).summary()
}

/// A run of these stages, in nanoseconds, one after another.
pub(crate) fn one_after_another(stages: &[(&str, u64)]) -> Timeline {
    let dir = tempfile::tempdir().expect("a directory");
    let mut recorder = Recorder::new(dir.path(), "engine");
    let mut at = 0;
    for (number, (stage, duration)) in (2..).zip(stages) {
        let name = format!("run_stage:{stage}");
        recorder.span(Spec::new(number, 1, &name, at, at + duration));
        at += duration;
    }
    recorder.span(Spec::new(1, 0, "pipeline:nightly", 0, at));
    read(&[recorder.close()])
}
