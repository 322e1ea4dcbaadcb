//! What a stage or a sleeve works with: its span, and the steps in it.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use telensic_run::RunDir;

use super::error::StageError;
use super::progress::Board;
use super::retry::Retry;
use crate::{EnteredSpan, Key, Severity, Status, Value, log, spans};

/// A stage or a sleeve that is being worked on.
pub struct Task {
    pub(super) name: String,
    pub(super) span: EnteredSpan,
    pub(super) surroundings: Surroundings,
    attempt: u32,
    /// Further tries of its steps.
    retries: u64,
}

/// What a task needs to start others.
#[derive(Clone)]
pub(super) struct Surroundings {
    pub(super) profile: Arc<str>,
    pub(super) run: RunDir,
    pub(super) board: Arc<Board>,
}

pub(super) const ATTEMPT: Key<'static> = Key::new("attempt");
const RETRIES: Key<'static> = Key::new("retries");

impl Task {
    pub(super) fn new(name: &str, attempt: u32, span: EnteredSpan, surroundings: Surroundings) -> Self {
        Self {
            name: name.to_owned(),
            span,
            surroundings,
            attempt,
            retries: 0,
        }
    }

    /// The stage's id, or the sleeve's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which try this is, from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Adds an attribute to its span.
    pub fn set<'k, 'v>(&mut self, key: impl Into<Key<'k>>, value: impl Into<Value<'v>>) {
        self.span.set(key, value);
    }

    /// Does a step, without which the task cannot go on. What it does gets the step's span.
    pub fn step<T>(
        &mut self,
        step: &str,
        work: impl FnOnce(&mut EnteredSpan) -> Result<T, StageError>,
    ) -> Result<T, StageError> {
        let mut span = spans::run_step(step, true).entered();
        work(&mut span).inspect_err(|error| fail(&mut span, error))
    }

    /// Does a step that the task can go on without: an error or a panic is recorded, and there is no result.
    pub fn optional_step<T>(
        &mut self,
        step: &str,
        work: impl FnOnce(&mut EnteredSpan) -> Result<T, StageError>,
    ) -> Option<T> {
        let done = caught(|| {
            let mut span = spans::run_step(step, false).entered();
            work(&mut span).inspect_err(|error| fail(&mut span, error))
        });
        let warn = |error: &StageError| {
            log(
                Severity::Warn,
                &format!("step {step} failed and was passed over: {error}"),
            )
            .with("step", step)
            .emit();
        };
        done.inspect_err(warn).ok()
    }

    /// Does a step that is tried again when it fails, each try in a span of its own.
    pub fn retried_step<T>(
        &mut self,
        step: &str,
        retry: &Retry,
        work: impl FnMut(&mut EnteredSpan) -> Result<T, StageError>,
    ) -> Result<T, StageError> {
        let before = u64::from(self.attempt - 1);
        let (span, retries) = (&mut self.span, &mut self.retries);
        retry.try_step(step, work, || {
            *retries += 1;
            span.set(RETRIES, before + *retries);
        })
    }
}

/// Does something; a panic is an error.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T, StageError>) -> Result<T, StageError> {
    // What a panic leaves half done is a result that is not there, or the stage's own.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|payload| Err(StageError::of_panic(&*payload)))
}

/// Says on a span that it failed.
pub(super) fn fail(span: &mut EnteredSpan, error: &StageError) {
    span.edit(|data| {
        data.exception(&error.exception());
        data.set_status(Status::error(error.to_string()));
    });
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task")
            .field("name", &self.name)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}
