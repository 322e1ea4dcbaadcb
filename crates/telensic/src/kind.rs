//! The small vocabularies of OTLP: the kind of a span, how it ended, how grave a log record is.

/// Which part of a call a span stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SpanKind {
    /// Work within the program.
    #[default]
    Internal = 1,
    /// A request that is served.
    Server = 2,
    /// A request that is sent.
    Client = 3,
    /// A message that is sent.
    Producer = 4,
    /// A message that is handled.
    Consumer = 5,
}

/// How a span ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Nothing was said.
    #[default]
    Unset,
    /// It went well, as somebody decided; nothing later overrides this.
    Ok,
    /// It failed.
    Error {
        /// Why.
        message: String,
    },
}

impl Status {
    /// A failure with this description.
    pub fn error(message: impl Into<String>) -> Self {
        Self::Error {
            message: message.into(),
        }
    }
}

/// How grave a log record is, by OTLP's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Finer than debugging needs.
    Trace = 1,
    /// For debugging.
    Debug = 5,
    /// As it should be.
    Info = 9,
    /// Worth a look.
    Warn = 13,
    /// Something failed.
    Error = 17,
    /// The program cannot go on.
    Fatal = 21,
}

impl Severity {
    /// The level's name in capitals.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Error => "ERROR",
            Self::Fatal => "FATAL",
        }
    }
}
