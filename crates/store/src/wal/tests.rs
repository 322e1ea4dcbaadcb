//! What the log promises: order, wholeness, healing, isolation, budget.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;
use telensic_tape::{Signal, UnixNanos};

use super::{Cursor, Durability, Entry, Hold, Log, LogOptions, Opened, Position, ReadBatch};
use crate::StoreErrorKind;

fn entry(body: impl Into<Bytes>) -> Entry {
    Entry {
        signal: Signal::Spans,
        tenant: "acme".parse().unwrap(),
        received: UnixNanos(42),
        rows: 1,
        body: body.into(),
    }
}

fn options() -> LogOptions {
    LogOptions {
        durability: Durability::Process,
        ..LogOptions::default()
    }
}

fn open(dir: &Path, options: LogOptions) -> Opened {
    Log::open(dir, options, |_| {}).unwrap()
}

fn append(log: &Log, body: impl Into<Bytes>) -> Position {
    log.append(entry(body)).unwrap().wait().unwrap()
}

fn read_all(cursor: &mut Cursor, at_most: usize) -> ReadBatch {
    let mut all = ReadBatch::default();
    loop {
        let batch = cursor.read(at_most).unwrap();
        if batch.frames.is_empty() && batch.damages.is_empty() {
            all.next = batch.next;
            return all;
        }
        all.frames.extend(batch.frames);
        all.damages.extend(batch.damages);
        all.skipped_bytes += batch.skipped_bytes;
    }
}

fn bodies(batch: &ReadBatch) -> Vec<String> {
    let body = |frame: &super::Frame| String::from_utf8_lossy(&frame.entry.body).into_owned();
    batch.frames.iter().map(body).collect()
}

fn only_file(dir: &Path) -> PathBuf {
    super::directory::list(dir).unwrap().pop().unwrap().path
}

#[test]
fn frames_come_back_in_order_with_all_that_was_said_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = seen.clone();
    let on_commit = move |frames: Vec<super::Frame>| sink.lock().unwrap().extend(frames);
    let log = Log::open(dir.path(), LogOptions::default(), on_commit)
        .unwrap()
        .log;
    let mut positions = Vec::new();
    for number in 0..10 {
        positions.push(append(&log, format!("body {number}")));
    }
    let mut cursor = log.cursor("store", Hold::Essential).unwrap();
    let batch = read_all(&mut cursor, 1);
    assert_eq!(
        bodies(&batch),
        (0..10).map(|n| format!("body {n}")).collect::<Vec<_>>()
    );
    assert_eq!(
        batch
            .frames
            .iter()
            .map(|frame| frame.position)
            .collect::<Vec<_>>(),
        positions
    );
    let first = &batch.frames[0].entry;
    assert_eq!(
        (first.signal, first.tenant.as_str(), first.received),
        (Signal::Spans, "acme", UnixNanos(42))
    );
    assert_eq!(batch.next, log.committed());
    let handed: Vec<_> = seen.lock().unwrap().iter().map(|frame| frame.position).collect();
    assert_eq!(handed, positions);
}

#[test]
fn many_writers_share_a_commit_and_nobody_is_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path(), LogOptions::default()).log;
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let log = &log;
            scope.spawn(move || {
                let receipts: Vec<_> = (0..50)
                    .map(|n| log.append(entry(format!("{writer}-{n}"))).unwrap())
                    .collect();
                receipts
                    .into_iter()
                    .for_each(|receipt| assert!(receipt.wait().is_ok()));
            });
        }
    });
    let state = log.state();
    assert_eq!(state.frames, 400);
    assert!(state.commits < 400, "{} commits", state.commits);
    let mut cursor = log.cursor("store", Hold::Essential).unwrap();
    let mut found = bodies(&read_all(&mut cursor, 1 << 20));
    // Of each writer in its order.
    found.sort_by_key(|body| body.split('-').next().unwrap().to_owned());
    let expected: Vec<_> = (0..8)
        .flat_map(|w| (0..50).map(move |n| format!("{w}-{n}")))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_torn_tail_is_cut_off_wherever_the_crash_was() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path(), options()).log;
    append(&log, "first");
    let whole = log.committed().0;
    append(&log, "second, which is cut");
    let end = log.committed().0;
    drop(log);
    let bytes = std::fs::read(only_file(dir.path())).unwrap();
    for cut in whole..end {
        let copy = tempfile::tempdir().unwrap();
        let path = copy.path().join(only_file(dir.path()).file_name().unwrap());
        std::fs::write(&path, &bytes[..cut as usize]).unwrap();
        let opened = open(copy.path(), options());
        assert_eq!(opened.torn_bytes, cut - whole);
        append(&opened.log, "third");
        let mut cursor = opened.log.cursor("store", Hold::Essential).unwrap();
        let batch = read_all(&mut cursor, 1 << 20);
        assert_eq!(bodies(&batch), ["first", "third"], "cut at {cut}");
        assert!(batch.damages.is_empty());
    }
}

#[test]
fn a_corrupt_middle_costs_its_own_frame_and_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path(), options()).log;
    let positions: Vec<_> = ["one", "two", "three"].map(|body| append(&log, body)).into();
    drop(log);
    let path = only_file(dir.path());
    let sound = std::fs::read(&path).unwrap();
    // Every byte of the second frame in turn.
    for at in positions[1].0..positions[2].0 {
        let file = OpenOptions::new().write(true).open(&path).unwrap();
        file.write_all_at(&sound, 0).unwrap();
        file.write_all_at(&[!sound[at as usize]], at).unwrap();
        let opened = open(dir.path(), options());
        assert_eq!(opened.torn_bytes, 0);
        for at_most in [1, 50, 1 << 20] {
            let mut cursor = opened.log.cursor("store", Hold::Essential).unwrap();
            let batch = read_all(&mut cursor, at_most);
            assert_eq!(bodies(&batch), ["one", "three"], "byte {at}");
            assert_eq!(batch.damages.len(), 1);
            assert_eq!(
                (batch.damages[0].from, batch.damages[0].to),
                (positions[1], positions[2])
            );
        }
    }
}

#[test]
fn a_body_that_looks_like_a_frame_is_not_taken_for_one() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path(), options()).log;
    append(&log, "one");
    drop(log);
    let path = only_file(dir.path());
    let file = std::fs::read(&path).unwrap();
    let log = open(dir.path(), options()).log;
    let second = append(&log, Bytes::copy_from_slice(&file[32..]));
    append(&log, "three");
    drop(log);
    OpenOptions::new()
        .write(true)
        .open(&path)
        .unwrap()
        .write_all_at(b"X", second.0)
        .unwrap();
    let log = open(dir.path(), options()).log;
    let mut cursor = log.cursor("store", Hold::Essential).unwrap();
    assert_eq!(bodies(&read_all(&mut cursor, 1 << 20)), ["one", "three"]);
}

#[test]
fn cursors_come_back_to_what_was_not_acknowledged_and_done_files_go() {
    let dir = tempfile::tempdir().unwrap();
    let small = LogOptions {
        file_bytes: 200,
        ..options()
    };
    let log = open(dir.path(), small.clone()).log;
    for number in 0..20 {
        append(&log, format!("number {number}"));
    }
    let mut fast = log.cursor("fast", Hold::Droppable).unwrap();
    let slow = log.cursor("slow", Hold::Droppable).unwrap();
    let batch = fast.read(1).unwrap();
    fast.acknowledge(batch.next).unwrap();
    assert_eq!(log.state().oldest, Position(32), "the slow one holds it");
    drop((fast, slow, log));
    let log = open(dir.path(), small).log;
    let mut fast = log.cursor("fast", Hold::Droppable).unwrap();
    let rest = read_all(&mut fast, 1 << 20);
    assert_eq!(bodies(&rest)[0], "number 1");
    assert_eq!(rest.frames.len(), 19);
    fast.acknowledge(rest.next).unwrap();
    assert_eq!(fast.lag().bytes, 0);
    log.remove_cursor("slow").unwrap();
    assert!(log.state().bytes <= 200, "{:?}", log.state());
    assert!(!fast.wait(Duration::ZERO));
}

#[test]
fn at_the_budget_a_slow_reader_loses_the_oldest_and_it_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let tight = LogOptions {
        file_bytes: 200,
        disk_budget: 1000,
        ..options()
    };
    let log = open(dir.path(), tight).log;
    let mut slow = log.cursor("slow", Hold::Droppable).unwrap();
    for number in 0..100 {
        append(&log, format!("number {number:03}"));
    }
    let state = log.state();
    assert!(state.bytes <= 1000, "{state:?}");
    let read = read_all(&mut slow, 1 << 20);
    assert!(read.skipped_bytes > 0);
    assert_eq!(state.dropped_frames + read.frames.len() as u64, 100);
    assert_eq!(bodies(&read).last().unwrap(), "number 099");
}

#[test]
fn at_the_budget_what_must_not_be_lost_stops_the_appends_until_it_is_done_with() {
    let dir = tempfile::tempdir().unwrap();
    let tight = LogOptions {
        file_bytes: 200,
        disk_budget: 1000,
        ..options()
    };
    let log = open(dir.path(), tight).log;
    let mut store = log.cursor("store", Hold::Essential).unwrap();
    let mut kept = 0;
    let refused = loop {
        match log.append(entry("twelve bytes")).unwrap().wait() {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(refused.kind(), StoreErrorKind::Full);
    let read = read_all(&mut store, 1 << 20);
    assert_eq!(read.frames.len(), kept);
    store.acknowledge(read.next).unwrap();
    append(&log, "there is room again");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_a_reader_panic_or_lose_count(
        noise in proptest::collection::vec(any::<u8>(), 0..300),
        flips in proptest::collection::vec((any::<u16>(), any::<u8>()), 0..6),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let log = open(dir.path(), options()).log;
        for body in ["one", "two", "three"] {
            append(&log, body);
        }
        drop(log);
        let path = only_file(dir.path());
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend(noise);
        let len = bytes.len();
        for (at, with) in flips {
            bytes[usize::from(at) % len] = with;
        }
        std::fs::write(&path, &bytes).unwrap();
        let Ok(opened) = Log::open(dir.path(), options(), |_| {}) else { return Ok(()) };
        append(&opened.log, "four");
        let mut cursor = opened.log.cursor("store", Hold::Essential).unwrap();
        let batch = read_all(&mut cursor, 64);
        prop_assert_eq!(bodies(&batch).pop().unwrap(), "four");
        // Frames and damages cover the file without gap or overlap.
        let mut pieces: Vec<_> = batch.frames.iter().map(|frame| (frame.position, frame.end)).collect();
        pieces.extend(batch.damages.iter().map(|damage| (damage.from, damage.to)));
        pieces.sort_unstable();
        let mut at = Position(32);
        for (from, to) in pieces {
            prop_assert_eq!(from, at);
            at = to;
        }
        prop_assert_eq!(at, opened.log.committed());
    }
}
