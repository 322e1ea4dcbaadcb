//! Log records of the three kinds that a pipeline writes over and over, with the same fields everywhere: of an
//! operation, of data, of a training.
//!
//! Each is a [`LogRecord`] whose fields cannot be misspelt; [`with`](OperationLog::with) adds others.

use std::time::Duration;

use crate::{Key, LogRecord, Severity, Value, log};

/// How far an operation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperationStatus {
    /// It has begun.
    Started,
    /// It goes on.
    InProgress,
    /// It is done.
    Completed,
    /// It is over and not done.
    Failed,
}

impl OperationStatus {
    /// The status as it is recorded.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Started => "operation started",
            Self::InProgress => "operation in progress",
            Self::Completed => "operation completed",
            Self::Failed => "operation failed",
        }
    }
}

/// Says how far a long-running operation has come; as an error if it failed.
///
/// ```
/// use std::time::Duration;
/// use telensic::OperationStatus;
///
/// telensic::log_operation("op_17", "data_download", OperationStatus::Completed)
///     .duration(Duration::from_millis(1_250))
///     .with("bars", 5_000)
///     .emit();
/// ```
pub fn log_operation(id: &str, kind: &str, status: OperationStatus) -> OperationLog {
    const ID: Key<'static> = Key::new("operation.id");
    const TYPE: Key<'static> = Key::new("operation.type");
    const STATUS: Key<'static> = Key::new("operation.status");
    let severity = match status {
        OperationStatus::Failed => Severity::Error,
        _ => Severity::Info,
    };
    OperationLog(
        log(severity, status.text())
            .with(ID, id)
            .with(TYPE, kind)
            .with(STATUS, status.name()),
    )
}

/// Says something of market data.
///
/// ```
/// telensic::log_data("bars loaded", "BTCUSDT")
///     .timeframe("1d")
///     .start_date("2024-01-01")
///     .end_date("2024-12-31")
///     .provider("finnhub")
///     .emit();
/// ```
pub fn log_data(text: &str, symbol: &str) -> DataLog {
    DataLog(log(Severity::Info, text).with(SYMBOL, symbol))
}

/// Says something of a training.
///
/// ```
/// telensic::log_training("training started", "mlp-3").strategy("ith").symbol("BTCUSDT").epochs(40).batch_size(256).emit();
/// ```
pub fn log_training(text: &str, model_id: &str) -> TrainingLog {
    const MODEL_ID: Key<'static> = Key::new("model_id");
    TrainingLog(log(Severity::Info, text).with(MODEL_ID, model_id))
}

const SYMBOL: Key<'static> = Key::new("symbol");

/// A record of an operation; [`OperationLog::emit`] writes it.
#[derive(Debug)]
#[must_use = "a record is written only by `emit`"]
pub struct OperationLog(LogRecord);

/// A record of market data; [`DataLog::emit`] writes it.
#[derive(Debug)]
#[must_use = "a record is written only by `emit`"]
pub struct DataLog(LogRecord);

/// A record of a training; [`TrainingLog::emit`] writes it.
#[derive(Debug)]
#[must_use = "a record is written only by `emit`"]
pub struct TrainingLog(LogRecord);

/// A method for each field, which is named as the method is.
macro_rules! fields {
    ($log:ident: $($(#[doc = $doc:literal])* $name:ident($type:ty);)*) => {
        impl $log {
            $($(#[doc = $doc])*
            pub fn $name(self, $name: $type) -> Self {
                const KEY: Key<'static> = Key::new(stringify!($name));
                Self(self.0.with(KEY, $name))
            })*

            /// Adds a field of one's own.
            pub fn with<'k, 'v>(self, key: impl Into<Key<'k>>, value: impl Into<Value<'v>>) -> Self {
                Self(self.0.with(key, value))
            }

            /// Writes it to the tape.
            pub fn emit(self) {
                self.0.emit();
            }
        }
    };
}

fields! { OperationLog: }

impl OperationLog {
    /// How long it took (`duration_ms`).
    pub fn duration(self, duration: Duration) -> Self {
        const DURATION: Key<'static> = Key::new("duration_ms");
        Self(self.0.with(DURATION, duration.as_secs_f64() * 1e3))
    }
}

fields! { DataLog:
    /// The length of a bar.
    timeframe(&str);
    /// The first day.
    start_date(&str);
    /// The last day.
    end_date(&str);
    /// Where the data comes from.
    provider(&str);
}

fields! { TrainingLog:
    /// The strategy that the model is for.
    strategy(&str);
    /// What it is trained on.
    symbol(&str);
    /// How many times it sees the data.
    epochs(u32);
    /// How many samples it sees at once.
    batch_size(u32);
}
