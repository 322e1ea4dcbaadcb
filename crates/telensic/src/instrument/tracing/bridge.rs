//! The `log` crate: a logger whose records reach the tape with the ids of the span they were made in.

use log::kv::{Error, Key as LogKey, Value as LogValue, VisitSource, VisitValue};
use log::{Level, Log, Metadata, Record};
use telensic_tape::Value;
use tracing_core::LevelFilter;
use tracing_core::dispatcher::has_been_set;
use tracing_subscriber::filter::Targets;

use super::callsite::severity;
use super::event::Echo;
use super::fields::{put_integer, with_text};
use super::location;
use super::scopes::scope_named;
use crate::Key;
use crate::log::{Kind, LogRecord};
use crate::recorder::active;

/// A logger for the `log` crate: target as scope, key-values as attributes. What `tracing` repeats to it, because of
/// its feature `log-always`, is recorded once.
///
/// ```
/// # /*
/// log::set_boxed_logger(Box::new(telensic::LogBridge::new()))?;
/// log::set_max_level(log::LevelFilter::Info);
/// # */
/// # let bridge = telensic::LogBridge::new();
/// ```
#[derive(Debug, Default)]
pub struct LogBridge {
    filter: Option<Targets>,
    with_location: bool,
}

impl LogBridge {
    /// A logger for all records from [`crate::Builder::log_level`] on.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records what this filter lets through, whatever the level that is kept otherwise.
    #[must_use]
    pub fn with_filter(mut self, filter: Targets) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Whether records say where in the source they come from.
    #[must_use]
    pub fn with_location(mut self, with_location: bool) -> Self {
        self.with_location = with_location;
        self
    }
}

impl Log for LogBridge {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let level = tracing_level(metadata.level());
        let target = metadata.target();
        active() != 0
            && !is_about_spans(target)
            && self
                .filter
                .as_ref()
                .is_none_or(|filter| filter.would_enable(target, &level))
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) || Echo::is(record) {
            return;
        }
        let level = severity(tracing_level(record.level()));
        let kind = match self.filter {
            Some(_) => Kind::Filtered,
            None => Kind::Line,
        };
        let line = LogRecord::begin_in(None, level, kind, |_| {});
        if !line.is_recording() {
            return;
        }
        let line = line.scope(scope_named(record.target()));
        let mut line = match record.args().as_str() {
            Some(text) => line.body(text),
            None => with_text(record.args(), |text| line.body(text)),
        };
        let mut pairs = Pairs(&mut line);
        // Pairs cannot fail: their visitor takes everything.
        let _ = record.key_values().visit(&mut pairs);
        if self.with_location {
            if let Some(file) = record.file() {
                line.set(location::FILE, file);
            }
            if let Some(number) = record.line() {
                line.set(location::LINE, i64::from(number));
            }
        }
        line.emit();
    }

    fn flush(&self) {}
}

/// Whether it is how `tracing` tells `log` of its spans, which are recorded as spans if anybody listens.
fn is_about_spans(target: &str) -> bool {
    has_been_set() && (target == "tracing::span" || target == "tracing::span::active")
}

fn tracing_level(level: Level) -> tracing_core::Level {
    match level {
        Level::Error => tracing_core::Level::ERROR,
        Level::Warn => tracing_core::Level::WARN,
        Level::Info => tracing_core::Level::INFO,
        Level::Debug => tracing_core::Level::DEBUG,
        Level::Trace => tracing_core::Level::TRACE,
    }
}

/// The most detailed level that the `log` crate needs to hand on for this filter.
pub(super) fn log_level(filter: &Targets) -> log::LevelFilter {
    let most = filter
        .iter()
        .map(|(_, level)| level)
        .chain(filter.default_level())
        .max();
    match most.and_then(LevelFilter::into_level) {
        None => log::LevelFilter::Off,
        Some(tracing_core::Level::ERROR) => log::LevelFilter::Error,
        Some(tracing_core::Level::WARN) => log::LevelFilter::Warn,
        Some(tracing_core::Level::INFO) => log::LevelFilter::Info,
        Some(tracing_core::Level::DEBUG) => log::LevelFilter::Debug,
        Some(tracing_core::Level::TRACE) => log::LevelFilter::Trace,
    }
}

/// The key-values of a record.
struct Pairs<'a>(&'a mut LogRecord);

impl<'kvs> VisitSource<'kvs> for Pairs<'_> {
    fn visit_pair(&mut self, key: LogKey<'kvs>, value: LogValue<'kvs>) -> Result<(), Error> {
        value.visit(Pair {
            line: self.0,
            key: Key::dynamic(key.as_str()),
        })
    }
}

struct Pair<'a> {
    line: &'a mut LogRecord,
    key: Key<'a>,
}

impl Pair<'_> {
    fn put<'v>(&mut self, value: impl Into<Value<'v>>) -> Result<(), Error> {
        self.line.set(self.key, value);
        Ok(())
    }
}

impl<'v> VisitValue<'v> for Pair<'_> {
    fn visit_any(&mut self, value: LogValue<'_>) -> Result<(), Error> {
        with_text(&format_args!("{value}"), |text| self.put(text))
    }

    fn visit_u64(&mut self, value: u64) -> Result<(), Error> {
        put_integer(value, |value| self.line.set(self.key, value));
        Ok(())
    }

    fn visit_i64(&mut self, value: i64) -> Result<(), Error> {
        self.put(value)
    }

    fn visit_u128(&mut self, value: u128) -> Result<(), Error> {
        put_integer(value, |value| self.line.set(self.key, value));
        Ok(())
    }

    fn visit_i128(&mut self, value: i128) -> Result<(), Error> {
        put_integer(value, |value| self.line.set(self.key, value));
        Ok(())
    }

    fn visit_f64(&mut self, value: f64) -> Result<(), Error> {
        self.put(value)
    }

    fn visit_bool(&mut self, value: bool) -> Result<(), Error> {
        self.put(value)
    }

    fn visit_str(&mut self, value: &str) -> Result<(), Error> {
        self.put(value)
    }
}
