//! Two kinds of crash: one at every step that the shelf takes, one by `kill -9` at any moment of a process under load.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use telensic_store::shelf::{LocalShelf, Shelf};
use telensic_store::wal::{Durability, LogOptions};
use telensic_store::{Retention, Store, StoreError, StoreOptions, Upkeep};
use telensic_tape::UnixNanos;

use crate::support::*;

/// A shelf that takes so many steps and then none: as a machine that stops there. A `put` has two steps, since it can
/// stop before or after the file is there.
#[derive(Debug)]
struct Stopping {
    shelf: LocalShelf,
    steps: AtomicI64,
}

impl Stopping {
    fn step(&self, name: &str) -> Result<(), StoreError> {
        if self.steps.fetch_sub(1, Ordering::Relaxed) > 0 {
            return Ok(());
        }
        // Any error will do; this one needs no constructor.
        self.shelf.read(&format!("{name}.stopped"), &[]).map(drop)
    }
}

impl Shelf for Stopping {
    fn list(&self) -> Result<Vec<(String, u64)>, StoreError> {
        self.shelf.list()
    }

    fn put(&self, name: &str, bytes: Bytes) -> Result<(), StoreError> {
        self.step(name)?;
        self.shelf.put(name, bytes)?;
        self.step(name)
    }

    fn read(&self, name: &str, ranges: &[Range<u64>]) -> Result<Vec<Bytes>, StoreError> {
        self.shelf.read(name, ranges)
    }

    fn remove(&self, name: &str) -> Result<(), StoreError> {
        self.step(name)?;
        self.shelf.remove(name)
    }
}

fn expected(traces: u64) -> Vec<(Vec<u8>, Vec<u8>)> {
    let spans = (0..traces).flat_map(|trace| (0..3).map(move |number| span(trace, number)));
    let mut ids: Vec<_> = spans.map(|span| (span.trace_id, span.span_id)).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn a_stop_at_every_step_of_flush_compaction_and_retention_is_survived() {
    let retention = Retention {
        age: Some(Duration::from_secs(3600)),
        bytes: None,
    };
    for steps in 0..24 {
        let dir = tempfile::tempdir().unwrap();
        let shelf = Stopping {
            shelf: LocalShelf::open(&dir.path().join("segments")).unwrap(),
            steps: AtomicI64::new(steps),
        };
        let options = StoreOptions {
            retention,
            ..options()
        };
        let store = Store::open_with_shelf(dir.path(), Arc::new(shelf), options.clone())
            .unwrap()
            .store;
        let mut traces = 0;
        for _ in 0..6 {
            append_trace(&store, traces, 3);
            traces += 1;
            // What fails now is done later; nothing is lost meanwhile.
            let _ = store.flush();
            assert_eq!(
                all_span_ids(&store),
                expected(traces),
                "{steps} steps, after a flush"
            );
        }
        let _ = store.compact();
        assert_eq!(
            all_span_ids(&store),
            expected(traces),
            "{steps} steps, after a compaction"
        );
        drop(store);
        let store = Store::open(dir.path(), options.clone()).unwrap().store;
        assert_eq!(
            all_span_ids(&store),
            expected(traces),
            "{steps} steps, after a restart"
        );
        store.flush().unwrap();
        store.compact().unwrap();
        assert_eq!(
            all_span_ids(&store),
            expected(traces),
            "{steps} steps, when all is done"
        );
        let segments = store.state().segments;
        assert!(segments > 0);
        assert_eq!(store.retain(UnixNanos(7_200_000_000_000)).unwrap(), segments);
        drop(store);
        let store = Store::open(dir.path(), options).unwrap().store;
        assert_eq!(all_span_ids(&store), [], "{steps} steps, expired");
    }
}

const CHILD: &str = "TELENSIC_STORE_TEST_DIR";

/// Not a test of its own: what the next one kills.
#[test]
fn a_process_under_load() {
    let Some(dir) = std::env::var_os(CHILD) else {
        return;
    };
    let options = StoreOptions {
        log: LogOptions {
            durability: Durability::Process,
            file_bytes: 20_000,
            ..LogOptions::default()
        },
        upkeep: Upkeep::OnCall,
        ..StoreOptions::default()
    };
    let first: u64 = std::env::var("TELENSIC_STORE_TEST_FIRST")
        .unwrap()
        .parse()
        .unwrap();
    let store = Arc::new(Store::open(dir.as_ref(), options).unwrap().store);
    let keeper = store.clone();
    std::thread::spawn(move || {
        loop {
            keeper.flush().unwrap();
            keeper.compact().unwrap();
        }
    });
    for trace in first.. {
        append_trace(&store, trace, 3);
        // Acknowledged: from here on it must be found.
        println!("\nacknowledged {trace}");
    }
}

#[test]
fn kill_9_at_any_moment_loses_nothing_and_doubles_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged = BTreeSet::new();
    let mut first = 0;
    for round in 0..20u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(
                [
                    "--exact",
                    "--nocapture",
                    concat!(module_path!(), "::a_process_under_load"),
                ]
                .map(strip),
            )
            .env(CHILD, dir.path())
            .env("TELENSIC_STORE_TEST_FIRST", first.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // After some answers, and then a while that is another each time.
        let answers = 1 + round * 7 % 31;
        let mut seen = 0;
        for line in lines.by_ref() {
            let line = line.unwrap();
            let Some(trace) = line.strip_prefix("acknowledged ") else {
                continue;
            };
            acknowledged.insert(trace.parse::<u64>().unwrap());
            seen += 1;
            if seen == answers {
                break;
            }
        }
        assert_eq!(seen, answers, "the child ended by itself");
        std::thread::sleep(Duration::from_micros(round * 977 % 5000));
        child.kill().unwrap();
        child.wait().unwrap();
        // What it said before it died, but nobody had read yet.
        for line in lines.map_while(Result::ok) {
            if let Some(Ok(trace)) = line.strip_prefix("acknowledged ").map(str::parse) {
                acknowledged.insert(trace);
            }
        }
        let store = open(dir.path()).store;
        let found = all_span_ids(&store);
        let once: BTreeSet<_> = found.iter().cloned().collect();
        assert_eq!(once.len(), found.len(), "round {round}: a span is there twice");
        for trace in &acknowledged {
            for number in 0..3 {
                let span = span(*trace, number);
                assert!(
                    once.contains(&(span.trace_id, span.span_id)),
                    "round {round}: trace {trace} is lost"
                );
            }
        }
        first = acknowledged.last().unwrap() + 1000;
    }
    assert!(acknowledged.len() > 200, "{} answers", acknowledged.len());
}

/// A test's name has no crate in it.
fn strip(argument: &str) -> &str {
    argument.strip_prefix("store::").unwrap_or(argument)
}
