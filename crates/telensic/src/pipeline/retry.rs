//! Whether and when what has failed is tried again.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::error::StageError;
use super::task::{ATTEMPT, fail};
use crate::{EnteredSpan, Severity, log, spans};

/// How often a stage or step is tried again, after which wait, and on which errors.
///
/// ```
/// use std::io;
/// use std::time::Duration;
/// use telensic::pipeline::Retry;
///
/// // 100 ms, 200 ms, 400 ms; and only if the other side did not answer.
/// Retry::times(3)
///     .wait(Duration::from_millis(100))
///     .on(|error| error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut));
/// ```
#[derive(Clone)]
#[must_use = "it is given to a stage or a step"]
pub struct Retry {
    times: u32,
    first_wait: Duration,
    longest_wait: Duration,
    wanted: Option<Arc<Wanted>>,
}

type Wanted = dyn Fn(&StageError) -> bool + Send + Sync;

impl Retry {
    /// Tried once.
    pub const fn never() -> Self {
        Self::times(0)
    }

    /// Tried again up to so many times, at once, on every error but a panic.
    pub const fn times(times: u32) -> Self {
        Self {
            times,
            first_wait: Duration::ZERO,
            longest_wait: Duration::from_secs(60),
            wanted: None,
        }
    }

    /// Waits so long before the second try, and twice as long before each further one.
    pub fn wait(mut self, first: Duration) -> Self {
        self.first_wait = first;
        self
    }

    /// Never waits longer than this (a minute).
    pub fn wait_at_most(mut self, longest: Duration) -> Self {
        self.longest_wait = longest;
        self
    }

    /// Tried again only on errors of which this is true; of panics it is asked too.
    pub fn on(mut self, wanted: impl Fn(&StageError) -> bool + Send + Sync + 'static) -> Self {
        self.wanted = Some(Arc::new(wanted));
        self
    }

    /// Does a step and tries it again when it fails, each try in a span of its own, wherever the program is: in a worker, say.
    /// In a stage or a sleeve [`Task::retried_step`](super::Task::retried_step) also counts the tries.
    pub fn step<T>(
        &self,
        step: &str,
        work: impl FnMut(&mut EnteredSpan) -> Result<T, StageError>,
    ) -> Result<T, StageError> {
        self.try_step(step, work, || {})
    }

    /// The same; says when it is tried again.
    pub(super) fn try_step<T>(
        &self,
        step: &str,
        mut work: impl FnMut(&mut EnteredSpan) -> Result<T, StageError>,
        mut again: impl FnMut(),
    ) -> Result<T, StageError> {
        let mut attempt = 1;
        loop {
            let mut span = spans::run_step(step, true).with(ATTEMPT, attempt).entered();
            let error = match work(&mut span) {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            fail(&mut span, &error);
            drop(span);
            let Some(wait) = self.wait_after(attempt, &error) else {
                return Err(error);
            };
            log(
                Severity::Warn,
                &format!("step {step} failed and is tried again: {error}"),
            )
            .with("step", step)
            .with(ATTEMPT, attempt)
            .with("wait_ms", wait.as_millis() as u64)
            .emit();
            again();
            attempt += 1;
            std::thread::sleep(wait);
        }
    }

    /// How often it may be tried in all.
    pub(super) fn attempts(&self) -> u32 {
        self.times.saturating_add(1)
    }

    /// How long to wait before the next try; none if there is no next try after this many.
    pub(super) fn wait_after(&self, attempt: u32, error: &StageError) -> Option<Duration> {
        let is_wanted = match &self.wanted {
            Some(wanted) => wanted(error),
            None => !error.is_panic(),
        };
        if !is_wanted || attempt > self.times {
            return None;
        }
        let doubled = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        Some(self.first_wait.saturating_mul(doubled).min(self.longest_wait))
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("times", &self.times)
            .field("first_wait", &self.first_wait)
            .field("longest_wait", &self.longest_wait)
            .finish_non_exhaustive()
    }
}
