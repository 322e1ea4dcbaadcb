//! A catalog, a segment, a log that somebody else wrote into.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use telensic_store::Finding;

use crate::support::*;

fn files(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut directories = vec![dir.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_catalog_is_made_again_from_the_segments() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    for trace in 0..3 {
        append_trace(&store, trace, 2);
        store.flush().unwrap();
    }
    let before = store
        .runs(telensic_tape::Signal::Spans, &tenant(), limits())
        .unwrap();
    drop(store);
    let catalog = dir.path().join("catalog.db");
    for what in ["gone", "noise"] {
        match what {
            "gone" => std::fs::remove_file(&catalog).unwrap(),
            _ => std::fs::write(&catalog, b"this is no database at all, is it").unwrap(),
        }
        let opened = open(dir.path());
        assert_eq!(
            opened.findings.contains(&Finding::CatalogRebuilt),
            what == "noise"
        );
        assert_eq!(opened.replayed, 0);
        assert_eq!(all_span_ids(&opened.store).len(), 6);
        assert_eq!(
            opened
                .store
                .runs(telensic_tape::Signal::Spans, &tenant(), limits())
                .unwrap(),
            before
        );
    }
}

#[test]
fn a_segment_that_cannot_be_read_is_named_and_the_others_are_served() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    for trace in 0..3 {
        append_trace(&store, trace, 2);
        store.flush().unwrap();
    }
    drop(store);
    let segments = files(dir.path(), ".parquet");
    let len = std::fs::metadata(&segments[1]).unwrap().len();
    OpenOptions::new()
        .write(true)
        .open(&segments[1])
        .unwrap()
        .set_len(len / 2)
        .unwrap();
    let opened = open(dir.path());
    let [Finding::UnreadableSegment(why)] = opened.findings.as_slice() else {
        panic!("{:?}", opened.findings);
    };
    assert!(
        why.contains(segments[1].file_name().unwrap().to_str().unwrap()),
        "{why}"
    );
    assert_eq!(all_span_ids(&opened.store).len(), 4);
    assert!(segments[1].exists());
}

#[test]
fn damage_in_a_segment_is_an_error_not_a_panic() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    append_trace(&store, 0, 50);
    store.flush().unwrap();
    drop(store);
    let segment = files(dir.path(), ".parquet").pop().unwrap();
    let sound = std::fs::read(&segment).unwrap();
    for at in (4..sound.len()).step_by(97) {
        let mut bent = sound.clone();
        bent[at] ^= 0x55;
        std::fs::write(&segment, bent).unwrap();
        let opened = open(dir.path());
        let rows = opened
            .store
            .trace(telensic_tape::Signal::Spans, &tenant(), trace_id(0), limits());
        // Whatever it says, it says it; other requests are not touched by it.
        if let Ok(rows) = rows {
            assert!(rows.len() <= 50);
        }
        append_trace(&opened.store, 1, 1);
        let rows = opened.store.state().memory_rows;
        assert!(rows >= 1);
    }
}

#[test]
fn a_damaged_stretch_of_the_log_is_reported_and_the_rest_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    (0..3).for_each(|trace| append_trace(&store, trace, 2));
    drop(store);
    let log = files(dir.path(), ".wal").pop().unwrap();
    let len = std::fs::metadata(&log).unwrap().len();
    OpenOptions::new()
        .write(true)
        .open(&log)
        .unwrap()
        .write_all_at(b"????", len / 2)
        .unwrap();
    let opened = open(dir.path());
    assert!(
        matches!(opened.findings.as_slice(), [Finding::Damage(_)]),
        "{:?}",
        opened.findings
    );
    assert_eq!(all_span_ids(&opened.store).len(), 4);
}

#[test]
fn a_log_that_was_lost_gives_out_no_position_twice() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    append_trace(&store, 0, 2);
    store.flush().unwrap();
    drop(store);
    std::fs::remove_dir_all(dir.path().join("log")).unwrap();
    let store = open(dir.path()).store;
    append_trace(&store, 1, 2);
    drop(store);
    let store = open(dir.path()).store;
    assert_eq!(all_span_ids(&store).len(), 4);
    store.flush().unwrap();
    drop(store);
    assert_eq!(all_span_ids(&open(dir.path()).store).len(), 4);
}
