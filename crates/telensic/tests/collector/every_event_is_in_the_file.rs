//! The file keeps every event, a JSON object a line, over rotations, troubles of the disk, and the end of the process.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use serde_json::Value as Json;
use telensic::collector::{CollectorConfig, TelemetryCollector, TelemetryEvent, configure, get_collector};

use crate::support::{Dir, child, is_child, lines, succeed};

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn with_all_its_parts() {
    let dir = Dir::new();
    let config = CollectorConfig::new().persistence_file(dir.path().join("events.jsonl"));
    let collector = TelemetryCollector::new(config);
    collector.add(
        TelemetryEvent::performance("quote", Duration::from_millis(250))
            .provider("finnhub")
            .source("loader")
            .with("symbol", "AAPL \"\n\u{1}")
            .with("is_cached", false)
            .with("nothing", f64::NAN),
    );
    collector.add_error_event(&std::fmt::Error, "finnhub", "quote");
    collector.add_metric_event("cpu_usage", f64::INFINITY, &[("host", "a")]);
    assert!(collector.flush(PATIENCE));
    let lines = lines(dir.path());
    let part = |line: usize, path: &str| Json::Object(lines[line].clone()).pointer(path).cloned();
    assert_eq!(lines.len(), 3);
    for (line, path, expected) in [
        (0, "/type", "performance".into()),
        (0, "/provider", "finnhub".into()),
        (0, "/source", "loader".into()),
        (0, "/operation", "quote".into()),
        (0, "/duration_seconds", 0.25.into()),
        (0, "/data/symbol", "AAPL \"\n\u{1}".into()),
        (0, "/data/is_cached", false.into()),
        (0, "/data/nothing", "NaN".into()),
        (1, "/type", "error".into()),
        (1, "/error/type", "core::fmt::Error".into()),
        (2, "/value", "Infinity".into()),
        (2, "/data/host", "a".into()),
    ] {
        let expected: Json = expected;
        assert_eq!(part(line, path), Some(expected), "{path}");
    }
    assert!(part(0, "/ts").unwrap().as_str().unwrap().ends_with('Z'));
    assert_eq!(part(2, "/duration_seconds"), None);
}

/// The numbers in all files of a directory, rotated and compressed ones too.
fn numbers(dir: &Path) -> Vec<u64> {
    let mut text = String::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let file = std::fs::File::open(&path).unwrap();
        if path.extension().is_some_and(|extension| extension == "gz") {
            flate2::read::GzDecoder::new(file)
                .read_to_string(&mut text)
                .unwrap();
        } else {
            { file }.read_to_string(&mut text).unwrap();
        }
    }
    let mut numbers: Vec<u64> = text
        .lines()
        .map(|line| {
            serde_json::from_str::<Json>(line).unwrap()["value"]
                .as_f64()
                .unwrap() as u64
        })
        .collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn over_rotations_and_a_queue_that_is_too_small() {
    let dir = Dir::new();
    let config = CollectorConfig::new()
        .max_events(1)
        .rotate_at(50_000)
        .persistence_file(dir.path().join("events.jsonl"));
    let collector = TelemetryCollector::new(config);
    for number in 0..5_000_u32 {
        collector.add_metric_event("number", f64::from(number), &[]);
    }
    assert!(collector.stop(PATIENCE));
    assert!(
        std::fs::read_dir(dir.path()).unwrap().count() > 3,
        "it was rotated"
    );
    assert_eq!(numbers(dir.path()), (0..5_000).collect::<Vec<_>>());
}

#[test]
fn once_a_disk_that_took_nothing_takes_something_again() {
    let dir = Dir::new();
    let taken = dir.path().join("place");
    // A file where the directory should be.
    std::fs::write(&taken, "").unwrap();
    let config = CollectorConfig::new()
        .flush_interval(Duration::from_millis(50))
        .persistence_file(taken.join("events.jsonl"));
    let collector = TelemetryCollector::new(config);
    for number in 0..10_u32 {
        collector.add_metric_event("number", f64::from(number), &[]);
    }
    assert!(collector.flush(PATIENCE), "the file is not waited for");
    std::fs::remove_file(&taken).unwrap();
    let is_there = (0..1_000).any(|_| {
        std::thread::sleep(Duration::from_millis(20));
        taken.is_dir() && numbers(&taken).len() == 10
    });
    assert!(is_there);
}

#[test]
fn also_if_the_program_ends_at_once() {
    let dir = Dir::new();
    succeed(&mut child(&dir, "every_event_is_in_the_file::adds_and_ends"));
    assert_eq!(numbers(&dir.path().join("kept")), (0..100).collect::<Vec<_>>());
}

#[test]
#[ignore = "the child of the test above"]
fn adds_and_ends() {
    if !is_child() {
        return;
    }
    let _guard = telensic::Builder::new("short").log_files(false).init();
    let dir = std::path::PathBuf::from(std::env::var_os("TELENSIC_DIR").unwrap());
    assert!(configure(
        CollectorConfig::new().persistence_file(dir.join("kept/events.jsonl"))
    ));
    for number in 0..100_u32 {
        get_collector().add_metric_event("number", f64::from(number), &[]);
    }
}
