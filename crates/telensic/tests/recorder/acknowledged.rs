//! A program that records without end and says in shared memory what has returned to it, and the check that
//! all it said is on the tape: for the tests that end it in one way or another.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use telensic::{InSpan, Severity};

use crate::support::{self, Counters, Dir, Val, read};

/// Threads that record, and tasks that do.
const THREADS: usize = 4;
const TASKS: usize = 4;
const WORKERS: usize = THREADS + TASKS;

/// Counters of one worker: spans started, spans ended, log records emitted, spans that stay open.
const STARTED: usize = 0;
const ENDED: usize = 1;
const LOGGED: usize = 2;
const HELD: usize = 3;
const EACH: usize = 8;

/// Spans that each worker opens and never ends.
const HELD_EACH: u64 = 3;

pub(crate) fn counters(dir: &Path) -> Counters {
    Counters::at(&dir.join("acknowledged"))
}

/// How many spans and log records have been acknowledged so far.
pub(crate) fn all(counters: &Counters) -> u64 {
    (0..WORKERS)
        .map(|worker| counters.get(worker * EACH + ENDED) + counters.get(worker * EACH + LOGGED))
        .sum()
}

fn counters_here() -> Counters {
    counters(Path::new(&support::given("TELENSIC_DIR")))
}

/// Records on all threads and tasks, for as long as the process lives; returns once all have begun.
pub(crate) fn begin() {
    for worker in 0..THREADS {
        std::thread::spawn(move || on_thread(worker));
    }
    std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_time()
            .build()
            .unwrap();
        let tasks: Vec<_> = (THREADS..WORKERS)
            .map(|worker| runtime.spawn(as_task(worker)))
            .collect();
        runtime.block_on(async {
            for task in tasks {
                task.await.unwrap();
            }
        });
    });
    let counters = counters_here();
    support::until("the first records of every worker", || {
        (0..WORKERS).all(|worker| counters.get(worker * EACH + LOGGED) > 0)
    });
}

/// Now and then others get a turn, and the tape stays small enough to be read two hundred times.
fn pauses(number: u64) -> bool {
    number % 16 == 15
}

fn on_thread(worker: usize) {
    let counters = counters_here();
    let acknowledge = |counter: usize, number: u64| counters.set(worker * EACH + counter, number);
    let mut held = Vec::new();
    for number in 0..HELD_EACH {
        held.push(telensic::span(&format!("held:{worker}:{number}")).entered());
        acknowledge(HELD, number + 1);
    }
    for number in 0.. {
        let span = telensic::span(&format!("work:{worker}"))
            .with("worker", worker as i64)
            .with("number", number as i64)
            .with("text", text(number).as_str());
        acknowledge(STARTED, number + 1);
        span.end();
        acknowledge(ENDED, number + 1);
        log(worker, number);
        acknowledge(LOGGED, number + 1);
        if pauses(number) {
            std::thread::sleep(std::time::Duration::from_micros(300));
        }
    }
}

async fn as_task(worker: usize) {
    let counters = counters_here();
    let mut held = Vec::new();
    for number in 0..HELD_EACH {
        held.push(telensic::span(&format!("held:{worker}:{number}")));
        counters.set(worker * EACH + HELD, number + 1);
    }
    for number in 0.. {
        let span = telensic::span(&format!("work:{worker}"));
        counters.set(worker * EACH + STARTED, number + 1);
        async {
            telensic::current().set("worker", worker as i64);
            tokio::task::yield_now().await;
            telensic::current().set("number", number as i64);
            if pauses(number) {
                tokio::time::sleep(std::time::Duration::from_micros(300)).await;
            }
            telensic::current().set("text", text(number).as_str());
        }
        .in_span(span)
        .await;
        counters.set(worker * EACH + ENDED, number + 1);
        log(worker, number);
        counters.set(worker * EACH + LOGGED, number + 1);
    }
}

fn log(worker: usize, number: u64) {
    telensic::log(Severity::Info, "logged")
        .with("worker", worker as i64)
        .with("number", number as i64)
        .emit();
}

/// Some values are long: chunks fill fast, and spans have very different sizes.
fn text(number: u64) -> String {
    "x".repeat((number % 7 * 150) as usize)
}

/// Checks that what was acknowledged is on the tape, exactly once, and what was open is listed; returns how
/// much was acknowledged.
pub(crate) fn verify(dir: &Dir, what: &str) -> u64 {
    let counters = counters(dir.path());
    let read = read(dir.path());
    assert_eq!(read.tapes.len(), 1, "{what}");
    let mut spans: HashMap<usize, BTreeSet<u64>> = HashMap::new();
    for span in &read.spans {
        let Some(worker) = span.name.strip_prefix("work:") else {
            panic!("{what}: {} was never ended", span.name);
        };
        let (worker, number) = (worker.parse::<usize>().unwrap(), span.int("number") as u64);
        assert_eq!(span.int("worker"), worker as i64, "{what}");
        assert_eq!(span.get("text"), Some(&Val::Str(text(number))), "{what}");
        assert_eq!(span.attributes.len(), 3, "{what}");
        assert!(span.start <= span.end, "{what}: {span:?}");
        let new = spans.entry(worker).or_default().insert(number);
        assert!(new, "{what}: span {number} of {worker} is there twice");
    }
    let mut logs: HashMap<usize, BTreeSet<u64>> = HashMap::new();
    for log in &read.logs {
        if log.body != Val::from("logged") {
            continue;
        }
        let (worker, number) = (log.int("worker") as usize, log.int("number") as u64);
        let new = logs.entry(worker).or_default().insert(number);
        assert!(new, "{what}: log record {number} of {worker} is there twice");
    }
    let open = read.open();
    let listed: HashSet<&str> = open.iter().map(String::as_str).collect();
    for worker in 0..WORKERS {
        let count = |counter: usize| counters.get(worker * EACH + counter);
        let (started, ended, logged) = (count(STARTED), count(ENDED), count(LOGGED));
        let spans = spans.remove(&worker).unwrap_or_default();
        // Without a gap from the first on; what returned after the last acknowledgement may be there too.
        assert!(
            spans.iter().copied().eq(0..spans.len() as u64),
            "{what}: {worker}"
        );
        assert!(
            (ended..=ended + 1).contains(&(spans.len() as u64)),
            "{what}: {ended} {spans:?}"
        );
        let logs = logs.remove(&worker).unwrap_or_default();
        assert!(logs.iter().copied().eq(0..logs.len() as u64), "{what}: {worker}");
        assert!(
            (logged..=logged + 1).contains(&(logs.len() as u64)),
            "{what}: {logged} {logs:?}"
        );
        let named = open
            .iter()
            .filter(|name| **name == format!("work:{worker}"))
            .count();
        if started > spans.len() as u64 {
            assert_eq!(
                named, 1,
                "{what}: span {started} of {worker} was started, and is nowhere"
            );
        } else {
            // At most the one that was being started.
            assert!(named <= 1, "{what}: {open:?}");
        }
        for number in 0..count(HELD) {
            let name = format!("held:{worker}:{number}");
            assert!(
                listed.contains(name.as_str()),
                "{what}: {name} is not among {open:?}"
            );
        }
    }
    all(&counters)
}
