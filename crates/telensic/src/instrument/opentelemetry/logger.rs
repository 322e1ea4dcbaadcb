//! The logger provider of the API and its loggers.

use opentelemetry::InstrumentationScope;
use opentelemetry::logs::{Logger, LoggerProvider, Severity as ApiSeverity};

use super::log_record::{self, TelensicLogRecord};
use super::{attached, scope};
use crate::ScopeId;
use crate::log::Kind;
use crate::recorder::Recorder;

/// A logger provider for appenders: what other logging crates say is recorded as Telensic's.
///
/// ```
/// use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
///
/// let provider = telensic::opentelemetry::TelensicLoggerProvider::new();
/// let layer = OpenTelemetryTracingBridge::new(&provider);
/// # let _subscriber = tracing_subscriber::layer::SubscriberExt::with(tracing_subscriber::registry(), layer);
/// ```
#[derive(Clone, Debug)]
pub struct TelensicLoggerProvider(());

/// Emits log records of one instrumentation scope.
#[derive(Clone, Debug)]
pub struct TelensicLogger {
    scope: ScopeId,
}

impl TelensicLoggerProvider {
    /// A provider for the recorder in force, whichever that is when a record is emitted.
    pub fn new() -> Self {
        attached::connect();
        Self(())
    }
}

impl Default for TelensicLoggerProvider {
    fn default() -> Self {
        Self::new()
    }
}

impl LoggerProvider for TelensicLoggerProvider {
    type Logger = TelensicLogger;

    fn logger_with_scope(&self, scope: InstrumentationScope) -> TelensicLogger {
        TelensicLogger {
            scope: scope::id(&scope),
        }
    }
}

impl Logger for TelensicLogger {
    type LogRecord = TelensicLogRecord;

    fn create_log_record(&self) -> TelensicLogRecord {
        TelensicLogRecord::default()
    }

    /// Records it in its own trace context, or else in the current one. Its target, if it has one, is its scope.
    fn emit(&self, record: TelensicLogRecord) {
        if !attached::is_suppressed() {
            let kind = match record.severity() {
                Some(_) => Kind::Line,
                None => Kind::Filtered,
            };
            record.begin(None, self.scope, kind).emit();
        }
    }

    fn event_enabled(&self, level: ApiSeverity, _target: &str, _name: Option<&str>) -> bool {
        !attached::is_suppressed()
            && Recorder::current()
                .is_some_and(|recorder| log_record::level(level) >= recorder.settings.log_level)
    }
}
