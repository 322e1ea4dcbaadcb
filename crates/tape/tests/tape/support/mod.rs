//! What the tests write to a tape and how they read it back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use telensic_tape::otlp::{self, AnyView, Value, field};
use telensic_tape::{Batch, Clock, Lane, Loss, Mode, Signal, Tape, TapeOptions, TapeWriter};

/// A directory of this test's own, removed at its end.
pub(crate) struct Dir(PathBuf);

impl Dir {
    pub(crate) fn new() -> Self {
        Self::within(&std::env::temp_dir())
    }

    pub(crate) fn within(parent: &Path) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let dir = parent.join(format!("tape-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The tapes in it.
    pub(crate) fn tapes(&self) -> Vec<PathBuf> {
        let mut tapes: Vec<PathBuf> = std::fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "tape"))
            .collect();
        tapes.sort();
        tapes
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Options for a run with a small open-span table.
pub(crate) fn run(dir: &Path) -> TapeOptions {
    TapeOptions::new(dir).mode(Mode::Run).open_spans(64)
}

/// Options for a ring with a small open-span table.
pub(crate) fn ring(dir: &Path, budget: u64) -> TapeOptions {
    TapeOptions::new(dir).mode(Mode::Ring { budget }).open_spans(64)
}

pub(crate) fn scope(name: &str) -> Arc<[u8]> {
    let mut scope = Vec::new();
    otlp::put_scope(&mut scope, name, "1.0");
    Arc::from(scope)
}

/// What tells a record from every other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) signal: Signal,
    pub(crate) thread: u32,
    pub(crate) number: u32,
}

/// An encoded record that carries its key and so much ballast.
pub(crate) fn record(key: Key, ballast: usize) -> Vec<u8> {
    let mut record = Vec::new();
    match key.signal {
        Signal::Spans => {
            let id = (u64::from(key.thread) + 1) << 32 | u64::from(key.number);
            otlp::put_bytes(&mut record, field::span::TRACE_ID, &[7; 16]);
            otlp::put_bytes(&mut record, field::span::SPAN_ID, &id.to_be_bytes());
            otlp::put_bytes(&mut record, field::span::NAME, b"work");
            otlp::put_fixed64(&mut record, field::span::START, 1);
            otlp::put_fixed64(&mut record, field::span::END, 2);
            if ballast > 0 {
                let ballast = "x".repeat(ballast);
                otlp::put_attribute(
                    &mut record,
                    field::span::ATTRIBUTE,
                    "ballast",
                    Value::Str(&ballast),
                );
            }
        }
        _ => {
            Value::Str(&"x".repeat(ballast)).put(&mut record, field::log::BODY);
            let number = i64::from(key.thread) << 32 | i64::from(key.number);
            otlp::put_attribute(&mut record, field::log::ATTRIBUTE, "key", Value::I64(number));
        }
    }
    record
}

/// Appends a record and says whether it was taken.
pub(crate) fn append(
    lane: &mut Lane,
    signal: Signal,
    thread: u32,
    number: u32,
    ballast: usize,
) -> Result<(), Loss> {
    let key = Key {
        signal,
        thread,
        number,
    };
    lane.append(&record(key, ballast), Clock::get().now())
}

/// The keys of a body's records.
pub(crate) fn keys(signal: Signal, body: &[u8]) -> Vec<Key> {
    otlp::Repeated::new(body, field::scope_records::RECORD)
        .map(|record| key(signal, record.unwrap()))
        .collect()
}

fn key(signal: Signal, record: &[u8]) -> Key {
    let number = match signal {
        Signal::Spans => {
            let span = otlp::SpanView::parse(record).unwrap();
            u64::from_be_bytes(span.span_id.to_bytes()) - (1 << 32)
        }
        _ => {
            let log = otlp::LogView::parse(record).unwrap();
            match log.attributes().find("key") {
                Some(AnyView::I64(number)) => number as u64,
                other => panic!("a record without its key: {other:?}"),
            }
        }
    };
    Key {
        signal,
        thread: (number >> 32) as u32,
        number: number as u32,
    }
}

/// How often each record is on the tape, by scope.
pub(crate) fn on_tape(tape: &Tape) -> BTreeMap<(String, Key), u32> {
    let mut found = BTreeMap::new();
    for chunk in tape.chunks() {
        let body = match tape.body(chunk) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            body => body.unwrap(),
        };
        let scope = body.scope().unwrap().name.to_owned();
        let keys = keys(chunk.signal(), body.bytes());
        if tape.head().is_closed() {
            assert_eq!(
                keys.len() as u64,
                chunk.records(),
                "chunk {} counts wrongly",
                chunk.id()
            );
        }
        for key in keys {
            *found.entry((scope.clone(), key)).or_default() += 1;
        }
    }
    found
}

/// All records on a tape, each of which must be there once.
pub(crate) fn numbers(tape: &Tape) -> BTreeMap<u32, Vec<u32>> {
    let mut threads: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for ((_, key), times) in on_tape(tape) {
        assert_eq!(times, 1, "{key:?} is there more than once");
        threads.entry(key.thread).or_default().push(key.number);
    }
    threads
}

/// A tape without any damage.
pub(crate) fn open_sound(path: impl AsRef<Path>) -> Tape {
    let tape = Tape::open(path).unwrap();
    assert_eq!(tape.check(), [], "{:?}", tape.path());
    tape
}

/// Records lost, for every reason together.
pub(crate) fn lost(tape: &TapeWriter) -> u64 {
    Loss::ALL.iter().map(|reason| tape.lost(*reason)).sum()
}

/// What a consumer has been shown.
#[derive(Debug, Default)]
pub(crate) struct Seen(pub(crate) BTreeMap<Key, u32>);

impl Seen {
    pub(crate) fn take(&mut self, batch: Batch<'_>) {
        for key in keys(batch.signal, batch.records) {
            *self.0.entry(key).or_default() += 1;
        }
    }

    pub(crate) fn assert_once_each(&self) {
        for (key, times) in &self.0 {
            assert_eq!(*times, 1, "{key:?} was shown more than once");
        }
    }
}

/// Set when it is dropped, so that a test that fails ends its threads too.
#[derive(Debug)]
pub(crate) struct Done<'a>(pub(crate) &'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// This program again, to run just the test of this path as the child.
pub(crate) fn child(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            test,
            "--exact",
            "--nocapture",
            "--test-threads=1",
            "--include-ignored",
        ])
        .env(CHILD, "1");
    command
}

const CHILD: &str = "TELENSIC_TAPE_TEST_CHILD";

/// Whether this is the child of a test.
pub(crate) fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

/// A value that the test gave its child.
pub(crate) fn given(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} was not given"))
}

/// Limits the size of the files of this process.
pub(crate) fn limit_file_size(bytes: Option<u64>) {
    #![expect(unsafe_code, reason = "a system call")]
    let limit = libc::rlimit {
        rlim_cur: bytes.unwrap_or(libc::RLIM_INFINITY),
        rlim_max: libc::RLIM_INFINITY,
    };
    // SAFETY: reads the structure that it is given.
    let result = unsafe { libc::setrlimit(libc::RLIMIT_FSIZE, &limit) };
    assert_eq!(result, 0);
}

/// Reads everything that can be read of a file, whatever is in it.
pub(crate) fn read_everything(path: &Path) -> Option<Vec<telensic_tape::Damage>> {
    let tape = Tape::open(path).ok()?;
    let damage = tape.check();
    let _ = tape.open_spans();
    let head = tape.head();
    let _ = (
        head.host(),
        head.resource_text("service.name"),
        head.anchor(),
        head.budget(),
    );
    for chunk in tape.chunks() {
        let Ok(body) = tape.body(chunk) else { continue };
        let _ = body.scope();
        for span in body.spans().flatten() {
            read_attributes(span.attributes());
            span.events()
                .flatten()
                .for_each(|event| read_attributes(event.attributes()));
            span.links()
                .flatten()
                .for_each(|link| read_attributes(link.attributes()));
        }
        for log in body.logs().flatten() {
            read_attributes(log.attributes());
        }
    }
    damage
        .iter()
        .for_each(|damage| assert!(!damage.to_string().is_empty()));
    Some(damage)
}

fn read_attributes(attributes: otlp::Attributes<'_>) {
    for attribute in attributes.flatten() {
        match attribute.value {
            AnyView::Array(values) => values.for_each(drop),
            AnyView::KeyValues(pairs) => pairs.for_each(drop),
            _ => {}
        }
    }
}
