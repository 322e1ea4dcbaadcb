//! What children do: record so many numbered spans, and wait until a file says that they may end.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use telensic::{Builder, log, span};

use crate::support::{Dir, child, given, is_child};

/// A child that records `count` spans named `work`, numbered from `first`, to this endpoint.
pub(crate) fn records(dir: &Dir, endpoint: &str, first: u64, count: u64) -> Command {
    let mut command = child(dir, "work::records_and_ends");
    command
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        .env("OTEL_BSP_SCHEDULE_DELAY", "20")
        .env("OTEL_BLRP_SCHEDULE_DELAY", "20")
        .env("OTEL_EXPORTER_OTLP_TIMEOUT", "2000")
        // Backends answer one request after the other as a test has it: only with what it records.
        .env("OTEL_METRICS_EXPORTER", "none")
        .env("FIRST", first.to_string())
        .env("COUNT", count.to_string());
    command
}

/// Has the child wait, once it has recorded, until there is a file of this name in its directory.
pub(crate) fn until_told<'c>(command: &'c mut Command, file: &str) -> &'c mut Command {
    command.env("WAIT_FOR", file)
}

/// Lets a child go on.
pub(crate) fn tell(dir: &Dir, file: &str) {
    std::fs::write(dir.path().join(file), "").unwrap();
}

/// Whether the child has recorded everything.
pub(crate) fn has_recorded(dir: &Dir) -> bool {
    dir.path().join("recorded").exists()
}

#[test]
#[ignore = "the child of other tests"]
fn records_and_ends() {
    if !is_child() {
        return;
    }
    let dir = given("TELENSIC_DIR");
    let dir = Path::new(&dir);
    let (first, count): (u64, u64) = (given("FIRST").parse().unwrap(), given("COUNT").parse().unwrap());
    let guard = Builder::new("worker")
        .log_files(false)
        .shutdown(Duration::from_secs(10))
        .init();
    for number in first..first + count {
        drop(span("work").with("number", number));
        if number % 100 == 0 {
            log(telensic::Severity::Info, "a hundred more").emit();
        }
    }
    std::fs::write(dir.join("recorded"), "").unwrap();
    if let Ok(file) = std::env::var("WAIT_FOR") {
        // The test that waits for it takes the directory with it, if it fails.
        while dir.exists() && !dir.join(&file).exists() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    let all = guard.shutdown();
    std::fs::write(
        dir.join("stats"),
        format!("{all} {:?}", telensic::export::stats()),
    )
    .unwrap();
}

/// What the child counted when it ended.
pub(crate) fn stats(dir: &Dir) -> String {
    std::fs::read_to_string(dir.path().join("stats")).unwrap()
}
