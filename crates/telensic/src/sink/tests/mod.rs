//! The room as the clerk sees it: encoded records in, lines out.

mod console_lines;
mod documented_lines;
mod files_endure;
mod golden_lines;
mod one_line_is_one_object;
mod rotation_loses_nothing;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use telensic_tape::otlp::{
    LogView, ScopeView, Value, field, put_attribute, put_bytes, put_fixed64, put_varint_field,
};

use super::{LogOrigin, LogSink, Report, RunFacts};

/// An OTLP log record under construction.
#[derive(Clone, Default)]
struct Log(Vec<u8>);

impl Log {
    /// 2026-01-25T12:00:00.123456789Z and so many nanoseconds, INFO.
    fn at(nanos: u64) -> Self {
        let mut log = Self::default();
        put_fixed64(&mut log.0, field::log::TIME, 1_769_342_400_123_456_789 + nanos);
        put_varint_field(&mut log.0, field::log::SEVERITY, 9);
        log
    }

    fn body<'a>(mut self, body: impl Into<Value<'a>>) -> Self {
        body.into().put(&mut self.0, field::log::BODY);
        self
    }

    fn with<'a>(mut self, key: &str, value: impl Into<Value<'a>>) -> Self {
        put_attribute(&mut self.0, field::log::ATTRIBUTE, key, value.into());
        self
    }

    fn raw(mut self, number: u32, bytes: &[u8]) -> Self {
        put_bytes(&mut self.0, number, bytes);
        self
    }

    fn event(self, name: &str) -> Self {
        self.raw(field::log::EVENT_NAME, name.as_bytes())
    }

    fn in_span(self) -> Self {
        self.raw(field::log::TRACE_ID, &[0x4b; 16])
            .raw(field::log::SPAN_ID, &[0x0a; 8])
    }

    fn to(&self, sink: &mut dyn LogSink) {
        self.to_scope(sink, "quant_core::orders");
    }

    fn to_scope(&self, sink: &mut dyn LogSink, name: &str) {
        let scope = ScopeView { name, version: "" };
        sink.record(&scope, &LogView::parse(&self.0).unwrap());
    }
}

fn origin() -> Arc<LogOrigin> {
    Arc::new(LogOrigin {
        service: "trader".to_owned(),
        env: Some("production".to_owned()),
        host: Some("node-1".to_owned()),
        pid: 4242,
        run_id: Some("20260125-120000-ab12".to_owned()),
        facts: Arc::new(RunFacts {
            profile: OnceLock::new(),
            session_id: "sess_20260125_120000".to_owned().into(),
            git_sha: "0dc100c".to_owned().into(),
            input_hash: OnceLock::new(),
            random_seed: 42.into(),
        }),
    })
}

/// What was reported.
#[derive(Clone, Default)]
struct Reports(Arc<Mutex<Vec<String>>>);

impl Reports {
    fn callback(&self) -> Report {
        let lines = Arc::clone(&self.0);
        Arc::new(move |line| lines.lock().unwrap().push(line.to_owned()))
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// A directory for one test, removed at its end.
struct Dir(PathBuf);

impl Dir {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("telensic-sink-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn logs(&self) -> PathBuf {
        self.0.join("data/logs")
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

/// The names in a directory, sorted.
fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The text of a log file, compressed or not.
fn text(path: &Path) -> String {
    let file = fs::File::open(path).unwrap();
    if path.extension().is_some_and(|ending| ending == "gz") {
        std::io::read_to_string(flate2::read::GzDecoder::new(file)).unwrap()
    } else {
        std::io::read_to_string(file).unwrap()
    }
}
