//! What can go wrong: in a stage, and with a pipeline as a whole.

use std::any::Any;
use std::error::Error;
use std::fmt;

use crate::span::Exception;

/// Why a stage, a step or a sleeve failed. Any error becomes one by `?`.
pub struct StageError {
    error: Box<dyn Error + Send + Sync>,
    /// The type of the error, as `exception.type` has it.
    kind: &'static str,
}

/// What [`StageError::new`] makes.
#[derive(Debug)]
struct Said(String);

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Said {}

/// The type of an error that was a panic.
const PANIC: &str = "panic";

impl StageError {
    /// One that is only told, in a line.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            error: Box::new(Said(reason.into())),
            kind: "StageError",
        }
    }

    /// A panic that was caught.
    pub(super) fn of_panic(payload: &(dyn Any + Send)) -> Self {
        let text = payload
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
            .unwrap_or("a payload that is no text");
        Self {
            kind: PANIC,
            ..Self::new(format!("panicked: {text}"))
        }
    }

    /// Whether it was a panic.
    pub fn is_panic(&self) -> bool {
        self.kind == PANIC
    }

    /// The error itself, if it is of this type.
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        self.error.downcast_ref()
    }

    /// The error itself.
    pub fn error(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.error
    }

    pub(super) fn exception(&self) -> Exception {
        Exception {
            kind: self.kind.to_owned(),
            ..Exception::of(&*self.error)
        }
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for StageError {
    fn from(error: E) -> Self {
        Self {
            error: Box::new(error),
            kind: std::any::type_name::<E>(),
        }
    }
}

impl fmt::Display for StageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl fmt::Debug for StageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple(self.kind).field(&self.error).finish()
    }
}

/// What is wrong with a pipeline, or what came of it.
#[derive(Debug)]
pub struct PipelineError {
    kind: PipelineErrorKind,
    message: String,
}

/// Kinds of [`PipelineError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PipelineErrorKind {
    /// Two stages have one id. Nothing was run.
    SameId,
    /// A stage waits for one that is not there. Nothing was run.
    UnknownStage,
    /// Stages wait for each other in a circle. Nothing was run.
    Circle,
    /// A stage needs a result of another pipeline. Nothing was run.
    OtherPipeline,
    /// Stages failed.
    Failed,
}

impl PipelineError {
    pub(super) fn new(kind: PipelineErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
        }
    }

    /// What kind it is.
    pub fn kind(&self) -> PipelineErrorKind {
        self.kind
    }
}

impl fmt::Display for PipelineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for PipelineError {}
