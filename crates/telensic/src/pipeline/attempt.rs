//! A stage from its first try to its last.

use std::time::{Duration, Instant};

use super::define::Stage;
use super::error::StageError;
use super::task::{ATTEMPT, Surroundings, Task, caught, fail};
use crate::{Severity, Status, log, spans};

/// What came of all tries.
pub(super) struct Tried {
    pub(super) result: Result<(), StageError>,
    pub(super) attempts: u32,
    pub(super) duration: Duration,
}

impl Tried {
    /// One that failed and was not tried again.
    pub(super) fn once(error: StageError) -> Self {
        Self {
            result: Err(error),
            attempts: 1,
            duration: Duration::ZERO,
        }
    }
}

/// Tries a stage as often as it asks for.
pub(super) fn try_stage(stage: &mut Stage<'_>, surroundings: &Surroundings) -> Tried {
    let begun = Instant::now();
    let mut attempt = 1;
    loop {
        let result = try_once(stage, attempt, surroundings);
        let wait = match &result {
            Ok(()) => None,
            Err(error) => stage
                .retry
                .wait_after(attempt, error)
                .inspect(|wait| tell(stage, attempt, *wait, error)),
        };
        let Some(wait) = wait else {
            return Tried {
                result,
                attempts: attempt,
                duration: begun.elapsed(),
            };
        };
        std::thread::sleep(wait);
        attempt += 1;
    }
}

fn try_once(stage: &mut Stage<'_>, attempt: u32, surroundings: &Surroundings) -> Result<(), StageError> {
    caught(|| {
        let mut span = spans::run_stage(&stage.id).entered();
        if stage.retry.attempts() > 1 {
            span.set(ATTEMPT, attempt);
        }
        let mut task = Task::new(&stage.id, attempt, span, surroundings.clone());
        let result = (stage.work)(&mut task);
        match &result {
            Ok(()) => task.span.set_status(Status::Ok),
            Err(error) => fail(&mut task.span, error),
        }
        result
    })
}

fn tell(stage: &Stage<'_>, attempt: u32, wait: Duration, error: &StageError) {
    let text = format!(
        "stage {} failed and is tried again, {} of {}: {error}",
        stage.id,
        attempt + 1,
        stage.retry.attempts()
    );
    log(Severity::Warn, &text)
        .with("stage_id", stage.id.as_str())
        .with(ATTEMPT, attempt)
        .with("wait_ms", wait.as_millis() as u64)
        .error(error.error())
        .emit();
}
